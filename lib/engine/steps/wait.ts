/** `wait`: a timer, unless there is nothing to wait for (fdl.md §3.3, §10 rows 25b, 57). */
import { toNumber } from "../../fdl/compare.ts";
import type { WaitStep } from "../../fdl/definition.ts";
import type { Json, JsonObject } from "../../fdl/json.ts";
import { MAX_SECONDS } from "../../fdl/limits.ts";
import { evaluateParam } from "../../fdl/mapping.ts";
import { parseTimestamp } from "../../fdl/timestamp.ts";
import { failBranch } from "../fail-branch.ts";
import { finish } from "../finish.ts";
import { accepted, InvalidInput } from "../invalid-input.ts";
import { firstInput, inputAgain, type Next, type Run, record, suspend } from "../run.ts";

export function enterWait(run: Run, step: WaitStep): Next {
  const input = firstInput(run, step);
  record(run, "StepStarted", step.name, { input });
  const due = accepted(() => dueOf(run, step, input));
  if ("failure" in due) return failBranch(run, due.failure);
  if (due.value <= run.time) return finish(run, step, { input, local: {} });
  return suspend(run, { kind: "wait" }, { kind: "timer", due: due.value, purpose: "wait" });
}

export function waitElapsed(run: Run, step: WaitStep): Next {
  return finish(run, step, { input: inputAgain(run, step), local: {} });
}

/** When the wait is over, ms since the epoch; a missing value is no wait. */
function dueOf(run: Run, { name, duration, timestamp }: WaitStep, input: JsonObject): number {
  const [kind, param] = timestamp === undefined ? ["duration", duration] : ["timestamp", timestamp];
  const value = param && evaluateParam(param, input);
  if (value === undefined) {
    run.env.warn?.(name, `${kind} is missing in the step's input, so there is no wait.`);
    return run.time;
  }
  const due = kind === "duration" ? afterSeconds(run.time, value) : momentOf(value);
  if (due - run.time <= MAX_SECONDS * 1000) return due;
  throw new InvalidInput(`${kind} is more than a year away; that is the longest wait.`);
}

function afterSeconds(now: number, value: Json): number {
  const seconds = toNumber(value);
  if (seconds === undefined)
    throw new InvalidInput("duration must be a number of seconds, or a string that holds one.");
  return now + Math.round(seconds * 1000);
}

function momentOf(value: Json): number {
  const moment = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (moment === undefined) {
    throw new InvalidInput("timestamp must be a time as of RFC 3339, such as 2030-01-31T08:00:00Z.");
  }
  return moment;
}
