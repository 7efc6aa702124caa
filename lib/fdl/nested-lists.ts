/** What a definition is walked by. */
import type { Step } from "./definition.ts";

/** The `steps:` lists inside a step, in the order of the definition. */
export function listsIn(step: Step): readonly (readonly Step[])[] {
  switch (step.type) {
    case "choice":
      return [...step.choices.map((choice) => choice.steps), ...(step.default ? [step.default.steps] : [])];
    case "parallel":
      return step.branches.map((branch) => branch.steps);
    case "foreach":
      return [step.steps];
    default:
      return [];
  }
}

/** All steps of a list and of the lists inside them, each before those inside it. */
export function* stepsWithin(steps: readonly Step[]): Generator<Step, void, undefined> {
  for (const step of steps) {
    yield step;
    for (const list of listsIn(step)) yield* stepsWithin(list);
  }
}
