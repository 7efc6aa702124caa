/** An error of a step that may handle it: retry first, then catch, else the branch fails (fdl.md §6.3, §6.4, §12). */
import type { ForeachStep, Mapping, ParallelStep, TaskStep } from "../fdl/definition.ts";
import type { JsonObject } from "../fdl/json.ts";
import { map } from "./data.ts";
import { type Failure, failBranch } from "./fail-branch.ts";
import { checkSize, exit } from "./finish.ts";
import { matches, nextAttempt } from "./retry.ts";
import { here, type Next, type Run, suspend, warnMissing } from "./run.ts";
import type { Attempts } from "./state.ts";

export type HandlingStep = TaskStep | ParallelStep | ForeachStep;

/** Raises an error of the current step. */
export function raise(run: Run, step: HandlingStep, input: JsonObject, attempts: Attempts, failure: Failure): Next {
  const next = nextAttempt(step, failure.error, attempts);
  if (next !== undefined) return retry(run, next.attempts, next.delay);
  const policy = step.catch.find((each) => matches(each, step, failure.error));
  if (policy === undefined) return failBranch(run, failure);
  const { error, cause } = failure;
  const local = { error, cause };
  const output = caughtOutput(run, step, input, local);
  const tooLarge = checkSize(run, step, input, local, output);
  if (tooLarge !== undefined) return tooLarge;
  return exit(run, step, input, output, { error, cause, retryCount: attempts.retryCount }, policy.goto);
}

function retry(run: Run, attempts: Attempts, delay: number): Next {
  if (delay > 0)
    return suspend(run, { kind: "retry", attempts }, { kind: "timer", due: run.time + delay, purpose: "retry" });
  run.again = attempts;
  return undefined;
}

/** `outputMappings` do not run after a catch; without `errorMappings` only an `action:` task shows its error (fdl.md §6.4). */
function caughtOutput(run: Run, step: HandlingStep, input: JsonObject, local: JsonObject): JsonObject {
  if (step.errorMappings !== undefined) {
    return map(
      step.errorMappings.map(withCode),
      input,
      local,
      here(run, step),
      warnMissing(run, step.name, "errorMappings"),
    );
  }
  return step.type === "task" && step.action ? local : {};
}

/** `$local.code` means `$local.error` (fdl.md §10 row 7). */
function withCode(mapping: Mapping): Mapping {
  const { source } = mapping;
  if (source.kind !== "path" || source.root !== "local") return mapping;
  const [first, ...rest] = source.path;
  if (first?.kind !== "key" || first.key !== "code") return mapping;
  return { ...mapping, source: { ...source, path: [{ kind: "key", key: "error" }, ...rest] } };
}
