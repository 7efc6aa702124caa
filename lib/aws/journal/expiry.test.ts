import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Ministack, ministack } from "../../../test/aws/ministack.ts";
import { entry, flow, header, LEASE, newId, packed } from "../../../test/contracts/journal/items.ts";
import type { Entry, Journal } from "../../runtime/ports/journal.ts";
import { dynamoJournal } from "../journal.ts";
import { optionalNumber } from "./item.ts";
import {
  archiveKey,
  dataKey,
  entryItemKey,
  flowKey,
  headerKey,
  type Key,
  outputKey,
  parkedKey,
  revisionKey,
} from "./keys.ts";
import { openTable, type Table } from "./table.ts";
import { type TestTable, testTable } from "./testing/table.ts";

const DAY = 86_400;
const NOW = 1_800_000_000_000;
const [RETENTION, LONGEST] = [10 * DAY, 100 * DAY];

let emulator: Ministack;
let made: TestTable;
let table: Table;
let journal: Journal;
let now = NOW;
beforeAll(async () => {
  emulator = await ministack();
  made = await testTable(emulator.endpoint);
  const clock = { now: () => now, sleep: async () => {} };
  table = openTable({ ...made, name: made.table, clock });
  journal = dynamoJournal({ ...made, clock, retentionMs: RETENTION * 1000, maxExecutionMs: LONGEST * 1000 });
}, 120_000);
afterAll(async () => {
  await made.remove();
  await emulator.stop();
});
beforeEach(() => {
  now = NOW;
});

/** When an item may go, seconds after `NOW`; undefined: never. */
async function expiresIn(key: Key): Promise<number | undefined> {
  const item = await table.get(key);
  if (item === undefined) throw new Error(`there is no item ${key.pk} ${key.sk}`);
  const at = optionalNumber(item, "expiresAt");
  return at === undefined ? undefined : at - NOW / 1000;
}

describe("an entry may go", () => {
  const due = NOW + 50 * DAY * 1000;
  test.each<[string, Partial<Entry>, number]>([
    ["a retention after it was written", { lease: LEASE, effect: "invoke" }, RETENTION],
    ["a retention after it is due, when it is a timer", { effect: "timer", due }, 50 * DAY + RETENTION],
    ["a retention after it times out, when it submits", { lease: LEASE, effect: "submit", due }, 50 * DAY + RETENTION],
    [
      "as late as its execution may, when it submits without time-out",
      { lease: LEASE, effect: "submit" },
      LONGEST + RETENTION,
    ],
    [
      "as late as its execution may, when it waits for a report, whose time heartbeats move",
      { effect: "awaitVerdict", due },
      LONGEST + RETENTION,
    ],
    ["as late as its execution may, when it waits for branches", { effect: "fork" }, LONGEST + RETENTION],
    [
      "a retention after it was written, when its timer was due before",
      { effect: "timer", due: NOW - 5000 },
      RETENTION,
    ],
  ])("%s", async (_what, overrides, expected) => {
    const one = entry({ startId: newId(), branch: "1.0", seq: 3 }, { at: NOW, ...overrides });
    await journal.append(one);
    expect(await expiresIn(entryItemKey("J", one))).toBe(expected);
  });

  test("no later for being worked on", async () => {
    const one = entry({ startId: newId(), branch: "", seq: 0 }, { at: NOW, lease: LEASE });
    await journal.append(one);
    now += 5 * DAY * 1000;
    await journal.replaceLease(one, LEASE, { owner: "delivery-2", until: now });
    await journal.settle(one, "delivery-2");
    expect(await expiresIn(entryItemKey("J", one))).toBe(RETENTION);
  });
});

test("what branches and reports leave is kept as long as somebody may wait for it", async () => {
  const key = { startId: newId(), branch: "", seq: 1 };
  await journal.addDone(key, 0);
  await journal.putOutput(key, { index: 0, chunk: 0, locals: packed("[]") });
  await journal.putVerdict(key, { outcome: packed("{}"), reportId: "report", at: NOW });
  await journal.moveDue({ ...key, seq: 2 }, NOW);
  await journal.park({ flowId: "f", name: "n" }, key.startId, "message");
  for (const one of [
    entryItemKey("B", key),
    outputKey(key, 0, 0),
    entryItemKey("V", key),
    entryItemKey("V", { ...key, seq: 2 }),
    parkedKey(key.startId, "message"),
  ]) {
    expect(await expiresIn(one)).toBe(LONGEST + RETENTION);
  }
});

describe("an execution", () => {
  test("stays while it runs, its input a retention longer than it may", async () => {
    const one = header();
    await journal.putInput(one.ref, one.startId, packed("{}"));
    await journal.putHeader(one);
    expect(await expiresIn(headerKey(one.ref))).toBeUndefined();
    expect(await expiresIn(dataKey(one.ref, one.startId))).toBe(LONGEST + RETENTION);
  });

  test.each(["Succeeded", "Failed", "Stopped", "TimedOut"] as const)(
    "that %s may go a retention after its end, with its data",
    async (status) => {
      const one = header();
      await journal.putInput(one.ref, one.startId, packed("{}"));
      await journal.putHeader(one);
      now += 2 * DAY * 1000;
      if (status === "Succeeded") await journal.putResult(one.ref, one.startId, packed("{}"));
      await journal.endHeader(one.ref, one.startId, { status, endedAt: now });
      expect(await expiresIn(headerKey(one.ref))).toBe(2 * DAY + RETENTION);
      expect(await expiresIn(dataKey(one.ref, one.startId))).toBe(2 * DAY + RETENTION);
      // Its start message may come once more.
      await journal.putInput(one.ref, one.startId, packed("{}"));
      expect(await expiresIn(dataKey(one.ref, one.startId))).toBe(2 * DAY + RETENTION);
    },
  );

  test("without input leaves no data behind when it fails", async () => {
    const one = header();
    await journal.putHeader(one);
    await journal.endHeader(one.ref, one.startId, { status: "Failed", endedAt: now });
    expect(await table.get(dataKey(one.ref, one.startId))).toBeUndefined();
  });

  test("that is written when it has ended, with archive and data, may go a retention after that", async () => {
    const one = header({ status: "Failed", endedAt: NOW });
    await journal.putInput(one.ref, one.startId, packed("{}"));
    await journal.putArchive(one.ref, one.startId, "archive");
    await journal.putHeader(one);
    expect(await expiresIn(headerKey(one.ref))).toBe(RETENTION);
    expect(await expiresIn(archiveKey(one.ref, one.startId))).toBe(RETENTION);
    expect(await expiresIn(dataKey(one.ref, one.startId))).toBe(RETENTION);
  });
});

test("flows and their revisions stay", async () => {
  const created = flow();
  await journal.createFlow(created, "{}");
  expect(await expiresIn(flowKey(created.name))).toBeUndefined();
  expect(await expiresIn(revisionKey(created.flowId, 1))).toBeUndefined();
});
