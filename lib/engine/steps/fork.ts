/** `parallel` and `foreach`: the fork into branches or lanes, and the join (fdl.md §3.5, §3.6, §12; architecture §5). */
import type { ForeachStep, ParallelStep } from "../../fdl/definition.ts";
import type { Json, JsonObject } from "../../fdl/json.ts";
import { CoreError } from "../core-error.ts";
import type { BranchOutput, Event } from "../event.ts";
import type { Failure } from "../fail-branch.ts";
import { finish } from "../finish.ts";
import { collectionOf } from "../frames.ts";
import { raise } from "../raise.ts";
import { firstInput, inputAgain, type Next, type Run, record, suspend } from "../run.ts";
import type { Attempts, Waiting } from "../state.ts";

type Forked = Extract<Waiting, { kind: "fork" }>;

/** Runs the whole step, also again after an error. */
export function attemptFork(run: Run, step: ParallelStep | ForeachStep, attempts: Attempts): Next {
  const input = (attempts.retryCount === 0 ? firstInput : inputAgain)(run, step);
  record(run, "StepStarted", step.name, { input });
  const span = spanOf(step, input);
  if ("error" in span) return raise(run, step, input, attempts, span);
  if (span.count === 0) return finish(run, step, { input, local: [], attempts });
  return suspend(run, { kind: "fork", attempts, ...span }, { kind: "fork", branches: span.width });
}

/** How many branches or lanes a step forks into, and how many branches or items they run. */
function spanOf(step: ParallelStep | ForeachStep, input: JsonObject): Pick<Forked, "width" | "count"> | Failure {
  if (step.type === "parallel") return { width: step.branches.length, count: step.branches.length };
  const count = collectionOf(step, input)?.length;
  if (count !== undefined) return { width: Math.min(count, step.concurrency), count };
  const { text } = step.iterationMapping.collection;
  const cause = `The collection ${text} of step "${step.name}" is missing in its input, or is no array.`;
  return { error: "FnF.InvalidInput", cause };
}

/** All branches are done. */
export function forkJoined(
  run: Run,
  step: ParallelStep | ForeachStep,
  waiting: Forked,
  event: Extract<Event, { kind: "joined" }>,
): Next {
  run.events += event.events;
  run.cause = { in: "child", index: event.last };
  const input = inputAgain(run, step);
  return finish(run, step, { input, local: inOrder(event.outputs, waiting), attempts: waiting.attempts });
}

/** Locals in the order of the branches or items: lane k of W lanes ran the items k, k + W, k + 2W, … */
function inOrder(outputs: readonly BranchOutput[], { width, count }: Forked): readonly Json[] {
  const locals: JsonObject[] = [];
  for (let item = 0; item < count; item += 1) {
    const local = outputs[item % width]?.locals[Math.floor(item / width)];
    if (local === undefined) throw new CoreError(`The join lacks the output of item ${item}.`);
    locals.push(local);
  }
  return locals;
}

/** A branch failed; the others no longer matter (fdl.md §10 rows 28, 54). */
export function forkFailed(
  run: Run,
  step: ParallelStep | ForeachStep,
  { attempts }: Forked,
  { index, error, cause }: Extract<Event, { kind: "branchFailed" }>,
): Next {
  run.cause = { in: "child", index };
  return raise(run, step, inputAgain(run, step), attempts, { error, cause });
}
