/** Processes that are given attempts ahead: nobody notices but by the time it takes. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CallResult } from "../../runtime/ports/functions.ts";
import { calling } from "./calling.fixture.ts";
import { type ChildFunctions, childFunctions } from "./child-functions.ts";

let folder: string;
let functions: ChildFunctions;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stepwell-ahead-"));
});
afterEach(async () => {
  await functions.close();
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, "begun");
const begun = () => readFileSync(file(), "utf8").trim().split("\n");

function open(concurrency: number): void {
  const module = fileURLToPath(new URL("./ahead.fixture.ts", import.meta.url));
  functions = childFunctions({ module, concurrency, onConsole: () => {} });
}

function call(kind: string, name: string, more: { ms?: number; timeoutMs?: number } = {}): Promise<CallResult> {
  const { timeoutMs, ...event } = more;
  const invocation = calling(kind, { file: file(), name, ...event });
  return functions.invoke(timeoutMs === undefined ? invocation : { ...invocation, timeoutMs });
}

const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const done = (name: string): CallResult => ({ kind: "succeeded", output: name });

/** A process that has been quick so often that it is given attempts ahead. */
async function trusted(concurrency = 1): Promise<void> {
  open(concurrency);
  for (const name of names(8, "warm")) await call("quick", name);
}

test("of two thousand quick attempts at once each runs once", async () => {
  open(4);
  const all = names(2_000, "q");
  expect(await Promise.all(all.map((name) => call("quick", name)))).toEqual(all.map(done));
  expect(begun().sort()).toEqual(all.sort());
});

test("one after another, in one process: none begins before the one before it has ended", async () => {
  await trusted();
  const all = names(6, "s");
  expect(await Promise.all(all.map((name) => call("slow", name, { ms: 5 })))).toEqual(all.map(done));
  expect(begun().slice(8)).toEqual(all);
});

test("what waits behind an attempt that takes long runs elsewhere, once, long before that ends", async () => {
  await trusted(3);
  const slow = call("slow", "slow", { ms: 1_500 });
  const all = names(5, "q");
  let ended = false;
  void slow.then(() => {
    ended = true;
  });
  expect(await Promise.all(all.map((name) => call("quick", name)))).toEqual(all.map(done));
  expect(ended).toBe(false);
  expect(await slow).toEqual(done("slow"));
  expect(begun().slice(8).sort()).toEqual([...all, "slow"].sort());
});

test("what waits behind an attempt that keeps its process busy runs elsewhere, once", async () => {
  await trusted(3);
  const block = call("block", "block", { ms: 4_000 });
  const all = names(5, "q");
  let ended = false;
  void block.then(() => {
    ended = true;
  });
  expect(await Promise.all(all.map((name) => call("quick", name)))).toEqual(all.map(done));
  expect(ended).toBe(false);
  expect(await block).toEqual(done("block"));
  expect(await call("quick", "last")).toEqual(done("last"));
  expect(begun().slice(8).sort()).toEqual([...all, "block", "last"].sort());
});

test("what waits behind an attempt that ends its process runs in another one", async () => {
  await trusted();
  const die = call("die", "die");
  const all = names(5, "q");
  const results = all.map((name) => call("quick", name));
  expect(await die).toMatchObject({ kind: "failed", error: "FC.Unknown" });
  expect(await Promise.all(results)).toEqual(all.map(done));
  expect(begun().slice(8).sort()).toEqual([...all, "die"].sort());
});

test("an attempt whose time is up before it has begun never begins, and disturbs nobody", async () => {
  await trusted();
  const block = call("block", "block", { ms: 300 });
  const late = call("quick", "late", { timeoutMs: 50 });
  const last = call("quick", "last");
  expect(await late).toEqual({ kind: "timedOut" });
  expect([await block, await last]).toEqual([done("block"), done("last")]);
  expect(begun().slice(8)).toEqual(["block", "last"]);
});

test("an attempt whose time is up while it runs ends its process, and what waits behind it runs in another one", async () => {
  await trusted();
  const slow = call("slow", "slow", { ms: 60_000, timeoutMs: 100 });
  const all = names(3, "q");
  const results = all.map((name) => call("quick", name));
  expect(await slow).toEqual({ kind: "timedOut" });
  expect(await Promise.all(results)).toEqual(all.map(done));
  expect(begun().slice(8)).toEqual(["slow", ...all]);
});
