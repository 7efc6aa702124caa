import { describe, expect, test } from "vitest";
import { causeLines, causeText } from "./cause.ts";

const FUNCTION_ERROR = JSON.stringify({
  errorMessage: "no\nfunds",
  errorType: "CardDeclined",
  stackTrace: ["at pay (/work/shop.mjs:3:11)", "at run (node:internal/process:1:1)"],
});

describe("in a line of progress", () => {
  test.each([
    ["", ""],
    ["plain text", "plain text"],
    ["two\n  lines", "two lines"],
    [FUNCTION_ERROR, "no funds"],
    ["{}", "{}"],
    ['{"errorMessage":5}', '{"errorMessage":5}'],
    ["null", "null"],
    ["x".repeat(301), `${"x".repeat(300)}…`],
  ])("%j is %j", (cause, text) => {
    expect(causeText(cause)).toBe(text);
  });
});

describe("at the end of a run", () => {
  test("a function's error shows its message and where in the function it was thrown", () => {
    expect(causeLines(FUNCTION_ERROR)).toEqual(["cause: no", "funds", "    at pay (/work/shop.mjs:3:11)"]);
  });

  test("a text is shown in full", () => {
    expect(causeLines("x".repeat(1_000))).toEqual([`cause: ${"x".repeat(1_000)}`]);
  });
});
