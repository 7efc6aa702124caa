/** Steps that no path through their list can reach: they are warned of, because the flow runs without them (fdl.md §5). */
import type { ChoiceEntry, ChoiceStep, Flow, Step } from "./definition.ts";
import { listsIn } from "./nested-lists.ts";
import type { Run } from "./schema/kind.ts";

/** What a choice can do: run steps, then perhaps jump. */
type Way = Omit<ChoiceEntry, "condition" | "conditionText">;

/** For a flow without errors only: a wrong target would make others look unreachable. */
export function checkReach(flow: Flow, { positions, findings }: Run): void {
  const reached = new Set<Step>();
  for (const list of listsOf(flow.steps)) reach(list, reached);
  for (const [step, at] of positions) {
    if (reached.has(step)) continue;
    const message = "The step is never reached: no step that is reached goes on to it or jumps to it.";
    findings.push({ severity: "warning", at, step: step.name, message });
  }
}

/** The list and all lists inside it. */
function* listsOf(steps: readonly Step[]): Generator<readonly Step[]> {
  yield steps;
  for (const step of steps) {
    for (const inner of listsIn(step)) yield* listsOf(inner);
  }
}

function waysOf({ choices, default: otherwise }: ChoiceStep): readonly Way[] {
  return otherwise === undefined ? choices : [...choices, otherwise];
}

/** Adds the steps of the list that a path from its start leads to. */
function reach(list: readonly Step[], reached: Set<Step>): void {
  const named = new Map(list.map((step) => [step.name, step]));
  const next = new Map(list.map((step, index) => [step, list[index + 1]]));
  const pending: (Step | undefined)[] = list.slice(0, 1);
  // The array grows while it is gone through.
  for (const step of pending) {
    if (step === undefined || reached.has(step)) continue;
    reached.add(step);
    if (goesOn(step)) pending.push(next.get(step));
    for (const target of targetsOf(step)) pending.push(named.get(target));
  }
}

/** True when the step after it may be next. */
function goesOn(step: Step): boolean {
  if (step.type === "succeed" || step.type === "fail" || step.end) return false;
  return step.type !== "choice" || !alwaysJumps(step);
}

function alwaysJumps({ choices, default: otherwise }: ChoiceStep): boolean {
  return otherwise?.goto !== undefined && choices.every(({ goto }) => goto !== undefined);
}

function targetsOf(step: Step): readonly string[] {
  const jumps = step.type === "choice" ? waysOf(step) : "catch" in step ? step.catch : [];
  return jumps.flatMap(({ goto }) => goto ?? []);
}
