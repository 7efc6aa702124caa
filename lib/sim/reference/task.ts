/** One attempt of a task: its call, the wait for what is reported, and what of it becomes the step's local (fdl.md §3.1). */
import type { TaskStep } from "../../fdl/definition.ts";
import type { Json, JsonObject } from "../../fdl/json.ts";
import { type Answered, type Attempt, call } from "./calls.ts";
import { type Failure, failure, inTime, type Run, type Said } from "./run.ts";
import { tokenOf, UNSPECIFIED } from "./unspecified.ts";
import { isMap, jsonIn } from "./value.ts";

interface AttemptDone {
  readonly kind: "done";
  readonly input: JsonObject;
  readonly local: Json;
  readonly at: number;
}

/** Makes an attempt; `inputOf` is the step's input when the attempt has this token (RETRY-08). */
export function attempt(
  run: Run,
  step: TaskStep,
  inputOf: (token: string) => JsonObject,
  retryCount: number,
  at: number,
): AttemptDone | Failure {
  const token = tokenOf(++run.attempts);
  run.said.set(token, []);
  const input = inputOf(token);
  const due = step.timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : at + step.timeoutSeconds * 1000;
  const made: Attempt = { run, step, input, retryCount, token, at, due };
  const answered = call(made);
  const result = answered.kind === "done" ? awaited(made, answered) : answered;
  if (result.kind === "failed") return result;
  const local = decoded(result.response);
  if (step.outputMappings === undefined && !isMap(local)) return failure("FnF.InvalidLocal", UNSPECIFIED, result.at);
  return { kind: "done", input, local, at: result.at };
}

/** What a task that waits is told, or what was answered to one that does not. */
function awaited(made: Attempt, answered: Answered): Answered | Failure {
  const { run, step, token, due } = made;
  if (answered.said !== undefined) {
    const told = heard(answered.said, answered.at);
    return inTime(run, told.at, due) ? told : timedOut(due);
  }
  if (step.pattern !== "waitForCallback") return answered;
  const reports = (run.said.get(token) ?? []).toSorted((one, other) => one.at - other.at);
  const patience = (step.heartbeatSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  let alive = answered.at;
  for (const report of reports) {
    const limit = Math.min(due, alive + patience);
    const told = heard(report, answered.at);
    if (!inTime(run, told.at, limit)) return timedOut(limit);
    if (report.kind !== "beats") return told;
    alive = told.at;
  }
  const limit = Math.min(due, alive + patience);
  // Nobody reports: it waits as long as the execution lasts (CB-07).
  return limit === Number.POSITIVE_INFINITY ? { kind: "done", response: {}, at: limit } : timedOut(limit);
}

/** A report as the step sees it: not before the call has returned (CB-09). */
function heard(said: Said, answeredAt: number): Answered | Failure {
  const at = Math.max(said.at, answeredAt);
  if (said.kind === "failed") return { thrown: false, ...said, kind: "failed", at };
  return { kind: "done", response: said.kind === "succeeded" ? said.output : undefined, at };
}

function timedOut(at: number): Failure {
  return failure("FnF.TaskTimeout", UNSPECIFIED, at);
}

/** TASK-04, TASK-05 */
function decoded(result: Json | undefined): Json {
  const held = typeof result === "string" ? jsonIn(result) : undefined;
  const value = held === undefined ? result : held;
  return value === undefined || value === null || value === "" ? {} : value;
}
