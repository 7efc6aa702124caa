/**
 * What Stepwell asks of AWS, to the single request (architecture §10): its handlers run over an emulator's table and queues, and
 * middleware on all their SDK clients counts. A request more than stands here is a cost for each user of each flow.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { tally } from "./count-requests.ts";
import { BRANCHES, counted, prepare, TEN, type WorkName } from "./counted-work.ts";
import { type CountedWorld, countedWorld } from "./counted-world.ts";

let world: CountedWorld;
beforeAll(async () => {
  world = await countedWorld();
  await prepare(world);
}, 120_000);
afterAll(() => world?.stop());

/** A request of StartExecution is a message, the input, the header, and reads of what has that name. */
const START = {
  "api: GetItem flow, consistent": 1,
  "api: GetItem header, consistent": 1,
  "api: SendMessageBatch of 1": 1,
  "api: UpdateItem data": 1,
  "api: PutItem header if absent": 1,
  // For the answer, which tells the input.
  "api: GetItem data, consistent": 1,
};

/** The output, and the header. */
const END = {
  "advance: UpdateItem data": 1,
  "advance: UpdateItem header if as expected": 1,
};

/** So many invocations by one message each: Lambda takes it and deletes it, the handler hides it for no longer than it needs. */
const invocations = (count: number) => ({
  "eventSource: ReceiveMessage of 1": count,
  "advance: ChangeMessageVisibilityBatch of 1": count,
  "eventSource: DeleteMessageBatch of 1": count,
});

/** So many transitions: an entry each, and a look at the header beside it. */
const transitions = (count: number) => ({
  "advance: PutItem entry if absent": count,
  "advance: GetItem header, consistent": count,
});

async function requestsOf(work: WorkName) {
  return tally((await counted(world, work)).requests);
}

test("a chain of ten tasks is 11 entries, 11 header reads and 11 messages, no transaction and no query", async () => {
  const { requests } = await counted(world, "chain");
  expect(tally(requests)).toEqual({
    ...START,
    ...invocations(TEN + 1),
    ...transitions(TEN + 1),
    "advance: Invoke": TEN,
    "advance: SendMessageBatch of 1": TEN,
    ...END,
  });
  expect(requests.reduce((sent, request) => sent + request.sent, 0)).toBe(TEN + 1);
  expect(requests.filter(({ what }) => /Transact|Query|Scan/.test(what))).toEqual([]);
});

test("ten chains in step share their requests to SQS, and nothing else", async () => {
  expect(await requestsOf("chainsInBatches")).toEqual({
    ...Object.fromEntries(Object.entries({ ...START, ...END }).map(([request, count]) => [request, count * TEN])),
    "eventSource: ReceiveMessage of 10": TEN + 1,
    "advance: ChangeMessageVisibilityBatch of 10": TEN + 1,
    "eventSource: DeleteMessageBatch of 10": TEN + 1,
    ...transitions((TEN + 1) * TEN),
    "advance: Invoke": TEN * TEN,
    "advance: SendMessageBatch of 10": TEN,
  });
});

test("a fused chain has the same entries and header reads, and one message", async () => {
  expect(await requestsOf("chainFused")).toEqual({
    ...START,
    ...invocations(1),
    ...transitions(TEN + 1),
    "advance: Invoke": TEN,
    ...END,
  });
});

test.each<WorkName>(["empty", "passes"])(
  "steps that need nothing from outside cost nothing, few or many (%s)",
  async (work) => {
    expect(await requestsOf(work)).toEqual({ ...START, ...invocations(1), ...transitions(1), ...END });
  },
);

test("starting takes six requests", async () => {
  expect(await requestsOf("start")).toEqual(START);
});

/** A task that waits for a report: submitted, reported over HTTPS, waked. */
const CALLBACK = {
  "advance: Invoke": 1,
  "advance: GetItem verdict, consistent": 2,
  "api: GetItem header, consistent": 2,
  "api: SendMessageBatch of 1": 2,
  "api: UpdateItem verdict if absent": 1,
  "api: GetItem entry, consistent": 1,
  "advance: GetItem entry, consistent": 1,
};

test("a callback task is two entries, its verdict put once, and one message", async () => {
  expect(await requestsOf("callback")).toEqual({
    ...START,
    ...invocations(2),
    ...transitions(3),
    ...CALLBACK,
    ...END,
  });
});

test("a callback task with a time-out is one message more, which comes too late and is dropped", async () => {
  expect(await requestsOf("callbackWithTimeout")).toEqual({
    ...START,
    ...invocations(4),
    ...transitions(4),
    ...CALLBACK,
    // The task after it.
    "advance: Invoke": 2,
    "advance: SendMessageBatch of 1": 2,
    // The time-out's message: the verdict is there already, and not its own.
    "advance: GetItem verdict, consistent": 3,
    ...END,
  });
});

test("a wait of up to 900 seconds is a transition whose message is delayed", async () => {
  expect(await requestsOf("waitShort")).toEqual({
    ...START,
    ...invocations(2),
    ...transitions(2),
    "advance: SendMessageBatch of 1": 1,
    ...END,
  });
});

test("a longer wait is a schedule, and its message sent on once", async () => {
  expect(await requestsOf("waitLong")).toEqual({
    ...START,
    ...invocations(3),
    ...transitions(2),
    "advance: CreateSchedule": 1,
    "scheduler: SendMessage": 1,
    "advance: SendMessageBatch of 1": 1,
    ...END,
  });
});

/** Branches with one task each: two transitions and a look at the join for each, its output, its place in the join, and the parent's going on. */
const forked = (branches: number) => ({
  ...START,
  ...invocations(2 * branches + 2),
  ...transitions(2 * branches + 2),
  "advance: Invoke": branches,
  [`advance: SendMessageBatch of ${branches}`]: 1,
  // Each branch's result, and the message that wakes the parent.
  "advance: SendMessageBatch of 1": branches + 1,
  "advance: PutItem output": branches,
  "advance: UpdateItem join": branches,
  // Beside each append of a branch, and by the parent.
  "advance: GetItem join, consistent": 2 * branches + 1,
  "advance: GetItem entry, consistent": 1,
  // The outputs.
  "advance: Query, consistent": 1,
  ...END,
});

test("parallel branches start by one request, and only their join asks for more than one item", async () => {
  expect(await requestsOf("parallel")).toEqual(forked(BRANCHES));
});

test("the items of a foreach are branches likewise", async () => {
  expect(await requestsOf("foreach")).toEqual(forked(TEN));
});

test("stopping is a message and the header, and the input that goes with it", async () => {
  expect(await requestsOf("stop")).toEqual({
    "api: GetItem flow, consistent": 1,
    "api: GetItem header, consistent": 1,
    "api: SendMessageBatch of 1": 1,
    "api: UpdateItem header if as expected": 1,
    "api: UpdateItem data if as expected": 1,
    // For the answer, which tells input and output.
    "api: GetItem data, consistent": 1,
    ...invocations(1),
    "advance: GetItem header, consistent": 1,
  });
});

test("of the indexes only a start and an end write: an execution comes into both, changes in one and leaves the other", async () => {
  const { requests } = await counted(world, "foreach");
  const indexed = requests.filter((request) => request.indexed > 0);
  expect(indexed.map(({ what, indexed }) => ({ what, indexed }))).toEqual([
    { what: "PutItem header if absent", indexed: 2 },
    { what: "UpdateItem header if as expected", indexed: 2 },
  ]);
});

test("each item that a transition writes or reads fits one unit", async () => {
  const { requests } = await counted(world, "chain");
  expect(requests.filter(({ written, read }) => written > 1 || read > 1)).toEqual([]);
});
