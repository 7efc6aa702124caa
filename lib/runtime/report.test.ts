import { expect, it } from "vitest";
import type { Json } from "../fdl/json.ts";
import { heartbeat, reportTask } from "./report.ts";
import { stopExecution } from "./stop.ts";
import { BEGINNING, world } from "./testing/world.ts";

const callback = (more = "") => `
version: v1
type: flow
steps:
  - type: task
    name: approve
    resourceArn: acs:mns:::/queues/approvals/messages
    pattern: waitForCallback
    inputMappings: [{target: token, source: $context.task.token}]
    serviceParams: {MessageBody: $}
${more}
`;

async function waiting(definition: string, functions = {}) {
  const w = await world({ flows: { callback: definition }, functions });
  const header = await w.start("callback", {}, "e");
  await w.workUntil(async () => (await w.plain.journal.readTip(header.startId, ""))?.effect === "awaitVerdict");
  return { ...w, header, token: () => tokenOf(w.destinations.sent.at(-1)?.call.message.body) };
}

function tokenOf(body: string | undefined): string {
  const { token }: { token: string } = JSON.parse(body ?? "{}");
  return token;
}

it("goes on with the reported output, and says which event the report is", async () => {
  const { runtime, header, token, settled, outputOf, eventsOf } = await waiting(callback());
  const { eventId } = await reportTask(runtime, token(), { kind: "succeeded", output: { ok: true } });
  const ended = await settled(header);
  expect(await outputOf(ended)).toEqual({ ok: true });
  const events = await eventsOf(ended);
  expect(events.find((event) => event.EventId === eventId)?.Type).toBe("TaskSucceeded");
});

it("fails the task with exactly the reported error", async () => {
  const { runtime, header, token, settled } = await waiting(callback());
  await reportTask(runtime, token(), { kind: "failed", error: "Rejected", cause: "too dear" });
  expect(await settled(header)).toMatchObject({ status: "Failed", error: "Rejected", cause: "too dear" });
});

it.each(["the same report", "another report", "a report after the end"])("refuses %s: the first wins", async (what) => {
  const { runtime, header, token, settled, outputOf } = await waiting(callback());
  const used = token();
  await reportTask(runtime, used, { kind: "succeeded", output: { n: 1 } });
  if (what === "a report after the end") await settled(header);
  const output: Json = what === "the same report" ? { n: 1 } : { n: 2 };
  await expect(reportTask(runtime, used, { kind: "succeeded", output })).rejects.toMatchObject({
    code: "TaskAlreadyCompleted",
    message: `Task ${used} has already completed.`,
  });
  expect(await outputOf(await settled(header))).toEqual({ n: 1 });
});

it("refuses a report to a stopped execution", async () => {
  const { runtime, token } = await waiting(callback());
  await stopExecution(runtime, { flow: "callback", name: "e" });
  await expect(reportTask(runtime, token(), { kind: "succeeded", output: {} })).rejects.toMatchObject({
    code: "TaskAlreadyCompleted",
  });
});

it("refuses a token that is not ours, before it reads anything", async () => {
  const { runtime, calls } = await waiting(callback());
  calls.length = 0;
  await expect(reportTask(runtime, "v1.nonsense.x", { kind: "succeeded", output: {} })).rejects.toMatchObject({
    code: "InvalidArgument",
  });
  expect(calls).toEqual([]);
});

it("times out at the attempt's timeoutSeconds; the token is then useless", async () => {
  const { runtime, header, token, settled } = await waiting(callback("    timeoutSeconds: 100"));
  const old = token();
  expect(await settled(header)).toMatchObject({
    status: "Failed",
    error: "FnF.TaskTimeout",
    endedAt: BEGINNING + 100_000,
  });
  await expect(reportTask(runtime, old, { kind: "succeeded", output: {} })).rejects.toMatchObject({
    code: "TaskAlreadyCompleted",
  });
});

it("gives a retry a fresh token and refuses the old one", async () => {
  const { runtime, header, token, settled, workUntil, destinations, outputOf } = await waiting(
    callback("    timeoutSeconds: 100\n    retry: [{errors: [FnF.TaskTimeout], intervalSeconds: 1, maxAttempts: 1}]"),
  );
  const old = token();
  await workUntil(async () => destinations.sent.length === 2);
  expect(token()).not.toBe(old);
  await expect(reportTask(runtime, old, { kind: "succeeded", output: {} })).rejects.toMatchObject({
    code: "TaskAlreadyCompleted",
  });
  await workUntil(async () => (await runtime.ports.journal.readTip(header.startId, ""))?.effect === "awaitVerdict");
  await reportTask(runtime, token(), { kind: "succeeded", output: { second: true } });
  expect(await outputOf(await settled(header))).toEqual({ second: true });
});

it("accepts a report that comes while the function still runs", async () => {
  const flow = callback()
    .replace("acs:mns:::/queues/approvals/messages", "acs:fc:::services/s/functions/f")
    .replace("    serviceParams: {MessageBody: $}\n", "");
  const w = await world({
    flows: { flow },
    functions: {
      "s/f": async (event) =>
        void (await reportTask(w.runtime, (event as { token: string }).token, {
          kind: "succeeded",
          output: { early: true },
        })),
    },
  });
  const { output, header } = await w.run("flow");
  expect(header.status).toBe("Succeeded");
  expect(output).toEqual({ early: true });
});

it("heartbeats keep a task alive, their absence times it out", async () => {
  const { runtime, header, token, settled, workTo, clock } = await waiting(callback("    heartbeatSeconds: 10"));
  for (const second of [8, 16, 24]) {
    await workTo(second * 1000);
    await heartbeat(runtime, token());
  }
  const beaten = clock.now();
  expect(await settled(header)).toMatchObject({ status: "Failed", error: "FnF.TaskTimeout", endedAt: beaten + 10_000 });
  await expect(heartbeat(runtime, token())).rejects.toMatchObject({ code: "TaskAlreadyCompleted" });
});

it("a heartbeat does not move the time-out past timeoutSeconds", async () => {
  const { runtime, header, token, settled, workTo } = await waiting(
    callback("    heartbeatSeconds: 10\n    timeoutSeconds: 15"),
  );
  await workTo(9_000);
  await heartbeat(runtime, token());
  expect(await settled(header)).toMatchObject({ error: "FnF.TaskTimeout", endedAt: BEGINNING + 15_000 });
});

it("refuses heartbeats of a task that needs none", async () => {
  const { runtime, token } = await waiting(callback());
  await expect(heartbeat(runtime, token())).rejects.toMatchObject({ code: "InvalidArgument" });
});

it("reports the end of an asynchronous function of pattern sync", async () => {
  const flow = (name: string) => `
version: v1
type: flow
steps:
  - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/${name}", pattern: sync, serviceParams: {InvocationType: Async}}
`;
  const { run } = await world({
    flows: { good: flow("good"), bad: flow("bad") },
    functions: {
      "s/good": () => ({ done: true }),
      "s/bad": () => {
        throw new RangeError("no");
      },
    },
  });
  expect((await run("good")).output).toEqual({ done: true });
  expect((await run("bad")).header).toMatchObject({ status: "Failed", error: "RangeError" });
});
