/** `task`: starting an attempt (fdl.md §3.1, §7.2). What becomes of it is in task-outcome.ts. */
import type { TaskStep } from "../../fdl/definition.ts";
import type { JsonObject } from "../../fdl/json.ts";
import { callOf } from "../calls.ts";
import { mapsToken } from "../data.ts";
import type { Call, TaskEffect } from "../effect.ts";
import { accepted } from "../invalid-input.ts";
import { raise } from "../raise.ts";
import { firstInput, inputAgain, type Next, type Run, record, suspend } from "../run.ts";
import type { Attempts } from "../state.ts";

/** A retry has the same input but for the token (fdl.md §6.3), so only the first attempt tells of missing paths. */
export function attemptTask(run: Run, step: TaskStep, attempts: Attempts): Next {
  const held: { readonly token?: string } = mapsToken(step) ? { token: run.env.token() } : {};
  const input = (attempts.retryCount === 0 ? firstInput : inputAgain)(run, step, held.token);
  record(run, "TaskScheduled", step.name, scheduled(step, input));
  const call = accepted(() => callOf(step, input));
  if ("failure" in call) {
    record(run, "TaskFailed", step.name, { ...call.failure });
    return raise(run, step, input, attempts, call.failure);
  }
  record(run, "TaskStarted", step.name, {});
  if (!isSubmitted(step, call.value)) {
    return suspend(run, { kind: "call", attempts, ...held }, effectOf("invoke", step, call.value, attempts));
  }
  const token = held.token ?? run.env.token();
  return suspend(
    run,
    { kind: "submit", attempts, token, startedAt: run.time },
    effectOf("submit", step, call.value, attempts),
  );
}

function scheduled({ resourceArn, pattern, timeoutSeconds }: TaskStep, input: JsonObject): JsonObject {
  return { input, resourceArn, pattern, ...(timeoutSeconds !== undefined && { timeoutSeconds }) };
}

/** Whether the call is only submitted and its outcome reported; `sync` otherwise is as requestResponse (fdl.md §10 row 16). */
function isSubmitted({ pattern }: TaskStep, call: Call): boolean {
  if (pattern === "waitForCallback") return true;
  return pattern === "sync" && (call.kind === "flow" || (call.kind === "function" && call.invocationType === "Async"));
}

function effectOf(kind: TaskEffect["kind"], step: TaskStep, call: Call, { retryCount }: Attempts): TaskEffect {
  const { name, pattern, timeoutSeconds, heartbeatSeconds, onLost } = step;
  return {
    kind,
    step: name,
    call,
    pattern,
    retryCount,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
    onLost,
  };
}
