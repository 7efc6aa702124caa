import fc from "fast-check";
import { expect, it } from "vitest";
import type { ExecutionEvent } from "./history.ts";
import { stopExecution } from "./stop.ts";
import { BEGINNING, world } from "./testing/world.ts";

const nested = `
version: v1
type: flow
steps:
  - type: parallel
    name: both
    branches:
      - steps:
          - type: foreach
            name: each
            concurrency: 2
            iterationMapping: {collection: $.list, item: x, index: i}
            steps:
              - {type: task, name: slow, resourceArn: "acs:fc:::services/s/functions/slow", inputMappings: [{target: ms, source: $input.x}]}
      - steps:
          - {type: wait, name: pause, duration: 0.05}
    outputMappings: [{target: all, source: $local}]
  - {type: succeed, name: done}
`;

const failing = `
version: v1
type: flow
steps:
  - type: parallel
    name: both
    branches:
      - steps: [{type: task, name: long, resourceArn: "acs:fc:::services/s/functions/slow", inputMappings: [{target: ms, source: 500}]}, {type: pass, name: never}]
      - steps: [{type: wait, name: pause, duration: 0.1}, {type: fail, name: no, error: Broken, cause: "on purpose"}]
`;

async function history() {
  const w = await world({
    flows: { nested, failing },
    functions: { "s/slow": async (event) => void (await w.clock.sleep((event as { ms: number }).ms)) },
  });
  return w;
}

function checkOrder(events: readonly ExecutionEvent[]): void {
  expect(events.map((event) => event.EventId)).toEqual(events.map((_, i) => i + 1));
  for (const [i, event] of events.entries()) {
    expect(event.ScheduleEventId, `cause of ${event.Type} ${event.EventId}`).toBeLessThan(event.EventId);
    expect(event.ScheduleEventId > 0).toBe(i > 0);
    const cause = events[event.ScheduleEventId - 1];
    if (cause) expect(cause.Time <= event.Time).toBe(true);
  }
  expect([...events].sort((a, b) => (a.Time < b.Time ? -1 : a.Time > b.Time ? 1 : 0))).toEqual(events);
}

it("numbers events without gaps, in time, causes before effects, whatever runs beside", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 6 }), async (list) => {
      const { run } = await history();
      const { header, events } = await run("nested", { list: [...list] });
      expect(header.status).toBe("Succeeded");
      checkOrder(events);
      expect(events.filter((event) => event.Type === "IterationExited")).toHaveLength(list.length);
      expect(events.at(-1)?.Type).toBe("ExecutionSucceeded");
    }),
    { numRuns: 25 },
  );
});

it("shows a parallel step from its branches' beginning to their end", async () => {
  const { run } = await history();
  const { events } = await run("nested", { list: [3] });
  const started = events.find((event) => event.Type === "StepStarted" && event.StepName === "both");
  const entered = events.filter((event) => event.Type === "BranchEntered");
  expect(entered.map((event) => event.ScheduleEventId)).toEqual([started?.EventId, started?.EventId]);
  const exited = events.filter((event) => event.Type === "BranchExited");
  const succeeded = events.find((event) => event.Type === "StepSucceeded" && event.StepName === "both");
  expect(succeeded?.ScheduleEventId).toBe(exited.at(-1)?.EventId);
});

it("cuts the branches of a fork where it failed", async () => {
  const { run } = await history();
  const { header, events } = await run("failing");
  expect(header).toMatchObject({ status: "Failed", error: "Broken", endedAt: BEGINNING + 100 });
  checkOrder(events);
  expect(events.filter((event) => event.StepName === "long").map((event) => event.Type)).toEqual([
    "StepEntered",
    "TaskScheduled",
    "TaskStarted",
  ]);
  expect(events.filter((event) => event.StepName === "never")).toEqual([]);
  expect(events.slice(-3).map((event) => [event.Type, event.StepName])).toEqual([
    ["StepFailed", "no"],
    ["StepFailed", "both"],
    ["ExecutionFailed", ""],
  ]);
});

it("cuts everything where the execution was stopped", async () => {
  const { runtime, start, settled, workTo, eventsOf } = await history();
  const header = await start("nested", { list: [500, 500, 500] }, "e");
  await workTo(100);
  const stopped = await stopExecution(runtime, { flow: "nested", name: "e" });
  await settled(header);
  const events = await eventsOf(stopped);
  checkOrder(events);
  expect(events.at(-1)?.Type).toBe("ExecutionStopped");
  expect(events.filter((event) => event.Type === "TaskSucceeded")).toEqual([]);
});

it("shows a running execution as far as it is", async () => {
  const { start, workTo, eventsOf, plain } = await history();
  const header = await start("nested", { list: [500] });
  await workTo(100);
  const events = await eventsOf((await plain.journal.readHeader(header.ref)) ?? header);
  checkOrder(events);
  expect(events.at(-1)?.Type).toBe("BranchExited");
});

it("is the same whenever it is asked for", async () => {
  const { run, eventsOf } = await history();
  const { header, events } = await run("nested", { list: [5, 1, 9] });
  expect(await eventsOf(header)).toEqual(events);
});

it("begins with the start that the caller was told of, also when nothing was worked on before the stop", async () => {
  const { runtime, start, clock, eventsOf } = await history();
  const header = await start("nested", { list: [1] }, "e");
  expect((await eventsOf(header)).map((event) => event.Type)).toEqual(["ExecutionStarted"]);
  await clock.pass(5_000);
  const stopped = await stopExecution(runtime, { flow: "nested", name: "e", error: "E", cause: "c" });
  const expected = [
    [1, 0, "ExecutionStarted", "2026-01-01T00:00:00.000Z", '{"input":{"list":[1]}}'],
    [2, 1, "ExecutionStopped", "2026-01-01T00:00:05.000Z", '{"error":"E","cause":"c"}'],
  ];
  const shown = (events: readonly ExecutionEvent[]) =>
    events.map((event) => [event.EventId, event.ScheduleEventId, event.Type, event.Time, event.EventDetail]);
  expect(shown(await eventsOf(stopped))).toEqual(expected);
});

it("shows the start at its own time when the start message is worked on after the stop", async () => {
  const { runtime, start, clock, settled, eventsOf } = await history();
  const header = await start("nested", { list: [1] }, "e");
  await clock.pass(5_000);
  const stopped = await stopExecution(runtime, { flow: "nested", name: "e" });
  await clock.pass(5_000);
  await settled(header);
  expect((await eventsOf(stopped)).map((event) => [event.Type, event.Time])).toEqual([
    ["ExecutionStarted", "2026-01-01T00:00:00.000Z"],
    ["ExecutionStopped", "2026-01-01T00:00:05.000Z"],
  ]);
});
