import { expect, it } from "vitest";
import { type ApiWorldOptions, apiWorld } from "./testing/world.ts";

const passes = (count: number) =>
  [
    "version: v1",
    "type: flow",
    "steps:",
    ...Array.from({ length: count }, (_, i) => `  - {type: pass, name: p${i}}`),
  ].join("\n");

const flows = {
  two: passes(2),
  long: passes(300),
  wait: "{version: v1, type: flow, steps: [{type: pass, name: p}, {type: wait, name: w, duration: 30}]}",
};

interface Event {
  readonly EventId: number;
  readonly Type: string;
}

async function world(options: ApiWorldOptions = {}) {
  const made = await apiWorld({ flows, ...options });
  return {
    ...made,
    start: (flow: string) => made.call("StartExecution", { FlowName: flow, ExecutionName: "e1", Input: '{"i":1}' }),
    history: (flow: string, params: { readonly [name: string]: string | number } = {}) =>
      made.call("GetExecutionHistory", { FlowName: flow, ExecutionName: "e1", ...params }),
  };
}

it("shows the events in order, numbered from 1, each with what caused it", async () => {
  const { start, history, now } = await world();
  await start("two");
  await now();
  const { status, body } = await history("two");
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(["RequestId", "Events"]);
  expect(body.Events.map(({ Type }: Event) => Type)).toEqual([
    "ExecutionStarted",
    ...["StepEntered", "StepStarted", "StepSucceeded", "StepExited"],
    ...["StepEntered", "StepStarted", "StepSucceeded", "StepExited"],
    "ExecutionSucceeded",
  ]);
  expect(body.Events[0]).toEqual({
    EventId: 1,
    ScheduleEventId: 0,
    Type: "ExecutionStarted",
    StepName: "",
    Time: "2026-01-01T00:00:00.000Z",
    EventDetail: '{"input":{"i":1}}',
  });
  expect(body.Events[1]).toMatchObject({ EventId: 2, ScheduleEventId: 1, StepName: "p0" });
});

it("gives the number of the next page's first event as NextToken", async () => {
  const { start, history, now } = await world();
  await start("two");
  await now();
  const { body: first } = await history("two", { Limit: 2 });
  expect(first.NextToken).toBe("3");
  expect(first.Events.map(({ EventId }: Event) => EventId)).toEqual([1, 2]);
  const { body: second } = await history("two", { Limit: 2, NextToken: "3" });
  expect(second.Events.map(({ EventId }: Event) => EventId)).toEqual([3, 4]);
});

it("gives no NextToken with the last page, also when that is full", async () => {
  const { start, history, now } = await world();
  await start("two");
  await now();
  const { body } = await history("two", { Limit: 10 });
  expect(body.Events).toHaveLength(10);
  expect(body).not.toHaveProperty("NextToken");
});

it("shows 60 events unless told", async () => {
  const { start, history, now } = await world();
  await start("long");
  await now();
  expect((await history("long")).body).toMatchObject({ NextToken: "61" });
});

it.each(["running", "ended"])("makes the same history of any pages of one that has %s", async (what) => {
  const { start, history, now, clock } = await world();
  await start("wait");
  await (what === "ended" ? clock.pass(60_000) : now());
  const { body: whole } = await history("wait");
  const events: Event[] = [];
  let next: string | undefined = "1";
  while (next !== undefined) {
    const { body } = await history("wait", { Limit: 2, NextToken: next });
    events.push(...body.Events);
    next = body.NextToken;
  }
  expect(events).toEqual(whole.Events);
  expect(events.at(-1)?.Type).toBe(what === "ended" ? "ExecutionSucceeded" : "StepStarted");
});

it("derives a long history once for a caller who reads it page by page", async () => {
  let reads = 0;
  const { start, history, now } = await world({
    journal: (journal) => ({
      ...journal,
      readEntries(...args) {
        reads++;
        return journal.readEntries(...args);
      },
    }),
  });
  await start("long");
  await now();
  reads = 0;
  await history("long", { Limit: 1_000 });
  await history("long", { Limit: 1_000, NextToken: "1001" });
  const once = reads;
  reads = 0;
  const numbers: number[] = [];
  for (let next: string | undefined = "1"; next !== undefined; ) {
    const { body }: { body: { Events: Event[]; NextToken?: string } } = await history("long", {
      Limit: 10,
      NextToken: next,
    });
    numbers.push(...body.Events.map(({ EventId }) => EventId));
    next = body.NextToken;
  }
  expect(reads).toBe(once);
  expect(numbers).toEqual(Array.from({ length: 1_202 }, (_, i) => i + 1));
});

it("gives the same page again, also while others read on", async () => {
  const { start, history, now } = await world();
  await start("long");
  await now();
  const page = () => history("long", { Limit: 5, NextToken: "101" });
  const first = (await page()).body.Events;
  const again = await Promise.all([page(), page(), history("long", { Limit: 5, NextToken: "106" })]);
  expect(again.map(({ body }) => body.Events[0].EventId)).toEqual([101, 101, 106]);
  expect(again[0].body.Events).toEqual(first);
  expect(again[1].body.Events).toEqual(first);
});

it("has the end of an execution that ended between two pages", async () => {
  const { start, history, call, now } = await world();
  await start("wait");
  await now();
  const { body: first } = await history("wait", { Limit: 2 });
  await call("StopExecution", { FlowName: "wait", ExecutionName: "e1" });
  const { body: rest } = await history("wait", { NextToken: first.NextToken });
  expect(rest.Events.at(-1).Type).toBe("ExecutionStopped");
  expect(rest.Events[0].EventId).toBe(3);
});

it("has no events past the end", async () => {
  const { start, history, now } = await world();
  await start("two");
  await now();
  expect((await history("two", { NextToken: "9999" })).body.Events).toEqual([]);
});

it.each([
  [{ Limit: 0 }, 400, "InvalidArgument"],
  [{ Limit: 1_001 }, 400, "InvalidArgument"],
  [{ NextToken: "ab+/=" }, 400, "InvalidArgument"],
  [{ NextToken: "0" }, 400, "InvalidArgument"],
  [{ NextToken: "9".repeat(100) }, 400, "InvalidArgument"],
  [{ ExecutionName: "none" }, 404, "ExecutionNotExists"],
  [{ FlowName: "none" }, 404, "FlowNotExists"],
])("refuses %j", async (params, status, code) => {
  const { start, history, now } = await world();
  await start("two");
  await now();
  const answer = await history("two", params);
  expect([answer.status, answer.body.Code]).toEqual([status, code]);
});
