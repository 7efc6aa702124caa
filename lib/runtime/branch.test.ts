import { expect, it } from "vitest";
import { ancestorForks, childBranch, forkOf, ROOT } from "./branch.ts";

it("names a child by its parent, the seq of the fork and its index", () => {
  expect(childBranch(ROOT, 3, 0)).toBe("3.0");
  expect(childBranch("3.0", 7, 12)).toBe("3.0.7.12");
});

it("finds the fork and the index again", () => {
  expect(forkOf("s", "3.0")).toEqual({ fork: { startId: "s", branch: ROOT, seq: 3 }, index: 0 });
  expect(forkOf("s", "3.0.17.12")).toEqual({ fork: { startId: "s", branch: "3.0", seq: 17 }, index: 12 });
  expect(forkOf("s", ROOT)).toBeUndefined();
});

it("lists all forks above a branch, nearest first", () => {
  expect(ancestorForks("s", "3.0.7.2.1.9")).toEqual([
    { startId: "s", branch: "3.0.7.2", seq: 1 },
    { startId: "s", branch: "3.0", seq: 7 },
    { startId: "s", branch: ROOT, seq: 3 },
  ]);
  expect(ancestorForks("s", ROOT)).toEqual([]);
});
