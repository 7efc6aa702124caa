/** Answers for callback tasks: in a process of its own nobody else can report, so the user does, beforehand or by a line on stdin. */
import type { Verdict } from "../../engine/index.ts";
import type { Json } from "../../fdl/json.ts";
import { UsageError } from "../usage.ts";

export interface Answer {
  /** A step's name, or a task token. Absent: whichever task has waited longest. */
  readonly step?: string;
  readonly verdict: Verdict;
}

/** `STEP=JSON`: success with that output. Throws UsageError. */
export function parseSuccess(text: string): Answer & { readonly step: string } {
  const [step, json] = splitAt(text, "=", "STEP=JSON");
  const output = parsed(json);
  if (output === undefined) throw new UsageError(`the output for step "${step}" is not valid JSON: ${json}`);
  return { step, verdict: { kind: "succeeded", output: output.value } };
}

/** `STEP=ERROR` or `STEP=ERROR:CAUSE`: failure. Throws UsageError. */
export function parseFailure(text: string): Answer & { readonly step: string } {
  const [step, failure] = splitAt(text, "=", "STEP=ERROR or STEP=ERROR:CAUSE");
  return { step, verdict: failureOf(failure) };
}

/**
 * A line typed while a task waits: `STEP=JSON`, or `JSON` for the task that has waited longest; `fail STEP=ERROR:CAUSE`,
 * or `fail ERROR:CAUSE`. Throws UsageError.
 */
export function parseLine(line: string): Answer {
  const failing = line.match(/^fail\s+(.*)$/s)?.[1];
  if (failing !== undefined) {
    return failing.includes("=") && !failing.split("=")[0]?.includes(":")
      ? parseFailure(failing)
      : { verdict: failureOf(failing) };
  }
  const whole = parsed(line);
  return whole === undefined ? parseSuccess(line) : { verdict: { kind: "succeeded", output: whole.value } };
}

/** Answers given beforehand: those of a step go to its callbacks in turn, the last one to all further ones. */
export function answerBook(answers: readonly Answer[]): (step: string) => Verdict | undefined {
  const used = new Map<string, number>();
  return (step) => {
    const mine = answers.filter((answer) => answer.step === step);
    const turn = used.get(step) ?? 0;
    used.set(step, turn + 1);
    return mine[Math.min(turn, mine.length - 1)]?.verdict;
  };
}

function failureOf(text: string): Verdict {
  const colon = text.indexOf(":");
  const [error, cause] = colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  if (error.trim() === "") throw new UsageError("a failure needs the name of an error: ERROR or ERROR:CAUSE");
  return { kind: "failed", error: error.trim(), cause: cause.trim() };
}

function splitAt(text: string, separator: string, form: string): readonly [string, string] {
  const at = text.indexOf(separator);
  if (at <= 0) throw new UsageError(`${JSON.stringify(text)} is not of the form ${form}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function parsed(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return undefined;
  }
}
