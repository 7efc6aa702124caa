/** Making a task's call and holding its lease while it runs (architecture §3: Visibility, Invoking). */
import type { Event, TaskEffect } from "../engine/index.ts";
import { holding, type IsHeld } from "./holding.ts";
import { pinned } from "./pins.ts";
import type { AttemptContext, CallResult, Invocation } from "./ports/functions.ts";
import type { Hold } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { startChild } from "./start.ts";
import { type Attempt, attemptId, mintToken } from "./token.ts";
import { trace } from "./trace.ts";
import type { Work } from "./work.ts";

/** A throttled call was not executed: it is tried again this often, after these pauses, before the task fails with FC.ResourceThrottled. */
const THROTTLE_PAUSES_MS: readonly number[] = [200, 400, 800];

/** The error of an attempt of which is not known whether it was made (fdl.md §12 `onLost`). */
export const LOST = "FnF.TaskLost";

/** The event that the call came to; undefined: the lease was lost and nothing more may be done. */
export async function callTask(
  runtime: Runtime,
  work: Work,
  hold: Hold,
  effect: TaskEffect,
): Promise<Event | undefined> {
  const { clock } = runtime.ports;
  const { strand, lease, again } = hold;
  if (lease === undefined) throw new Error("a call without a lease");
  if (again && effect.onLost === "fail") {
    const cause = "The worker that ran this attempt was lost; whether the task was executed is not known.";
    return { kind: "taskFailed", at: clock.now(), error: LOST, cause };
  }
  const attempt: Attempt = { ...strand.address, branch: strand.branch, seq: strand.seq };
  const result = await holding(runtime, work, attempt, lease, async (isHeld) =>
    isHeld() ? call(runtime, hold, effect, attempt, isHeld) : undefined,
  );
  if (result === undefined) {
    trace(runtime, work, strand, "leaseLost");
    return undefined;
  }
  return eventOf(effect, result, clock.now());
}

function eventOf(effect: TaskEffect, result: CallResult, at: number): Event {
  switch (result.kind) {
    case "succeeded": {
      const kind = effect.kind === "submit" ? "submitted" : "taskSucceeded";
      // What a function returns is no result where its task waits for a report (fdl.md §3.1.3).
      const none = result.output === undefined || (effect.kind === "submit" && effect.call.kind === "function");
      return none ? { kind, at } : { kind, at, output: result.output };
    }
    case "failed":
      return { kind: "taskFailed", at, error: result.error, cause: result.cause };
    case "throttled":
      return { kind: "taskFailed", at, error: "FC.ResourceThrottled", cause: result.cause };
    case "timedOut":
      return {
        kind: "taskFailed",
        at,
        error: "FnF.TaskTimeout",
        cause: "The task attempt did not end in time.",
        timedOut: true,
      };
    default:
      return result satisfies never;
  }
}

async function call(
  runtime: Runtime,
  { transition }: Hold,
  effect: TaskEffect,
  attempt: Attempt,
  isHeld: IsHeld,
): Promise<CallResult | undefined> {
  const { functions, destinations, keys } = runtime.ports;
  const context: AttemptContext = {
    attemptId: attemptId(attempt),
    flow: attempt.flow,
    execution: attempt.ref.name,
    step: effect.step,
    retryCount: effect.retryCount,
  };
  switch (effect.call.kind) {
    case "function": {
      const { resource, payload, invocationType } = effect.call;
      const limit = Math.min(runtime.settings.maxCallMs, (effect.timeoutSeconds ?? Number.POSITIVE_INFINITY) * 1000);
      const invocation: Invocation = {
        resource: pinned(transition.state, resource),
        payload,
        context,
        ...(Number.isFinite(limit) ? { timeoutMs: limit } : {}),
      };
      if (invocationType === "Sync") return unthrottled(runtime, isHeld, () => functions.invoke(invocation));
      const token = effect.kind === "submit" && effect.pattern === "sync" ? mintToken(keys, attempt) : undefined;
      return unthrottled(runtime, isHeld, () => functions.submit(invocation, token));
    }
    case "queue":
    case "topic":
      return destinations.send(effect.call, context);
    case "flow":
      return startChild(runtime, effect.call, attempt, effect.pattern === "sync");
    default:
      return effect.call satisfies never;
  }
}

/** Undefined: the lease was lost in a pause, and the attempt is another worker's. */
async function unthrottled(
  { ports: { clock } }: Runtime,
  isHeld: IsHeld,
  attempt: () => Promise<CallResult>,
): Promise<CallResult | undefined> {
  for (const pause of THROTTLE_PAUSES_MS) {
    const result = await attempt();
    if (result.kind !== "throttled") return result;
    await clock.sleep(pause);
    if (!isHeld()) return undefined;
  }
  return attempt();
}
