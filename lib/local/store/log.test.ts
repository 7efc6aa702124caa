/** The write-ahead log: what was appended is read again, whatever is behind it in its files. */
import { openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLog, readLog } from "./log.ts";
import { decodeRecords, encodeRecord } from "./log-record.ts";
import type { OverlayRow } from "./overlay.ts";
import { openStoreForReading } from "./read-store.ts";
import { openStore } from "./store.ts";
import { type FreshDirectory, freshDirectory } from "./testing/fresh-directory.ts";
import { storeProcess } from "./testing/store-process.ts";

let directory: FreshDirectory;
beforeEach(() => {
  directory = freshDirectory();
});
afterEach(() => directory.remove());

const row = (name: string, text: string | null = "1"): OverlayRow => ({
  key: ["So", name],
  name: JSON.stringify(["So", name]),
  text,
});
const seqs = (after: number) => readLog(directory.path, after).map(({ seq }) => seq);
const segment = (number: number) => join(directory.path, `log-${number}`);

const anyRow = fc
  .record({
    key: fc.array(fc.oneof(fc.string(), fc.nat()), { minLength: 1, maxLength: 4 }),
    text: fc.option(fc.json()),
  })
  .map(({ key, text }): OverlayRow => ({ key, name: JSON.stringify(key), text }));

describe("records", () => {
  test("are read as they were written, whatever stands in their rows", () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyRow, { maxLength: 5 }), { minLength: 1, maxLength: 5 }), (batches) => {
        const records = batches.map((rows, index) => ({ seq: index + 1, rows }));
        const bytes = Buffer.concat([...records.map(encodeRecord), Buffer.alloc(100)]);
        expect([...decodeRecords(bytes)]).toEqual(records);
      }),
    );
  });

  test("end before one that was cut off or changed anywhere", () => {
    const whole = encodeRecord({ seq: 1, rows: [row("=a")] });
    const torn = encodeRecord({ seq: 2, rows: [row("=b", JSON.stringify("text"))] });
    const found = (bytes: Buffer) => [...decodeRecords(bytes)].map(({ seq }) => seq);
    expect(found(Buffer.concat([whole, torn]))).toEqual([1, 2]);
    for (let at = 0; at < torn.length; at++) {
      const changed = Buffer.from(torn);
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      expect(found(Buffer.concat([whole, changed, Buffer.alloc(64)]))).toEqual([1]);
      expect(found(Buffer.concat([whole, torn.subarray(0, at), Buffer.alloc(64)]))).toEqual([1]);
    }
  });

  test("of an earlier use of the space are no records", () => {
    const old = [7, 8].map((seq) => encodeRecord({ seq, rows: [row("=a")] }));
    const fresh = encodeRecord({ seq: 9, rows: [row("=b")] });
    expect([...decodeRecords(Buffer.concat([fresh, ...old]))].map(({ seq }) => seq)).toEqual([9]);
  });
});

describe("the log", () => {
  const large = JSON.stringify("x".repeat(1_000_000));

  test("is read from where LMDB ends", async () => {
    const log = openLog(directory.path, 0);
    for (const name of ["=a", "=b", "=c"]) await log.append([row(name)]);
    log.close();
    expect(seqs(0)).toEqual([1, 2, 3]);
    expect(readLog(directory.path, 2)).toEqual([{ seq: 3, rows: [row("=c")] }]);
    expect(seqs(3)).toEqual([]);
  });

  test("takes turns with its segments, and overwrites none that LMDB has not got", async () => {
    const log = openLog(directory.path, 0);
    for (let count = 1; count <= 8; count++) expect(await log.append([row("=a", large)])).toBeGreaterThan(1_000_000);
    expect(await log.append([row("=b", large)])).toBe(0);
    expect(seqs(0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    log.settled(4);
    expect(await log.append([row("=b", large)])).toBeGreaterThan(0);
    expect(seqs(4)).toEqual([5, 6, 7, 8, 9]);
    log.close();
  });

  test("refuses what is larger than a segment, and leaves a number to what went elsewhere", async () => {
    const log = openLog(directory.path, 0);
    await log.append([row("=a")]);
    expect(await log.append(Array.from({ length: 5 }, () => row("=b", large)))).toBe(0);
    expect(log.skip()).toBe(2);
    await log.append([row("=c")]);
    log.close();
    expect(seqs(2)).toEqual([3]);
  });

  test("says when a record is missing", async () => {
    const log = openLog(directory.path, 0);
    for (const name of ["=a", "=b"]) await log.append([row(name)]);
    log.close();
    const file = openSync(segment(0), "r+");
    writeSync(file, "x", 20);
    expect(seqs(0)).toEqual([]);
    writeFileSync(segment(1), Buffer.concat([encodeRecord({ seq: 3, rows: [row("=c")] })]));
    expect(() => readLog(directory.path, 0)).toThrow(expect.objectContaining({ code: "StoreDamaged" }));
  });

  test("keeps its files at their size", async () => {
    const store = await openStore(directory.path);
    for (let count = 0; count < 30; count++) {
      store.write(() => store.tables.messages.put([count], large));
      await store.durable();
    }
    await store.close();
    expect([0, 1].map((number) => readFileSync(segment(number)).length)).toEqual([4_194_304, 4_194_304]);
  });
});

describe("a store over the log", () => {
  test("has after a crash what only the log had, for its next owner and for those who look", async () => {
    const writer = storeProcess("log.fixture.ts", [directory.path]);
    await writer.printed(1);
    await writer.kill();
    const reader = openStoreForReading(directory.path);
    const rows = [...reader.tables.orphans.rows({})];
    expect(rows).toEqual([
      { key: ["=a"], value: 2 },
      { key: ["=c"], value: 3 },
    ]);
    expect(reader.tables.orphans.get(["=b"])).toBeUndefined();
    await reader.close();
    const store = await openStore(directory.path);
    expect([...store.tables.orphans.rows({})]).toEqual(rows);
    await store.close();
  });

  test("shows a reader what its owner has brought into LMDB since, not what the log had", async () => {
    const store = await openStore(directory.path);
    const put = async (value: number) => {
      store.write(() => store.tables.orphans.put(["=a"], value));
      await store.durable();
    };
    await put(1);
    const reader = openStoreForReading(directory.path);
    expect(reader.tables.orphans.get(["=a"])).toBe(1);
    for (let value = 2; value < 2_500; value++) await put(value);
    const later = reader.tables.orphans.get(["=a"]);
    await store.close();
    // LMDB keeps what `later` saw until the timers of that turn have run, this one after its own.
    await new Promise((resolve) => setTimeout(resolve));
    expect(later).toBeGreaterThan(0);
    expect(reader.tables.orphans.get(["=a"])).toBe(2_499);
    await reader.close();
  });
});
