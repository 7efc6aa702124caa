/** A process that is killed at any moment loses nothing that it was told is done (architecture §8). */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { bodiesNow } from "../../../test/contracts/received.ts";
import { countingIds } from "../../memory/ids.ts";
import { virtualClock } from "../../sim/clock.ts";
import { fileBlobs } from "./blobs.ts";
import { lmdbJournal } from "./journal.ts";
import { lmdbQueue } from "./queue.ts";
import { openStore } from "./store.ts";
import { freshDirectory } from "./testing/fresh-directory.ts";
import { storeProcess } from "./testing/store-process.ts";
import { lmdbTimers } from "./timers.ts";

const ROUNDS = 20;

/** What was acknowledged, by kind. */
function said(lines: readonly string[], kind: string): readonly string[] {
  return lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1));
}

test(`over ${ROUNDS} kills nothing acknowledged is lost, nothing consumed comes back, and each entry has one winner`, {
  timeout: 120_000,
}, async () => {
  const directory = freshDirectory();
  const lines: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const writer = storeProcess("writer.fixture.ts", [directory.path, String(round)]);
    // Waits for output, not for time: the moment of the kill is random in what was written.
    await writer.printed(1 + Math.floor(Math.random() * 200));
    await writer.kill();
    lines.push(...writer.lines);
  }

  const store = await openStore(directory.path);
  const journal = lmdbJournal(store);
  const won = said(lines, "won").map((text) => text.split(" "));
  expect(won.length).toBeGreaterThan(ROUNDS);
  expect(new Set(won.map(([branch, seq]) => `${branch} ${seq}`)).size).toBe(won.length);
  for (const [branch = "", seq, writer] of won) {
    expect(await journal.readEntry({ startId: "start", branch, seq: Number(seq) })).toMatchObject({ writer });
  }

  const clock = virtualClock(Date.now());
  const queue = lmdbQueue(store, { clock, ids: countingIds("check") });
  const there = await bodiesNow(queue);
  const consuming = new Set(said(lines, "consuming"));
  expect(new Set(there).size).toBe(there.length);
  expect(said(lines, "sent").filter((body) => !consuming.has(body) && !there.includes(body))).toEqual([]);
  expect(said(lines, "consumed").filter((body) => there.includes(body))).toEqual([]);
  expect(said(lines, "consumed").length).toBeGreaterThan(0);

  const timers = lmdbTimers(store, { clock, queue });
  expect(timers.pending()).toBeGreaterThanOrEqual(said(lines, "timer").length);
  const stored = new Set([...store.tables.timers.rows({})].map(({ value }) => value.body));
  expect(said(lines, "timer").filter((name) => !stored.has(name))).toEqual([]);
  timers.close();

  const blobs = fileBlobs(store.blobsFolder);
  for (const text of said(lines, "blob")) {
    expect(await blobs.get(createHash("sha256").update(text).digest("hex"))).toBe(text);
  }
  await store.close();
  directory.remove();
});
