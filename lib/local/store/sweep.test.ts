import { createHash } from "node:crypto";
import { statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { entry, header, newId, packed } from "../../../test/contracts/journal/items.ts";
import { itemsOf } from "../../../test/contracts/lists.ts";
import { countingIds } from "../../memory/ids.ts";
import type { Header, Journal } from "../../runtime/ports/journal.ts";
import { virtualClock } from "../../sim/clock.ts";
import { type FileBlobs, fileBlobs } from "./blobs.ts";
import { lmdbJournal } from "./journal.ts";
import { lmdbQueue } from "./queue.ts";
import { sweepStore } from "./sweep.ts";
import { storeOfEachTest } from "./testing/store-of-each-test.ts";
import { lmdbTimers } from "./timers.ts";

const DAY = 24 * 3600 * 1000;
const END = 1_700_000_100_000;
const RETENTION = 30 * DAY;

const disk = storeOfEachTest();
let journal: Journal;
beforeEach(() => {
  journal = lmdbJournal(disk.store);
});

const sweep = (now: number, blobs?: FileBlobs) =>
  sweepStore(disk.store, { now, retentionMs: RETENTION, ...(blobs === undefined ? {} : { blobs }) });

/** An execution with one of everything that can hang on it. */
async function execution(overrides: Partial<Header> = {}, entries = 3): Promise<Header> {
  const one = header(overrides);
  const { ref, startId } = one;
  const key = { startId, branch: "1.0", seq: 1 };
  await Promise.all([
    journal.putHeader(one),
    ...Array.from({ length: entries }, (_, seq) => journal.append(entry({ startId, branch: "", seq }))),
    journal.append(entry(key)),
    journal.putVerdict(key, { outcome: packed("{}"), reportId: "report", at: 1 }),
    journal.addDone({ ...key, branch: "" }, 0),
    journal.putOutput({ ...key, branch: "" }, { index: 0, chunk: 0, locals: packed("[]") }),
    journal.putInput(ref, startId, packed("{}")),
    journal.putResult(ref, startId, packed("{}")),
    journal.putArchive(ref, startId, "archive"),
    journal.park(ref, startId, "message"),
  ]);
  return one;
}

async function ended(overrides: Partial<Header> = {}, entries?: number): Promise<Header> {
  const one = await execution(overrides, entries);
  await journal.endHeader(one.ref, one.startId, { status: "Succeeded", endedAt: END });
  return one;
}

/** Rows of all tables but the owner's. */
function rows(): number {
  return Object.entries(disk.store.tables).reduce(
    (sum, [name, table]) => sum + (name === "owner" ? 0 : [...table.keys({})].length),
    0,
  );
}

describe("the retention of executions", () => {
  test("one that ended a retention ago goes, with all that hung on it, and its name is free", async () => {
    const one = await ended({}, 450);
    expect(await sweep(END + RETENTION)).toEqual({ executions: 1, orphans: 0, blobs: 0 });
    expect(rows()).toBe(0);
    expect(await journal.putHeader({ ...one, startId: newId() })).toBeUndefined();
  });

  test("one that ended later, and one that still runs whatever its age, stay whole", async () => {
    const late = await ended();
    const running = await execution();
    const before = rows();
    expect(await sweep(END + RETENTION - 1)).toEqual({ executions: 0, orphans: 0, blobs: 0 });
    expect(rows()).toBe(before);
    await sweep(END + RETENTION);
    expect(await journal.readHeader(late.ref)).toBeUndefined();
    expect(await journal.readHeader(running.ref)).toEqual({ ...running, parked: true });
    expect(await journal.readEntries(running.startId, "", 0, 9)).toHaveLength(3);
    expect(await journal.readData(running.ref, running.startId)).toEqual({ input: "{}", output: "{}" });
    expect(await itemsOf((cursor) => journal.listRunning(cursor))).toHaveLength(1);
  });

  test("many go, over more than a batch, and the lists are those of who is left", async () => {
    const flowId = newId();
    const names = Array.from({ length: 120 }, (_, index) => `run-${index}`);
    const all = await Promise.all(
      names.map((name, index) => ended({ ref: { flowId, name }, startedAt: index }).then((one) => one.ref.name)),
    );
    const kept = await execution({ ref: { flowId, name: "kept" } });
    expect((await sweep(END + RETENTION)).executions).toBe(all.length);
    const listed = await itemsOf((cursor) => journal.listExecutions(flowId, { limit: 50 }, cursor));
    expect(listed.map((one) => one.ref)).toEqual([kept.ref]);
    const succeeded = { limit: 50, status: "Succeeded" } as const;
    expect(await journal.listExecutions(flowId, succeeded)).toEqual({ items: [] });
  });

  test("goes on where an earlier sweep was interrupted", async () => {
    const one = await ended();
    const { tables } = disk.store;
    // What the first transaction of a sweep leaves.
    await disk.store.write(() => tables.removing.put([`=${one.startId}`], 1));
    await sweep(END);
    expect(await journal.readTip(one.startId, "")).toBeUndefined();
    expect([...tables.removing.keys({})]).toEqual([]);
  });

  test("flows and their revisions, messages and timers stay", async () => {
    const flow = {
      flowId: newId(),
      name: "orders",
      revision: 1,
      mode: "Standard",
      createdAt: 1,
      updatedAt: 1,
    } as const;
    const clock = virtualClock(END);
    const queue = lmdbQueue(disk.store, { clock, ids: countingIds("delivery") });
    const timers = lmdbTimers(disk.store, { clock, queue });
    await journal.createFlow(flow, "definition");
    await queue.send("message");
    await timers.schedule("timer", END + DAY, "timer");
    await ended();
    await sweep(END + RETENTION);
    expect(await journal.readFlow("orders")).toEqual(flow);
    expect(await journal.readRevision(flow.flowId, 1)).toBe("definition");
    expect([queue.size(), timers.pending()]).toEqual([1, 1]);
    timers.close();
  });
});

describe("what hangs on no execution", () => {
  test("goes when a sweep finds it a retention after another saw it first, and not before", async () => {
    await journal.append(entry({ startId: newId(), branch: "", seq: 0 }));
    const archived = header();
    await journal.putArchive(archived.ref, archived.startId, "archive");
    expect((await sweep(END)).orphans).toBe(0);
    expect((await sweep(END + RETENTION - 1)).orphans).toBe(0);
    expect((await sweep(END + RETENTION)).orphans).toBe(2);
    expect(rows()).toBe(0);
  });

  test("stays once its header has come", async () => {
    const one = header();
    await journal.append(entry({ startId: one.startId, branch: "", seq: 0 }));
    await sweep(END);
    await journal.putHeader(one);
    await sweep(END + DAY);
    expect([...disk.store.tables.orphans.keys({})]).toEqual([]);
    expect((await sweep(END + 2 * RETENTION)).orphans).toBe(0);
    expect(await journal.readTip(one.startId, "")).toBeDefined();
  });

  test("stays while a message of it is parked for an operator", async () => {
    const one = header();
    await journal.append(entry({ startId: one.startId, branch: "", seq: 0 }));
    await journal.park(one.ref, one.startId, "start");
    await sweep(END);
    expect((await sweep(END + 2 * RETENTION)).orphans).toBe(0);
    expect(await journal.unpark(one.ref, one.startId)).toEqual(["start"]);
  });
});

describe("blobs", () => {
  const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
  const folder = () => disk.store.blobsFolder;
  /** As `pack` writes a reference. */
  const refTo = (hash: string) => packed(`#86 [[["input","big"],"${hash}",100000]]{"input":{"big":null}}`);

  /** A blob of an earlier process, long ago. */
  async function oldBlob(text: string): Promise<string> {
    const hash = hashOf(text);
    await fileBlobs(folder()).put(hash, text);
    utimesSync(join(folder(), hash.slice(0, 2), hash), new Date(0), new Date(0));
    return hash;
  }

  async function kept(hash: string): Promise<boolean> {
    const blobs = fileBlobs(folder());
    const { blobs: removed } = await sweep(Date.now(), blobs);
    return removed === 0 && (await blobs.get(hash).then(() => true));
  }

  test("that nothing refers to go", async () => {
    await oldBlob("large");
    expect((await sweep(Date.now(), fileBlobs(folder()))).blobs).toBe(1);
  });

  const startId = "start";
  const key = { startId, branch: "", seq: 0 };
  const running = () => journal.putHeader(header({ startId }));
  const queue = () => lmdbQueue(disk.store, { clock: virtualClock(END), ids: countingIds("delivery") });
  const holders: readonly [string, (text: ReturnType<typeof packed>) => Promise<unknown>][] = [
    ["event", (text) => journal.append(entry(key, { event: text }))],
    ["snapshot", (text) => journal.append(entry(key, { snapshot: text }))],
    ["verdict", (text) => journal.putVerdict(key, { outcome: text, reportId: "report", at: 1 })],
    ["branch's output", (text) => journal.putOutput(key, { index: 0, chunk: 0, locals: text })],
    ["execution's input", (text) => journal.putInput(header().ref, startId, text)],
    ["execution's output", (text) => journal.putResult(header().ref, startId, text)],
    ["parked message", (text) => journal.park(header().ref, startId, JSON.stringify({ state: text }))],
    ["message", (text) => queue().send(JSON.stringify({ state: text }))],
    [
      "timer",
      (text) => {
        const timers = lmdbTimers(disk.store, { clock: virtualClock(END), queue: queue() });
        return timers.schedule("timer", END + DAY, JSON.stringify({ state: text })).then(() => timers.close());
      },
    ],
    [
      "archive",
      (text) =>
        journal.putArchive(
          header().ref,
          startId,
          gzipSync(JSON.stringify({ entries: [{ event: text }] })).toString("base64"),
        ),
    ],
  ];
  test.each(holders)("that a running execution's %s refers to stay, whatever their age", async (_what, hold) => {
    const hash = await oldBlob("large");
    await running();
    await hold(refTo(hash));
    expect(await kept(hash)).toBe(true);
  });

  test("all stay when an archive cannot be read", async () => {
    const hash = await oldBlob("large");
    await running();
    await journal.putArchive(header().ref, startId, "H4sIAAAA");
    const blobs = fileBlobs(folder());
    await expect(sweep(Date.now(), blobs)).rejects.toThrow();
    expect(await blobs.get(hash)).toBe("large");
  });
});

test("the file does not grow under start, run and forget: LMDB uses the freed pages again", async () => {
  const sizes: number[] = [];
  for (let round = 0; round < 40; round++) {
    await Promise.all(Array.from({ length: 40 }, () => ended({}, 10)));
    await sweep(END + RETENTION);
    sizes.push(statSync(join(disk.path, "journal.mdb")).size);
  }
  const [early = 0, late = 0] = [sizes[19], sizes.at(-1)];
  expect(late).toBeLessThanOrEqual(early * 1.1);
});
