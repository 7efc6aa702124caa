/** The end of a step: its output, the size of its data, the merge into its frame, and where to go from there (fdl.md §2.2, §5). */
import type { FailStep, Step } from "../fdl/definition.ts";
import { isObject, type Json, type JsonObject, merge } from "../fdl/json.ts";
import { sizeOf } from "../fdl/json-size.ts";
import { CoreError } from "./core-error.ts";
import { map } from "./data.ts";
import type { Effect } from "./effect.ts";
import { failBranch } from "./fail-branch.ts";
import { here, type Next, type Run, record, topFrame, warnMissing } from "./run.ts";
import type { Attempts } from "./state.ts";

/** A step that can be left by its end: any but a fail. */
type LeavingStep = Exclude<Step, FailStep>;

/** What a step that succeeded has to show. */
export interface Done {
  readonly input: JsonObject;
  readonly local: Json;
  /** Where a choice jumps to. */
  readonly goto?: string | undefined;
  /** Of steps that can be retried. */
  readonly attempts?: Attempts;
}

/** Ends the current step in success. */
export function finish(run: Run, step: LeavingStep, { input, local, goto, attempts }: Done): Next {
  const output = outputOf(run, step, input, local);
  const tooLarge = checkSize(run, step, input, local, output);
  if (tooLarge !== undefined) return tooLarge;
  if (step.type !== "task") record(run, "StepSucceeded", step.name, { output });
  const retried = attempts !== undefined && attempts.retryCount > 0 ? { retryCount: attempts.retryCount } : {};
  return exit(run, step, input, output, retried, goto);
}

/** Default output: an object local; of parallel and foreach, whose local is an array, nothing (fdl.md §2.2). */
function outputOf(run: Run, step: Step, input: JsonObject, local: Json): JsonObject {
  if (step.outputMappings === undefined) return isObject(local) ? local : {};
  return map(step.outputMappings, input, local, here(run, step), warnMissing(run, step.name, "outputMappings"));
}

/** Fails the step when its data pass the limit: neither retry nor catch see that (fdl.md §6.5, §10 row 29). */
export function checkSize(
  run: Run,
  step: Step,
  input: JsonObject,
  local: Json,
  output: JsonObject,
): Effect | undefined {
  const bytes = sizeOf(input) + sizeOf(local) + sizeOf(output);
  if (bytes <= run.env.maxDataBytes) return undefined;
  const cause = `Input, local and output of step "${step.name}" are ${bytes} bytes; the limit is ${run.env.maxDataBytes}. Keep large data elsewhere and pass on where it is.`;
  return failBranch(run, { error: "FnF.DataLimitExceeded", cause });
}

/** Merges the output into the frame's local, writes StepExited with `shown` in its detail and moves on. */
export function exit(
  run: Run,
  step: LeavingStep,
  input: JsonObject,
  output: JsonObject,
  shown: JsonObject,
  goto: string | undefined,
): Next {
  const frame = topFrame(run);
  const local = merge(frame.local, output);
  const task = step.type === "task" ? { input, resourceArn: step.resourceArn, output } : {};
  record(run, "StepExited", step.name, { ...task, local, ...shown, ...(goto !== undefined && { goto }) });
  frame.local = local;
  if (goto !== undefined) frame.index = siblingIndex(frame.steps, goto);
  else frame.index = endsList(step) ? frame.steps.length : frame.index + 1;
  return undefined;
}

function endsList(step: LeavingStep): boolean {
  return step.type === "succeed" || step.end;
}

function siblingIndex(steps: readonly Step[], name: string): number {
  const index = steps.findIndex((step) => step.name === name);
  if (index === -1) throw new CoreError(`goto "${name}" has no target among its siblings.`);
  return index;
}
