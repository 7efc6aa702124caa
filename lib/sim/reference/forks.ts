/** Parallel and foreach: what the branches come to together (fdl.md §3.5, §3.6, rules PAR, EACH). */
import type { Json } from "../../fdl/json.ts";
import { type Failure, near, type Run } from "./run.ts";

/** The end of a list of steps: with the frame's local. */
export interface ListDone {
  readonly kind: "done";
  readonly local: Json;
  readonly at: number;
}

/**
 * Runs branches, at most `concurrency` at a time, from `at` on; each begins when one before it has ended. They fail as
 * soon as one fails, with its error: the first one, or any that may have been the first.
 */
export function together(
  run: Run,
  branches: readonly ((at: number) => ListDone | Failure)[],
  concurrency: number,
  at: number,
): ListDone | Failure {
  const free: number[] = [];
  const locals: Json[] = [];
  const failures: Failure[] = [];
  let over = at;
  for (const [index, branch] of branches.entries()) {
    // Behind as many failures no branch begins: the first of them has ended the step.
    if (failures.length === concurrency) break;
    const begin = index < concurrency ? at : earliest(free);
    const end = branch(begin);
    if (end.kind === "failed") {
      failures.push(end);
      continue;
    }
    locals.push(end.local);
    free.push(end.at);
    over = Math.max(over, end.at);
  }
  const [first, ...others] = failures.toSorted((one, other) => one.at - other.at);
  return first === undefined ? { kind: "done", local: locals, at: over } : oneOf(run, first, others);
}

/** Takes the time at which the first place becomes free. */
function earliest(free: number[]): number {
  const first = free.reduce((best, time, at) => (time < (free[best] ?? 0) ? at : best), 0);
  return free.splice(first, 1)[0] ?? 0;
}

function oneOf(run: Run, first: Failure, others: readonly Failure[]): Failure {
  const possible = [first];
  for (const each of others) {
    const known = possible.some(({ error, cause }) => error === each.error && cause === each.cause);
    if (!known && (run.world.late || near(each.at, first.at))) possible.push(each);
  }
  return possible.length === 1 ? first : (possible[run.choose(possible.length)] ?? first);
}
