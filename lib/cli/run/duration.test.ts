import { expect, test } from "vitest";
import { duration } from "./duration.ts";

test.each([
  [-5, "0 s"],
  [0, "0 s"],
  [12, "0.012 s"],
  [1_000, "1 s"],
  [9_999, "9.999 s"],
  [61_540, "61.5 s"],
  [119_999, "120 s"],
  [120_000, "2 min"],
  [3_725_000, "1 h 2 min"],
  [90_061_000, "1 d 1 h"],
  [31_536_000_000, "365 d"],
])("%d ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});
