/** Retry and catch of a step (fdl.md §6.3, §6.4, rules ERR, RETRY, CATCH). */
import type { ErrorHandling, RetryPolicy } from "../../fdl/definition.ts";
import type { Failure } from "./run.ts";

/** The attempts of one step that is entered; `attempt` makes one, from `at` on. What the last one came to. */
export function retried<T extends { readonly kind: "done" }>(
  { retry }: ErrorHandling,
  at: number,
  attempt: (retryCount: number, at: number) => T | Failure,
): T | Failure {
  const used = new Map<RetryPolicy, number>();
  let begin = at;
  for (let retryCount = 0; ; retryCount++) {
    const result = attempt(retryCount, begin);
    if (result.kind === "done") return result;
    const policy = retry.find(({ errors }) => matches(errors, result));
    const before = policy === undefined ? 0 : (used.get(policy) ?? 0);
    if (policy === undefined || before >= policy.maxAttempts) return result;
    used.set(policy, before + 1);
    const { intervalSeconds, multiplier, maxIntervalSeconds } = policy;
    begin = result.at + Math.min(intervalSeconds * multiplier ** before, maxIntervalSeconds) * 1000;
  }
}

/** Where a catch of the step leads for this error; undefined: none catches it. */
export function caughtBy(step: ErrorHandling, failed: Failure): string | undefined {
  return step.catch.find(({ errors }) => matches(errors, failed))?.goto;
}

function matches(errors: readonly string[], { error, thrown }: Failure): boolean {
  return errors.some((name) => name === error || name === "FnF.ALL" || (thrown && name === `FC.${error}`));
}
