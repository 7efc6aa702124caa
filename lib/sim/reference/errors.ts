/** Retry and catch of a step (fdl.md §6.3, §6.4, rules ERR, RETRY, CATCH). */
import type { ForeachStep, ParallelStep, RetryPolicy, TaskStep } from "../../fdl/definition.ts";
import type { Failure } from "./run.ts";

/** A step that may handle errors. */
export type Handling = TaskStep | ParallelStep | ForeachStep;

/** The attempts of one step that is entered; `attempt` makes one, from `at` on. What the last one came to. */
export function retried<T extends { readonly kind: "done" }>(
  step: Handling,
  at: number,
  attempt: (retryCount: number, at: number) => T | Failure,
): T | Failure {
  const used = new Map<RetryPolicy, number>();
  let begin = at;
  for (let retryCount = 0; ; retryCount++) {
    const result = attempt(retryCount, begin);
    if (result.kind === "done") return result;
    const policy = step.retry.find(({ errors }) => matches(step, errors, result));
    const before = policy === undefined ? 0 : (used.get(policy) ?? 0);
    if (policy === undefined || before >= policy.maxAttempts) return result;
    used.set(policy, before + 1);
    const { intervalSeconds, multiplier, maxIntervalSeconds } = policy;
    begin = result.at + Math.min(intervalSeconds * multiplier ** before, maxIntervalSeconds) * 1000;
  }
}

/** Where a catch of the step leads for this error; undefined: none catches it. */
export function caughtBy(step: Handling, failed: Failure): string | undefined {
  return step.catch.find(({ errors }) => matches(step, errors, failed))?.goto;
}

function matches(step: Handling, errors: readonly string[], { error }: Failure): boolean {
  return errors.some(
    (name) => name === error || name === "FnF.ALL" || (name === `FC.${error}` && mayBeThrown(step, error)),
  );
}

/** An exception of a function, as far as the step can know (ERR-04, MORE-11). */
function mayBeThrown(step: Handling, error: string): boolean {
  return (
    !error.includes(".") && (step.type !== "task" || step.resource.kind === "fc" || step.resource.kind === "function")
  );
}
