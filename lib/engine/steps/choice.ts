/** `choice`: the first satisfied entry's steps run in a frame of their own, then its goto is followed (fdl.md §3.4). */
import { satisfied } from "../../fdl/condition.ts";
import type { ChoiceStep } from "../../fdl/definition.ts";
import { finish } from "../finish.ts";
import { beginList, type OpenFrame } from "../frames.ts";
import { chosen } from "../lists.ts";
import { firstInput, type Next, type Run, record } from "../run.ts";

type Within = NonNullable<OpenFrame["within"]>;

export function enterChoice(run: Run, step: ChoiceStep): Next {
  const input = firstInput(run, step);
  record(run, "StepStarted", step.name, { input });
  const index = step.choices.findIndex(({ condition }) => satisfied(condition, input));
  if (index === -1 && step.default === undefined) return finish(run, step, { input, local: {} });
  const list = index === -1 ? "default" : `choices.${index}`;
  const { steps, goto } = chosen(step, list);
  run.frames.push({ ...beginList(list, steps, input), within: { choice: step, goto } });
  return undefined;
}

/** The list that a choice ran is over: its local is the choice's. */
export function leaveChoice(run: Run, { input, local }: OpenFrame, { choice, goto }: Within): Next {
  run.frames.pop();
  return finish(run, choice, { input, local, goto });
}
