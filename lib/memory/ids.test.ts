import { expect, test } from "vitest";
import { countingIds, randomIds } from "./ids.ts";

test("counted ids are the same each time, by their prefix", () => {
  const ids = [countingIds("a"), countingIds("a"), countingIds("b")].map((source) => [source.next(), source.next()]);
  expect(ids).toEqual([
    ["a-1", "a-2"],
    ["a-1", "a-2"],
    ["b-1", "b-2"],
  ]);
});

test("random ids never repeat and are made of letters, digits and hyphens", () => {
  const source = randomIds();
  const ids = Array.from({ length: 10_000 }, () => source.next());
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[a-zA-Z0-9-]+$/.test(id))).toBe(true);
});
