import { expect, it } from "vitest";
import { reportTask } from "./report.ts";
import { stopExecution } from "./stop.ts";
import { taskStatus } from "./task-status.ts";
import { world } from "./testing/world.ts";

const task = (more = "") =>
  `{type: task, name: approve, resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}], serviceParams: {MessageBody: $}${more}}`;
const definition = (steps: string) => `{version: v1, type: flow, steps: [${steps}]}`;

async function waiting(steps: string) {
  const w = await world({ flows: { callback: definition(steps) } });
  const header = await w.start("callback", {}, "e");
  await w.workUntil(async () => w.destinations.sent.length > 0 && (await tokenStatus()) === "waiting with step");
  async function tokenStatus() {
    const status = await taskStatus(w.runtime, token());
    return status.kind === "waiting" && status.step !== undefined ? "waiting with step" : status.kind;
  }
  function token(): string {
    return JSON.parse(w.destinations.sent.at(-1)?.call.message.body ?? "{}").token;
  }
  return { ...w, header, token: token() };
}

const of = { flow: "callback", execution: "e" };

it("waits, with the name of its step, and is completed by a report, also when its execution has ended since", async () => {
  const { runtime, token, header, settled } = await waiting(task());
  expect(await taskStatus(runtime, token)).toEqual({ ...of, kind: "waiting", step: "approve" });
  await reportTask(runtime, token, { kind: "succeeded", output: {} });
  expect(await taskStatus(runtime, token)).toEqual({ ...of, kind: "completed" });
  await settled(header);
  expect(await taskStatus(runtime, token)).toEqual({ ...of, kind: "completed" });
});

it("names the step inside a branch", async () => {
  const { runtime, token } = await waiting(`{type: parallel, name: p, branches: [{steps: [${task()}]}]}`);
  expect(await taskStatus(runtime, token)).toMatchObject({ kind: "waiting", step: "approve" });
});

it("is completed however large its output is, which is not read", async () => {
  const { runtime, token } = await waiting(task());
  await reportTask(runtime, token, { kind: "succeeded", output: { large: "x".repeat(200_000) } });
  const broken = { ...runtime, claims: { ...runtime.claims, unpack: () => Promise.reject(new Error("read")) } };
  expect(await taskStatus(broken, token)).toEqual({ ...of, kind: "completed" });
});

it("expires by its time-out, also when it is tried again", async () => {
  const retry = ", timeoutSeconds: 10, retry: [{errors: [FnF.TaskTimeout], intervalSeconds: 60}]";
  const { runtime, token, workUntil } = await waiting(task(retry));
  await workUntil(async () => (await taskStatus(runtime, token)).kind !== "waiting");
  expect(await taskStatus(runtime, token)).toEqual({ ...of, kind: "expired", why: "timedOut" });
});

it("expires with its execution", async () => {
  const { runtime, token } = await waiting(task());
  await stopExecution(runtime, { flow: "callback", name: "e" });
  expect(await taskStatus(runtime, token)).toEqual({ ...of, kind: "expired", why: "over" });
});

it("expires when another branch fails the fork above it", async () => {
  const other = "{steps: [{type: wait, name: w, duration: 5}, {type: fail, name: f, error: E, cause: c}]}";
  const caught = ", catch: [{errors: [E], goto: on}]";
  const { runtime, token, workUntil } = await waiting(
    `{type: parallel, name: p, branches: [{steps: [${task()}]}, ${other}]${caught}}, {type: wait, name: on, duration: 60}`,
  );
  await workUntil(async () => (await taskStatus(runtime, token)).kind !== "waiting");
  expect(await taskStatus(runtime, token)).toEqual({ ...of, kind: "expired", why: "over" });
});

it("is unknown by a token that is not ours, before anything is read", async () => {
  const { runtime, token, calls } = await waiting(task());
  calls.length = 0;
  for (const other of ["", "t", `${token.slice(0, -4)}AAAA`]) {
    expect(await taskStatus(runtime, other)).toEqual({ kind: "unknown" });
  }
  expect(calls).toEqual([]);
});
