import { describe, expect, it } from "vitest";
import type { Problem } from "./definition.ts";
import { type Finding, formatProblem, problemsOf, quote } from "./problem.ts";

const problem: Problem = { severity: "error", line: 12, column: 7, message: "Something is wrong." };

describe("formatProblem", () => {
  it("writes as compilers do", () => {
    expect(formatProblem(problem, "flows/a.yml")).toBe("flows/a.yml:12:7: error: Something is wrong.");
  });

  it("names the step", () => {
    expect(formatProblem({ ...problem, severity: "warning", step: 'pay "now"' }, "a.yml")).toBe(
      'a.yml:12:7: warning: step "pay \\"now\\"": Something is wrong.',
    );
  });
});

describe("problemsOf", () => {
  const positionOf = (at: number) => ({ line: at, column: 1 });
  const finding = (at: number, message: string, severity: Finding["severity"] = "error"): Finding => ({
    severity,
    at,
    message,
  });

  it("goes through the text from top to bottom, and keeps the order of one place", () => {
    const found = [finding(10, "d"), finding(2, "b"), finding(2, "a"), finding(1, "c")];
    expect(problemsOf(found, positionOf)).toEqual([
      { severity: "error", line: 1, column: 1, message: "c" },
      { severity: "error", line: 2, column: 1, message: "b" },
      { severity: "error", line: 2, column: 1, message: "a" },
      { severity: "error", line: 10, column: 1, message: "d" },
    ]);
  });

  it("keeps the step", () => {
    expect(problemsOf([{ ...finding(1, "a"), step: "s" }], positionOf)).toEqual([
      { severity: "error", line: 1, column: 1, step: "s", message: "a" },
    ]);
  });

  it("tells once what was found twice at one place", () => {
    const found = [finding(1, "a"), finding(1, "a"), finding(2, "a"), finding(1, "b")];
    expect(problemsOf(found, positionOf).map(({ line, message }) => `${line} ${message}`)).toEqual([
      "1 a",
      "1 b",
      "2 a",
    ]);
  });

  const flood = (length: number, severity: Finding["severity"]) =>
    Array.from({ length }, (_, at) => finding(at, "x", severity));

  it("shows a thousand problems in full", () => {
    expect(problemsOf(flood(1000, "warning"), positionOf)).toHaveLength(1000);
  });

  it("counts those past a thousand", () => {
    const problems = problemsOf(flood(1002, "warning"), positionOf);
    expect(problems).toHaveLength(1001);
    expect(problems.at(-1)).toEqual({
      severity: "warning",
      line: 1000,
      column: 1,
      message: "There are 2 more problems from here on.",
    });
  });

  it("does not hide that one of those past a thousand is an error", () => {
    const problems = problemsOf([...flood(1002, "warning"), finding(5000, "y")], positionOf);
    expect(problems.at(-1)).toMatchObject({ severity: "error", message: "There are 3 more problems from here on." });
  });
});

describe("quote", () => {
  it.each([
    ["plain", '"plain"'],
    ['a "b"\n', '"a \\"b\\"\\n"'],
    ["x".repeat(60), `"${"x".repeat(60)}"`],
    ["x".repeat(61), `"${"x".repeat(60)}…"`],
  ])("of %j is %s", (text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });
});
