import { describe, expect, test } from "vitest";
import { entry, flow, header, LEASE, newId, packed } from "../../../test/contracts/journal/items.ts";
import type { EntryKey, Journal } from "../../runtime/ports/journal.ts";
import { dynamoJournal } from "../journal.ts";
import { eachTestTable } from "./testing/each-table.ts";
import type { TestTable } from "./testing/table.ts";

let made: TestTable;
let journal: Journal;
eachTestTable((table) => {
  made = table;
  journal = dynamoJournal(made);
});

/** The requests that the work makes. */
async function requestsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  made.requests.length = 0;
  await work();
  return [...made.requests];
}

const END = { status: "Succeeded", endedAt: 1_700_000_005_000 } as const;
const VERDICT = { outcome: packed("{}"), reportId: "report-1", at: 1 };
const FAILURE = { index: 0, error: "E", cause: "", at: 1 };
const OTHER_LEASE = { owner: "delivery-2", until: LEASE.until + 1 };

describe("what stands on the way of a transition is one request", () => {
  const one = header();
  const key: EntryKey = { startId: one.startId, branch: "", seq: 1 };
  const lane: EntryKey = { startId: one.startId, branch: "1.0", seq: 0 };

  const calls: readonly [string, string, () => Promise<unknown>][] = [
    ["an append", "PutItem", () => journal.append(entry(key, { lease: LEASE }))],
    ["a refused append", "PutItem", () => journal.append(entry({ ...key, seq: 0 }))],
    ["reading the header", "GetItem", () => journal.readHeader(one.ref)],
    ["reading one join", "GetItem", () => journal.readJoins([key])],
    ["reading the joins of all ancestors", "BatchGetItem", () => journal.readJoins([key, lane])],
    ["reading no joins", "", () => journal.readJoins([])],
    ["reading an entry", "GetItem", () => journal.readEntry(key)],
    ["reading the tip", "Query", () => journal.readTip(one.startId, "")],
    ["reading entries", "Query", () => journal.readEntries(one.startId, "", 0, 99)],
    ["extending a lease", "UpdateItem", () => journal.replaceLease({ ...key, seq: 0 }, LEASE, OTHER_LEASE)],
    ["losing a lease", "UpdateItem", () => journal.replaceLease({ ...key, seq: 0 }, OTHER_LEASE, LEASE)],
    ["settling", "UpdateItem", () => journal.settle({ ...key, seq: 0 }, LEASE.owner)],
    ["a verdict", "UpdateItem", () => journal.putVerdict(key, VERDICT)],
    ["a heartbeat", "UpdateItem", () => journal.moveDue(key, 5)],
    ["joining", "UpdateItem", () => journal.addDone(key, 0)],
    ["failing a join", "UpdateItem", () => journal.putFailure(key, FAILURE)],
    ["an output", "PutItem", () => journal.putOutput(key, { index: 0, chunk: 0, locals: packed("[]") })],
    ["the input", "UpdateItem", () => journal.putInput(one.ref, one.startId, packed("{}"))],
    ["a header whose name is taken", "PutItem", () => journal.putHeader({ ...one, startId: newId() })],
    ["the result", "UpdateItem", () => journal.putResult(one.ref, one.startId, packed("{}"))],
    ["a success", "UpdateItem", () => journal.endHeader(one.ref, one.startId, END)],
    ["reading a flow", "GetItem", () => journal.readFlow("orders")],
    ["reading a revision", "GetItem", () => journal.readRevision(one.ref.flowId, 1)],
  ];

  test.each(calls)("%s: %s", async (_what, request, call) => {
    await journal.putHeader(one);
    await journal.append(entry({ ...key, seq: 0 }, { lease: LEASE }));
    expect((await requestsOf(call)).join()).toBe(request);
  });

  test("a refused verdict, heartbeat, end: one each", async () => {
    await journal.putHeader(one);
    await journal.putVerdict(key, VERDICT);
    await journal.endHeader(one.ref, one.startId, END);
    expect(await requestsOf(() => journal.putVerdict(key, VERDICT, { due: 3 }))).toEqual(["UpdateItem"]);
    expect(await requestsOf(() => journal.moveDue(key, 5))).toEqual(["UpdateItem"]);
    expect(await requestsOf(() => journal.endHeader(one.ref, one.startId, END))).toEqual(["UpdateItem"]);
  });
});

test("an end that is no success also lets the input go: one more", async () => {
  const one = header();
  await journal.putHeader(one);
  const end = () => journal.endHeader(one.ref, one.startId, { ...END, status: "Stopped" });
  expect(await requestsOf(end)).toEqual(["UpdateItem", "UpdateItem"]);
  expect(await requestsOf(end)).toEqual(["UpdateItem"]);
});

test("creating a flow reads its name, then writes revision and flow; an update likewise", async () => {
  const created = flow();
  expect(await requestsOf(() => journal.createFlow(created, "a"))).toEqual(["GetItem", "PutItem", "PutItem"]);
  const update = () => journal.updateFlow({ ...created, revision: 2 }, "b");
  expect(await requestsOf(update)).toEqual(["GetItem", "PutItem", "PutItem"]);
  expect(await requestsOf(update)).toEqual(["GetItem"]);
});

test("a page of a list is a query for each shard and one batch of headers", async () => {
  const flowId = newId();
  for (let index = 0; index < 20; index++) {
    await journal.putHeader(header({ ref: { flowId, name: `run-${index}` }, startedAt: 1_700_000_000_000 + index }));
  }
  const requests = await requestsOf(() => journal.listExecutions(flowId, { limit: 100 }));
  expect(requests).toEqual([...Array(8).fill("Query"), "BatchGetItem"]);
});

test("reads are consistent, all but those of lists", async () => {
  const one = header();
  await journal.putHeader(one);
  made.requests.length = 0;
  made.bodies.length = 0;
  const key = { startId: one.startId, branch: "", seq: 3 };
  await journal.readHeader(one.ref);
  await journal.readEntry(key);
  await journal.readTip(one.startId, "");
  await journal.readEntries(one.startId, "", 0, 9);
  await journal.readSnapshot(one.startId, "", 9);
  await journal.readVerdict(key);
  await journal.readJoins([key]);
  await journal.readJoins([key, { ...key, seq: 4 }]);
  await journal.readOutputs(key);
  await journal.readData(one.ref, one.startId);
  await journal.readArchive(one.ref, one.startId);
  await journal.unpark(one.ref, one.startId);
  await journal.readFlow("orders");
  await journal.readRevision(one.ref.flowId, 1);
  await journal.readProbe();
  const reads = made.requests
    .map((request, at) => [request, made.bodies[at]!] as const)
    .filter(([request]) => request !== "UpdateItem");
  expect(reads).toHaveLength(15);
  for (const [request, body] of reads) {
    const tables = body.RequestItems as Record<string, { ConsistentRead: boolean }> | undefined;
    expect([request, tables === undefined ? body.ConsistentRead : tables[made.table]?.ConsistentRead]).toEqual([
      request,
      true,
    ]);
  }
});

test("the keys that DynamoDB leaves over from a batch are asked for again", async () => {
  const startId = newId();
  const keys = Array.from({ length: 5 }, (_, seq) => ({ startId, branch: "", seq }));
  for (const key of keys) await journal.addDone(key, key.seq);
  let left = 2;
  made.onAnswer = (request, answer) => {
    if (request !== "BatchGetItem" || left-- === 0) return undefined;
    const { output } = answer as { output: { Responses: Record<string, unknown[]>; UnprocessedKeys: object } };
    const items = output.Responses[made.table] as { pk: object; sk: object }[];
    const cut = items.splice(1).map(({ pk, sk }) => ({ pk, sk }));
    output.UnprocessedKeys = { [made.table]: { Keys: cut } };
    return answer;
  };
  const joins = await journal.readJoins(keys);
  expect(joins.map((join) => [...(join?.done ?? [])])).toEqual([[0], [1], [2], [3], [4]]);
  expect(made.requests.filter((request) => request === "BatchGetItem")).toHaveLength(3);
});

test("a batch that gets nothing again and again is throttled", async () => {
  const keys = [0, 1].map((seq) => ({ startId: newId(), branch: "", seq }));
  made.onAnswer = (_request, answer) => {
    const { output } = answer as { output: { Responses: object; UnprocessedKeys: object } };
    output.Responses = {};
    output.UnprocessedKeys = { [made.table]: { Keys: [{ pk: { S: "J#x" }, sk: { S: "B##0" } }] } };
    return answer;
  };
  const slept: number[] = [];
  const clock = { now: () => 0, sleep: async (ms: number) => void slept.push(ms) };
  const joins = dynamoJournal({ ...made, clock }).readJoins(keys);
  await expect(joins).rejects.toMatchObject({ name: "AwsError", kind: "throttled", code: "UnprocessedKeys" });
  expect(slept).toEqual([50, 100, 200, 400, 800, 1600, 3200, 6400]);
});
