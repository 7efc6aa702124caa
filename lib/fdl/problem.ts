/** What a check found: first by its offset in the text, then as a problem with line and column, then as a compiler's line. */
import type { Problem } from "./definition.ts";
import { MAX_PROBLEMS } from "./limits.ts";
import type { Position } from "./position.ts";

export interface Finding {
  readonly severity: Problem["severity"];
  /** Offset in the definition's text. */
  readonly at: number;
  readonly step?: string;
  readonly message: string;
}

/**
 * The findings in the order of the text. What was found again at the same place (an alias used twice) is told once, and
 * of a flood the first ones.
 */
export function problemsOf(findings: readonly Finding[], positionOf: (at: number) => Position): readonly Problem[] {
  const distinct = new Map<string, Finding>();
  for (const finding of findings.toSorted((a, b) => a.at - b.at)) {
    const key = `${finding.at} ${finding.message}`;
    if (!distinct.has(key)) distinct.set(key, finding);
  }
  const all = [...distinct.values()];
  const shown = all.slice(0, MAX_PROBLEMS);
  const rest = all.slice(MAX_PROBLEMS);
  return [...shown, ...summary(rest)].map(({ at, ...finding }) => ({ ...finding, ...positionOf(at) }));
}

/** What stands for the problems that are not shown; an error when one of them is. */
function summary(rest: readonly Finding[]): readonly Finding[] {
  const [first] = rest;
  if (first === undefined) return [];
  const severity = rest.some((finding) => finding.severity === "error") ? "error" : "warning";
  return [{ severity, at: first.at, message: `There are ${rest.length} more problems from here on.` }];
}

/**
 * One line for a terminal, as compilers write it.
 *
 * @example
 * formatProblem(problem, "flow.yml"); // flow.yml:12:7: error: step "pay": "end" must be true or false …
 */
export function formatProblem(problem: Problem, file: string): string {
  const step = problem.step === undefined ? "" : `step ${quote(problem.step)}: `;
  return `${file}:${problem.line}:${problem.column}: ${problem.severity}: ${step}${problem.message}`;
}

const LONGEST_QUOTE = 60;

/** A text of the user in a message: in quotes, on one line, and cut when it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
