import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStoreForReading } from "../../lib/local/store/read-store.ts";
import { type FreshDirectory, freshDirectory } from "../../lib/local/store/testing/fresh-directory.ts";
import { checkAttempts } from "./attempts.ts";
import { makeGoodStore } from "./good-store.ts";
import { readRecords } from "./invariants/records.ts";
import type { BeginNote } from "./task-log.ts";

describe("what ran against what was recorded", () => {
  let directory: FreshDirectory;
  /** The first task of "chain", and when its result was recorded. */
  let attemptId = "";
  let recordedAt = 0;

  beforeAll(async () => {
    directory = freshDirectory();
    await makeGoodStore(directory.path);
    const store = openStoreForReading(directory.path);
    for (const { header, branches } of readRecords(store).executions.values()) {
      if (header.flow !== "chain") continue;
      attemptId = `${header.startId}::0`;
      recordedAt = branches.get("")?.[1]?.at ?? 0;
    }
    await store.close();
  });
  afterAll(() => directory.remove());

  const run = (more: Partial<BeginNote>): BeginNote => ({
    kind: "begin",
    attemptId,
    execution: "chain",
    step: "ok",
    n: 1,
    retryCount: 0,
    at: recordedAt - 5,
    server: 1,
    ...more,
  });

  test("a run before its result was recorded is in order, and so is one more after a kill", async () => {
    const runs = [run({}), run({ at: recordedAt, server: 2 })];
    expect(await checkAttempts(directory.path, runs)).toEqual({ attempts: 1, reruns: 1, violations: [] });
  });

  test("a run after its result was recorded is found", async () => {
    const { violations } = await checkAttempts(directory.path, [run({}), run({ at: recordedAt + 1, server: 2 })]);
    expect(violations).toEqual([expect.stringContaining("ran again 1 ms after its result was recorded")]);
  });

  test("two runs in one life of the server are found", async () => {
    const { violations } = await checkAttempts(directory.path, [run({}), run({})]);
    expect(violations).toEqual([expect.stringContaining("ran 2 times in server 1")]);
  });

  test("a rerun under another id is found", async () => {
    const { violations } = await checkAttempts(directory.path, [run({}), run({ attemptId: "other::0", server: 2 })]);
    expect(violations).toEqual([expect.stringContaining("ran under 2 attempt ids")]);
  });
});
