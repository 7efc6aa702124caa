/** Retry policies: which one applies to an error, and how long to wait (fdl.md §6.3, §10 rows 8 to 14). */
import type { CatchPolicy, RetryPolicy, Step } from "../fdl/definition.ts";
import { callsFunction } from "./calls.ts";
import type { Attempts } from "./state.ts";

export const FIRST_ATTEMPT: Attempts = { retryCount: 0, used: [] };

/** The next attempt that a step's policies allow after `error`, and its delay in ms; undefined when they allow none. */
export function nextAttempt(
  step: Step & { readonly retry: readonly RetryPolicy[] },
  error: string,
  { retryCount, used }: Attempts,
): { readonly attempts: Attempts; readonly delay: number } | undefined {
  const index = step.retry.findIndex((policy) => matches(policy, step, error));
  const policy = step.retry[index];
  const before = used[index] ?? 0;
  // A policy that is used up does not hand over to a later one.
  if (policy === undefined || before >= policy.maxAttempts) return undefined;
  const counted = step.retry.map((_, at) => (used[at] ?? 0) + (at === index ? 1 : 0));
  return { attempts: { retryCount: retryCount + 1, used: counted }, delay: delayOf(policy, before) };
}

/** Milliseconds before the retry that follows `before` retries of the same policy. */
function delayOf({ intervalSeconds, multiplier, maxIntervalSeconds }: RetryPolicy, before: number): number {
  const factor = Math.min(multiplier ** before, Number.MAX_VALUE); // 0 times infinity would be no number
  return Math.round(Math.min(intervalSeconds * factor, maxIntervalSeconds) * 1000);
}

/** Whether a policy names the error: exactly, by `FnF.ALL`, or for an exception of a function, also of one in a branch, by `FC.` and its class (§10 row 10). */
export function matches({ errors }: RetryPolicy | CatchPolicy, step: Step, error: string): boolean {
  return (
    errors.includes(error) ||
    errors.includes("FnF.ALL") ||
    ((step.type !== "task" || callsFunction(step)) && isException(error) && errors.includes(`FC.${error}`))
  );
}

/** Errors of the services have a dot in their names, classes of exceptions have none (fdl.md §6.2). */
function isException(error: string): boolean {
  return !error.includes(".");
}
