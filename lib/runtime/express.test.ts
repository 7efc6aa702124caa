import { expect, it } from "vitest";
import type { JsonObject } from "../fdl/json.ts";
import { memoryJournal } from "../memory/journal.ts";
import { memoryQueue } from "../memory/queue.ts";
import { memoryTimers } from "../memory/timers.ts";
import { expressHistory, startSyncExecution } from "./express.ts";
import { BEGINNING, tally, type WorldOptions, world } from "./testing/world.ts";

const flow = (...steps: readonly string[]) =>
  ["version: v1", "type: flow", "steps:", ...steps.map((step) => `  - ${step}`)].join("\n");
const task = (name: string, more = "") =>
  `{type: task, name: ${name}, resourceArn: "acs:fc:::services/s/functions/${name}"${more}}`;

const flows = {
  chain: flow(task("a"), "{type: wait, name: w, duration: 2}", task("b")),
  each: flow(
    `{type: foreach, name: each, iterationMapping: {collection: $.list, item: x}, steps: [${task("b")}], outputMappings: [{target: all, source: "$local[*].b"}]}`,
  ),
  broken: flow("{type: fail, name: no, error: Broken, cause: on purpose}"),
  slow: flow("{type: wait, name: w, duration: 301}"),
  callback: flow(
    '{type: task, name: c, resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, serviceParams: {MessageBody: x}}',
  ),
  starter: flow('{type: task, name: sub, resourceArn: "acs:fnf:::flow/standard", serviceParams: {ExecutionName: kid}}'),
  standard: flow(task("a")),
};

async function express(options: Partial<WorldOptions> = {}) {
  const w = await world({
    flows,
    express: Object.keys(flows).filter((name) => name !== "standard"),
    functions: { "s/a": () => ({ a: 1 }), "s/b": () => ({ b: 2 }) },
    ...options,
  });
  const fresh = () => {
    const queue = memoryQueue({ clock: w.clock, ids: w.plain.ids });
    return { journal: memoryJournal(), queue, timers: memoryTimers({ clock: w.clock, queue }) };
  };
  return {
    ...w,
    sync: (name: string, input: JsonObject = {}, as?: string) =>
      w.clock.runUntil(startSyncExecution(w.runtime, { flow: name, input, ...(as ? { name: as } : {}) }, fresh())),
  };
}

it("runs to the end in the caller's invocation and answers with the output", async () => {
  const { sync } = await express();
  const { header, output } = await sync("chain", {}, "order");
  expect(header).toMatchObject({ status: "Succeeded", startedAt: BEGINNING, endedAt: BEGINNING + 2_000 });
  expect(header.ref.name).toMatch(/^order:./);
  expect(output).toEqual({ a: 1, b: 2 });
});

it("writes header, data and journal once, at the end, and nothing else", async () => {
  const { sync, calls } = await express();
  await sync("chain");
  expect(
    Object.keys(tally(calls))
      .filter((call) => /journal\.(put|append|end)|queue\.send/.test(call))
      .sort(),
  ).toEqual(["journal.putArchive", "journal.putHeader", "journal.putInput", "journal.putResult"]);
});

it("needs no unique name", async () => {
  const { sync } = await express();
  const [first, second] = [await sync("chain", {}, "same"), await sync("chain", {}, "same")];
  expect(first.header.ref.name).not.toBe(second.header.ref.name);
});

it("derives its history from the archive", async () => {
  const { sync, runtime } = await express();
  const { header, output } = await sync("each", { list: [1, 2, 3] });
  expect(output).toEqual({ all: [2, 2, 2] });
  const types = [];
  for await (const event of expressHistory(runtime, header, memoryJournal())) types.push(event.Type);
  expect(types.filter((type) => type === "IterationExited")).toHaveLength(3);
  expect(types.at(-1)).toBe("ExecutionSucceeded");
});

it("answers with the failure of a flow", async () => {
  const { sync } = await express();
  expect((await sync("broken")).header).toMatchObject({ status: "Failed", error: "Broken", cause: "on purpose" });
});

it("times out after five minutes", async () => {
  const { sync } = await express();
  expect((await sync("slow")).header).toMatchObject({
    status: "TimedOut",
    error: "FnF.Timeout",
    endedAt: BEGINNING + 300_000,
  });
});

it.each([
  ["standard", "ActionNotSupported"],
  ["callback", "ActionNotSupported"],
  ["none", "FlowNotExists"],
])("refuses %s: %s", async (name, code) => {
  const { runtime } = await express();
  const world = { journal: memoryJournal(), queue: { send: async () => {} }, timers: { schedule: async () => {} } };
  await expect(startSyncExecution(runtime, { flow: name }, world)).rejects.toMatchObject({ code });
});

it("starts sub-flows in the durable world", async () => {
  const { sync, settled, plain } = await express();
  expect((await sync("starter")).output).toMatchObject({ FlowName: "standard", Name: "kid" });
  const kid = await plain.journal.readHeader({
    flowId: (await plain.journal.readFlow("standard"))?.flowId ?? "",
    name: "kid",
  });
  if (!kid) throw new Error("no kid");
  expect((await settled(kid)).status).toBe("Succeeded");
});

it("gives its caller an error when it breaks, and leaves nothing behind", async () => {
  const { runtime, calls, clock, plain } = await express();
  const broken = {
    ...runtime,
    ports: {
      ...runtime.ports,
      functions: { ...plain.functions, invoke: () => Promise.reject(new Error("no network")) },
    },
  };
  const queue = memoryQueue({ clock, ids: plain.ids });
  calls.length = 0;
  const run = startSyncExecution(
    broken,
    { flow: "chain" },
    { journal: memoryJournal(), queue, timers: memoryTimers({ clock, queue }) },
  );
  await expect(clock.runUntil(run)).rejects.toThrow("no network");
  expect(calls.filter((call) => call.startsWith("journal.put"))).toEqual([]);
});
