/**
 * A write whose answer is lost is sent again by the SDK and meets itself: its condition no longer holds. Each method must
 * still tell its own write from somebody else's, or leave that to who calls it and has a name for it (writer, report id).
 */
import { expect, test } from "vitest";
import { entry, flow, header, LEASE, newId, packed } from "../../../test/contracts/journal/items.ts";
import type { Journal } from "../../runtime/ports/journal.ts";
import { dynamoJournal } from "../journal.ts";
import { eachTestTable } from "./testing/each-table.ts";
import type { TestTable } from "./testing/table.ts";

let made: TestTable;
let journal: Journal;
eachTestTable((table) => {
  made = table;
  journal = dynamoJournal(made);
});

/** The answers to the next `count` such requests are lost on their way back. */
function lose(request: string, count = 1): void {
  let left = count;
  made.onAnswer = (answered) => {
    if (answered === request && left-- > 0) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    return undefined;
  };
}

const key = () => ({ startId: newId(), branch: "2.0", seq: 4 });

test("an append gets its own entry, with its writer", async () => {
  const own = entry(key(), { writer: "delivery-7", lease: LEASE });
  lose("PutItem");
  expect(await journal.append(own)).toEqual(own);
  expect(made.requests.filter((request) => request === "PutItem")).toHaveLength(2);
});

test("a lease that was replaced is this owner's; one that another took meanwhile is not", async () => {
  const one = entry(key(), { lease: LEASE });
  await journal.append(one);
  const lease = { owner: "delivery-2", until: LEASE.until + 60_000 };
  lose("UpdateItem");
  expect(await journal.replaceLease(one, LEASE, lease)).toBe(true);
  expect((await journal.readEntry(one))?.lease).toEqual(lease);

  const third = { owner: "delivery-3", until: LEASE.until + 90_000 };
  made.onAnswer = undefined;
  expect(await journal.replaceLease(one, LEASE, third)).toBe(false);
  // Not its own write, only the same lease: it had it before.
  expect(await journal.replaceLease(one, LEASE, lease)).toBe(false);
});

test("settling, joining, a heartbeat and the data of an execution are written twice to the same end", async () => {
  const one = entry(key(), { lease: LEASE });
  await journal.append(one);
  const { ref, startId } = header();
  lose("UpdateItem");
  expect(await journal.settle(one, LEASE.owner)).toBe(true);
  lose("UpdateItem");
  expect([...(await journal.addDone(one, 3)).done]).toEqual([3]);
  lose("UpdateItem");
  expect(await journal.moveDue(one, 9)).toBeUndefined();
  lose("UpdateItem");
  await journal.putInput(ref, startId, packed("input"));
  lose("UpdateItem");
  await journal.putResult(ref, startId, packed("output"));
  expect(await journal.readData(ref, startId)).toEqual({ input: "input", output: "output" });
  expect(made.requests.filter((request) => request === "UpdateItem")).toHaveLength(10);
});

test("a verdict gets itself, with its report id", async () => {
  const at = key();
  const verdict = { outcome: packed("{}"), reportId: "report-1", at: 1 };
  lose("UpdateItem");
  expect(await journal.putVerdict(at, verdict)).toEqual(verdict);
});

test("a failure stays the first one", async () => {
  const failure = { index: 1, error: "CardDeclined", cause: "half a \ud83e", at: 5 };
  lose("UpdateItem");
  expect((await journal.putFailure(key(), failure)).failure).toEqual(failure);
});

test("a header gets itself, with its start id; an end gets the header that it ended", async () => {
  const one = header();
  lose("PutItem");
  expect(await journal.putHeader(one)).toEqual(one);
  lose("UpdateItem");
  const end = { status: "Failed", endedAt: 5, error: "E", cause: "half a \ud83e" } as const;
  expect(await journal.endHeader(one.ref, one.startId, end)).toEqual({ ...one, ...end });
});

test("a flow is created, updated and deleted once, and that is what is said", async () => {
  const created = flow();
  lose("PutItem");
  expect(await journal.createFlow(created, "first")).toBeUndefined();
  lose("PutItem");
  expect(await journal.updateFlow({ ...created, revision: 2 }, "second")).toBe(true);
  lose("DeleteItem");
  expect(await journal.deleteFlow(created.name, created.flowId)).toBe(true);
  expect(await journal.readFlow(created.name)).toBeUndefined();
});

test("a flow's item whose answer is lost counts as well", async () => {
  const created = flow();
  loseSecondPut();
  expect(await journal.createFlow(created, "first")).toBeUndefined();
  loseSecondPut();
  expect(await journal.updateFlow({ ...created, revision: 2 }, "second")).toBe(true);
  expect((await journal.readFlow(created.name))?.revision).toBe(2);
});

/** The first put is the revision's. */
function loseSecondPut(): void {
  let puts = 0;
  made.onAnswer = (request) => {
    if (request === "PutItem" && ++puts === 2) throw Object.assign(new Error("hang up"), { code: "ECONNRESET" });
    return undefined;
  };
}

test("a write that is never answered is of unknown outcome", async () => {
  lose("PutItem", 10);
  const one = entry(key());
  await expect(journal.append(one)).rejects.toMatchObject({ name: "AwsError", kind: "unknownOutcome" });
  made.onAnswer = undefined;
  expect(await journal.readEntry(one)).toEqual(one);
});
