import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FolderWatch, watchFolders } from "./folder-watch.ts";

let folder: string;
let watch: FolderWatch;
let change: () => void;
let errors: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stepwell-watch-"));
  errors = [];
  change = () => {};
  watch = watchFolders({ onChange: () => change(), onError: (path) => errors.push(path) });
});
afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true });
});

function changed(): Promise<void> {
  return new Promise((resolve) => {
    change = resolve;
  });
}

test("a file that is written, and one that takes another's place, are changes", async () => {
  watch.follow([folder]);
  const first = changed();
  writeFileSync(join(folder, "a.yml"), "1");
  await first;
  const second = changed();
  writeFileSync(join(folder, "a.new"), "2");
  renameSync(join(folder, "a.new"), join(folder, "a.yml"));
  await second;
});

test("changes that come close together are one", async () => {
  watch.follow([folder]);
  let count = 0;
  const counted = () =>
    new Promise<void>((resolve) => {
      change = () => {
        count += 1;
        resolve();
      };
    });
  for (let round = 1; round <= 2; round++) {
    const told = counted();
    for (let i = 0; i < 20; i++) writeFileSync(join(folder, "a.yml"), String(i));
    await told;
    expect(count).toBe(round);
  }
});

test("following says whether a folder is watched for the first time", () => {
  mkdirSync(join(folder, "flows"));
  expect(watch.follow([folder])).toBe(true);
  expect(watch.follow([folder])).toBe(false);
  expect(watch.follow([folder, join(folder, "flows")])).toBe(true);
});

test("a folder that took the place of another is watched anew", async () => {
  const flows = join(folder, "flows");
  mkdirSync(flows);
  watch.follow([flows]);
  renameSync(flows, join(folder, "old"));
  mkdirSync(flows);
  expect(watch.follow([flows])).toBe(true);
  const seen = changed();
  writeFileSync(join(flows, "a.yml"), "1");
  await seen;
});

test("a folder that is not there is no error, and is watched when it is", () => {
  const flows = join(folder, "flows");
  expect(watch.follow([flows])).toBe(false);
  mkdirSync(flows);
  expect(watch.follow([flows])).toBe(true);
  expect(errors).toEqual([]);
});
