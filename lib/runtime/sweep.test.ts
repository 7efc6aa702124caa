import { expect, it } from "vitest";
import type { JsonObject } from "../fdl/json.ts";
import { decode } from "./message.ts";
import { reportTask } from "./report.ts";
import { stopExecution } from "./stop.ts";
import { sweep, sweepExecution } from "./sweep.ts";
import { world } from "./testing/world.ts";

const task = (name: string, more = "") =>
  `{type: task, name: ${name}, resourceArn: "acs:fc:::services/s/functions/f"${more}}`;
const flow = (...steps: readonly string[]) =>
  ["version: v1", "type: flow", "steps:", ...steps.map((step) => `  - ${step}`)].join("\n");

const flows = {
  chain: flow(task("a"), task("b")),
  wait: flow("{type: wait, name: w, duration: 30}", task("a")),
  fork: flow(
    `{type: parallel, name: p, branches: [{steps: [${task("a")}]}, {steps: [${task("b")}]}], outputMappings: [{target: all, source: "$local[*].ok"}]}`,
  ),
  failing: flow(
    `{type: parallel, name: p, branches: [{steps: [{type: fail, name: no, error: Broken}]}, {steps: [{type: wait, name: w, duration: 9}]}], catch: [{errors: [Broken], goto: after}]}`,
    "{type: succeed, name: after}",
  ),
  callback: flow(
    '{type: task, name: c, resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, timeoutSeconds: 50, inputMappings: [{target: token, source: $context.task.token}], serviceParams: {MessageBody: $}, catch: [{errors: [FnF.TaskTimeout], goto: late}], end: true}',
    "{type: pass, name: late, outputMappings: [{target: late, source: true}]}",
  ),
  parent: flow('{type: task, name: sub, resourceArn: "acs:fnf:::flow/chain", pattern: sync}'),
  waiting: flow('{type: task, name: sub, resourceArn: "acs:fnf:::flow/wait", pattern: sync}'),
  lost: flow(
    `${task("a", ", onLost: fail, catch: [{errors: [FnF.TaskLost], goto: maybe}], end: true")}`,
    "{type: pass, name: maybe, outputMappings: [{target: lost, source: true}]}",
  ),
};

/** Runs a flow whose queue loses message number `lost` (from 0); sweeps every two minutes. */
async function runLosing(name: keyof typeof flows, lost: number) {
  const w = await world({ flows, functions: { "s/f": () => ({ ok: true }) } });
  const { queue, journal } = w.runtime.ports;
  const swept: Record<string, number> = {};
  let sent = 0;
  let gone: string | undefined;
  const lossy = {
    ...queue,
    send: async (body: string, options = {}) => {
      if (decode(body).kind !== "probe" && sent++ === lost) gone = body;
      else await queue.send(body, options);
    },
  };
  Object.assign(w.runtime.ports, { queue: lossy });
  const header = await w.start(name);
  const reported = new Set<string>();
  for (let round = 0; round < 20 && (await journal.readHeader(header.ref))?.status === "Running"; round++) {
    void w.clock.sleep(120_000).then(async () => {
      const { sent: rules } = await sweep(w.runtime);
      for (const [rule, n] of Object.entries(rules)) swept[rule] = (swept[rule] ?? 0) + n;
    });
    const due = w.clock.now() + 120_000;
    await w.workUntil(async () => {
      for (const { call } of w.destinations.sent) {
        const { token }: { token: string } = JSON.parse(call.message.body);
        if (name === "callback" && lost !== 9 && !reported.has(token)) {
          reported.add(token);
          await reportTask(w.runtime, token, { kind: "succeeded", output: { ok: true } });
        }
      }
      return w.clock.now() >= due;
    });
  }
  const ended = (await journal.readHeader(header.ref)) ?? header;
  return { ended, output: await w.outputOf(ended), swept, gone, sent };
}

const outputs: { readonly [name in keyof typeof flows]: JsonObject } = {
  chain: { ok: true },
  wait: { ok: true },
  fork: { all: [true, true] },
  failing: {},
  callback: { ok: true },
  parent: { ok: true },
  waiting: { ok: true },
  lost: { ok: true },
};
const names = Object.keys(flows) as (keyof typeof flows)[];

it.each(names)("is quiet while nothing is lost (%s)", async (name) => {
  const { ended, output, swept } = await runLosing(name, -1);
  expect(ended.status).toBe("Succeeded");
  expect(output).toEqual(outputs[name]);
  expect(swept).toEqual({});
});

it.each(names)("heals the loss of any one message (%s)", async (name) => {
  const { sent: messages } = await runLosing(name, -1);
  for (let lost = 0; lost < messages; lost++) {
    const { ended, output, swept, gone } = await runLosing(name, lost);
    const what = `message ${lost}: ${gone?.slice(0, 200)}, swept ${JSON.stringify(swept)}`;
    expect(gone, what).toBeDefined();
    expect(ended.status, what).toBe("Succeeded");
    // The settled attempt whose result was lost is lost by definition.
    const lossy = name === "lost" && swept["settled without successor"] === 1 ? { lost: true } : outputs[name];
    expect(output, what).toEqual(lossy);
  }
});

it("times an attempt out whose timer was lost", async () => {
  const w = await world({ flows });
  const { queue } = w.runtime.ports;
  const send: typeof queue.send = async (body, options) => {
    if (decode(body).kind !== "due") await queue.send(body, options);
  };
  Object.assign(w.runtime.ports, { queue: { ...queue, receive: queue.receive?.bind(queue), send } });
  const header = await w.start("callback");
  await w.workUntil(async () => (await w.plain.journal.readTip(header.startId, ""))?.effect === "awaitVerdict");
  await w.clock.pass(400_000);
  Object.assign(w.runtime.ports, { queue });
  const rules: string[] = [];
  for await (const rule of sweepExecution(w.runtime, header, w.clock.now())) rules.push(rule);
  expect(rules).toEqual(["attempt past its time"]);
  const ended = await w.settled(header);
  expect(await w.outputOf(ended)).toEqual({ late: true });
});

it("ends the sync child of a parent that has ended, whose message was lost", async () => {
  const w = await world({ flows });
  const { queue } = w.runtime.ports;
  const header = await w.start("waiting");
  await w.workUntil(async () => (await w.plain.journal.readTip(header.startId, ""))?.effect === "awaitVerdict");
  const send: typeof queue.send = async (body, options) => {
    if (decode(body).kind !== "ended") await queue.send(body, options);
  };
  Object.assign(w.runtime.ports, { queue: { ...queue, receive: queue.receive?.bind(queue), send } });
  await stopExecution(w.runtime, { flow: "waiting", name: header.ref.name });
  Object.assign(w.runtime.ports, { queue });
  const { items } = await w.plain.journal.listRunning();
  const [child] = items;
  expect(items.map(({ flow }) => flow)).toEqual(["wait"]);
  if (child === undefined) return;
  const rules: string[] = [];
  for await (const rule of sweepExecution(w.runtime, child, w.clock.now() + 1)) rules.push(rule);
  expect(rules).toEqual(["parent ended"]);
  expect(await w.plain.journal.readHeader(child.ref)).toMatchObject({ status: "Stopped", error: "FnF.ParentEnded" });
});

it("does not act on evidence younger than the backlog and five minutes", async () => {
  const w = await world({ flows, functions: { "s/f": () => ({}) } });
  const header = await w.start("chain");
  const [delivery] = await w.queue.receive(1, new AbortController().signal);
  await delivery?.consume(); // the start message is lost
  const found: [number, Record<string, number>][] = [];
  for (let minute = 1; minute <= 7; minute++) {
    await w.clock.pass(60_000);
    found.push([minute, { ...(await sweep(w.runtime)).sent }]);
    for (const probe of await w.queue.receive(1, AbortSignal.timeout(0))) {
      const { handle } = await import("./handle.ts");
      if (decode(probe.body).kind === "probe" && (await handle(w.runtime, probe)) === "consume") await probe.consume();
      else await probe.release(0);
    }
  }
  expect(header.status).toBe("Running");
  expect(
    found
      .filter(([, sent]) => sent["no entry 0"])
      .map(([minute]) => minute)
      .at(0),
  ).toBe(6);
});

it("passes parked executions by and goes through all pages", async () => {
  const w = await world({ flows });
  const started = [];
  for (let i = 0; i < 5; i++) started.push(await w.start("wait"));
  const [parked] = started;
  if (parked) await w.plain.journal.park(parked.ref, parked.startId, "a message");
  await w.clock.pass(3_600_000);
  let [cursor, executions, rounds]: [string | undefined, number, number] = [undefined, 0, 0];
  let sent = 0;
  do {
    const page = await sweep(w.runtime, cursor === undefined ? {} : { cursor });
    executions += page.executions;
    sent += page.sent["no entry 0"] ?? 0;
    cursor = page.cursor;
  } while (cursor !== undefined && rounds++ < 10);
  expect(executions).toBe(5);
  expect(sent).toBe(4);
});

it("rebuilds what a join brought, and what aliases were pinned to, from the journal", async () => {
  const pinned = `version: v1\ntype: flow\npinAliases: true\nsteps:
  - {type: parallel, name: p, branches: [{steps: [${task("a")}]}, {steps: [${task("b")}]}], outputMappings: [{target: all, source: "$local[*].ok"}]}
  - {type: task, name: t, resourceArn: "acs:fc:::services/s.live/functions/f"}`;
  const w = await world({ flows: { pinned }, functions: { "s/f": () => ({ ok: true }) } });
  const versions: (string | undefined)[] = [];
  const aliases = { live: "3" };
  const { queue } = w.runtime.ports;
  let fall = true;
  const lossy: typeof queue.send = async (body, options) => {
    const message = decode(body);
    // The task after the join is done; the message with its result is lost.
    if (fall && message.kind === "advance" && message.branch === "" && message.seq === 2) fall = false;
    else await queue.send(body, options);
  };
  const functions = {
    ...w.plain.functions,
    resolveAlias: async ({ qualifier }: { qualifier?: string }) => (qualifier === "live" ? aliases.live : undefined),
    invoke: async (invocation: Parameters<typeof w.plain.functions.invoke>[0]) => {
      versions.push(invocation.resource.qualifier);
      return { kind: "succeeded" as const, output: { ok: true } };
    },
  };
  Object.assign(w.runtime.ports, { queue: { ...queue, receive: queue.receive?.bind(queue), send: lossy }, functions });
  const header = await w.start("pinned");
  aliases.live = "4";
  await w.workUntil(async () => !fall);
  await w.clock.pass(60_000);
  const rules: string[] = [];
  for await (const rule of sweepExecution(w.runtime, header, w.clock.now())) rules.push(rule);
  expect(rules).toEqual(["lease over without successor"]);
  const ended = await w.settled(header);
  expect(await w.outputOf(ended)).toEqual({ all: [true, true], ok: true });
  expect(versions).toEqual([undefined, undefined, "3", "3"]);
});
