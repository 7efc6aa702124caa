/** When what waits is due: worked out from the definition and the journal's times, and held against what was recorded. */
import type { State, Transition } from "../../lib/engine/index.ts";
import { stepOf } from "../../lib/engine/index.ts";
import type { Flow, RetryPolicy, Step } from "../../lib/fdl/definition.ts";
import type { Entry } from "../../lib/runtime/ports/journal.ts";

/** What is wrong with the due time of an entry; `before` is the entry before it in its branch. */
export function checkDue(
  flow: Flow,
  { state, effect }: Transition,
  entry: Entry,
  before: Entry | undefined,
): readonly string[] {
  const right = rightTimes(stepOf(flow, state), state, effect, entry, before);
  if (right === undefined || right.includes(entry.due)) return [];
  return [`entry ${entry.branch}#${entry.seq} is due at ${entry.due}, not at ${right.join(" or ")}`];
}

/** undefined: anything is right. */
function rightTimes(
  step: Step | undefined,
  { waiting }: State,
  effect: Transition["effect"],
  { at }: Entry,
  before: Entry | undefined,
): readonly (number | undefined)[] | undefined {
  if (effect.kind === "timer" && waiting.kind === "retry" && step !== undefined && "retry" in step)
    return waiting.attempts.used.flatMap((used, index) => pauseBefore(step.retry[index], used, at));
  if (effect.kind === "timer" && step?.type === "wait" && step.duration?.kind === "constant")
    return [at + Math.round(Number(step.duration.value) * 1000)];
  if (effect.kind === "awaitVerdict" && step?.type === "task" && before !== undefined)
    return [earliest(after(before.at, step.timeoutSeconds), after(at, step.heartbeatSeconds))];
  return undefined;
}

/** When the retry that is a policy's `used`-th begins; none when it is not that policy's turn. */
function pauseBefore(policy: RetryPolicy | undefined, used: number, at: number): readonly number[] {
  if (policy === undefined || used === 0) return [];
  let seconds = policy.intervalSeconds;
  for (let times = 1; times < used; times++) seconds *= policy.multiplier;
  return [at + Math.round(Math.min(seconds, policy.maxIntervalSeconds) * 1000)];
}

function after(at: number, seconds: number | undefined): number {
  return seconds === undefined ? Number.POSITIVE_INFINITY : at + seconds * 1000;
}

function earliest(one: number, other: number): number | undefined {
  const due = Math.min(one, other);
  return Number.isFinite(due) ? due : undefined;
}
