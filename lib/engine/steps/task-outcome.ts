/** `task`: what becomes of an attempt, whether its call answers or its outcome is reported (fdl.md §3.1.2, §3.1.3, §7.2). */
import type { TaskStep } from "../../fdl/definition.ts";
import { isObject, type Json, type JsonObject } from "../../fdl/json.ts";
import { isAsync } from "../calls.ts";
import { mapsToken } from "../data.ts";
import type { Event, Verdict } from "../event.ts";
import type { Failure } from "../fail-branch.ts";
import { finish } from "../finish.ts";
import type { HistoryType } from "../history.ts";
import { raise } from "../raise.ts";
import { localOf } from "../result.ts";
import { inputAgain, type Next, type Run, record, suspend } from "../run.ts";
import type { Attempts, Waiting } from "../state.ts";

type Of<T extends { readonly kind: string }, K extends T["kind"]> = Extract<T, { readonly kind: K }>;

/** The call returned. */
export function taskSucceeded(run: Run, step: TaskStep, waiting: Of<Waiting, "call">, output: Json | undefined): Next {
  const input = inputAgain(run, step, waiting.token);
  return succeed(run, step, input, waiting.attempts, output, isAsync(step, input) ? {} : localOf(step, output));
}

/** The call failed, or was not accepted. */
export function taskFailed(
  run: Run,
  step: TaskStep,
  waiting: Of<Waiting, "call" | "submit">,
  event: Of<Event, "taskFailed">,
): Next {
  const type = event.timedOut ? "TaskTimedOut" : waiting.kind === "submit" ? "TaskSubmitFailed" : "TaskFailed";
  return fail(run, step, inputAgain(run, step, waiting.token), waiting.attempts, event, type);
}

/** The call was accepted: the outcome will be reported, within `timeoutSeconds` of the attempt's start. */
export function taskSubmitted(
  run: Run,
  step: TaskStep,
  { attempts, token, startedAt }: Of<Waiting, "submit">,
  output: Json | undefined,
): Next {
  record(run, "TaskSubmitted", step.name, { output: { ...(isObject(output) && output), taskToken: token } });
  const { timeoutSeconds, heartbeatSeconds } = step;
  return suspend(
    run,
    { kind: "verdict", attempts, ...(mapsToken(step) && { token }) },
    {
      kind: "awaitVerdict",
      ...(timeoutSeconds !== undefined && { due: startedAt + timeoutSeconds * 1000 }),
      ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
    },
  );
}

/** The outcome was reported, or was due and was not. */
export function taskReported(
  run: Run,
  step: TaskStep,
  { attempts, token }: Of<Waiting, "verdict">,
  verdict: Verdict,
): Next {
  const input = inputAgain(run, step, token);
  switch (verdict.kind) {
    case "succeeded":
      return succeed(run, step, input, attempts, verdict.output, localOf(step, verdict.output));
    case "failed":
      // A child flow may end without an error name (fdl.md §10 rows 18, 38).
      return fail(
        run,
        step,
        input,
        attempts,
        { error: verdict.error || "FnF.RuntimeError", cause: verdict.cause },
        "TaskFailed",
      );
    case "timedOut":
      return fail(run, step, input, attempts, { error: "FnF.TaskTimeout", cause: lateness(step) }, "TaskTimedOut");
    default:
      return verdict satisfies never;
  }
}

function succeed(
  run: Run,
  step: TaskStep,
  input: JsonObject,
  attempts: Attempts,
  output: Json | undefined,
  local: Json | undefined,
): Next {
  if (local === undefined) {
    const cause = `The result of step "${step.name}" is no JSON object. Return an object, or pick from the result in outputMappings.`;
    return fail(run, step, input, attempts, { error: "FnF.InvalidLocal", cause }, "TaskFailed");
  }
  record(run, "TaskSucceeded", step.name, output === undefined ? {} : { output });
  return finish(run, step, { input, local, attempts });
}

function fail(
  run: Run,
  step: TaskStep,
  input: JsonObject,
  attempts: Attempts,
  { error, cause }: Failure,
  type: HistoryType,
): Next {
  record(run, type, step.name, { error, cause });
  return raise(run, step, input, attempts, { error, cause });
}

function lateness({ name, timeoutSeconds, heartbeatSeconds }: TaskStep): string {
  const limits = Object.entries({ timeoutSeconds, heartbeatSeconds }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${value}`],
  );
  return `Step "${name}" was not reported in time (${limits.join(", ")}).`;
}
