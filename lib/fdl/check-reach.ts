/** Steps that no path through their list can reach: they are warned of, because the flow runs without them (fdl.md §5). */
import type { ChoiceStep, Flow, Step } from "./definition.ts";
import { quote } from "./problem.ts";
import type { Run } from "./schema/kind.ts";

/** For a flow without errors only: a wrong target would make others look unreachable. */
export function checkReach(flow: Flow, { positions, findings }: Run): void {
  for (const list of listsOf(flow.steps)) {
    const reached = reachedOf(list);
    for (const step of list) {
      if (reached.has(step)) continue;
      const message = `The step is never reached: the step before it ends the list, and no goto names ${quote(step.name)}.`;
      findings.push({ severity: "warning", at: positions.get(step) ?? 0, step: step.name, message });
    }
  }
}

/** The list and all lists inside it. */
function* listsOf(steps: readonly Step[]): Generator<readonly Step[]> {
  yield steps;
  for (const step of steps) {
    for (const inner of innerLists(step)) yield* listsOf(inner);
  }
}

function innerLists(step: Step): readonly (readonly Step[])[] {
  switch (step.type) {
    case "choice":
      return [...step.choices, ...(step.default === undefined ? [] : [step.default])].map(({ steps }) => steps);
    case "parallel":
      return step.branches.map(({ steps }) => steps);
    case "foreach":
      return [step.steps];
    default:
      return [];
  }
}

function reachedOf(list: readonly Step[]): ReadonlySet<Step> {
  const indexes = new Map(list.map((step, index) => [step.name, index]));
  const reached = new Set<Step>();
  const pending = [0];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    const step = list[index];
    if (step === undefined || reached.has(step)) continue;
    reached.add(step);
    if (goesOn(step)) pending.push(index + 1);
    for (const target of targetsOf(step)) pending.push(indexes.get(target) ?? index);
  }
  return reached;
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
  const jumps =
    step.type === "choice"
      ? [...step.choices, ...(step.default === undefined ? [] : [step.default])]
      : "catch" in step
        ? step.catch
        : [];
  return jumps.flatMap(({ goto }) => goto ?? []);
}
