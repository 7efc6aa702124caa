/** `choice`: runs the steps, or jumps to the sibling, of the first condition that holds (fdl.md §3.4). */
import type { ChoiceEntry } from "../definition.ts";
import { entryOf, type MapNode } from "../source.ts";
import { condition } from "./expression.ts";
import { type Place, reportWarning } from "./kind.ts";
import { list } from "./list.ts";
import { type Fields, record } from "./record.ts";
import { commonOf, end, stepFields, stepType } from "./step-type.ts";
import { steps, target } from "./steps.ts";

const consequence = {
  steps: { kind: steps(0), about: "The steps to run." },
  goto: { kind: target, about: "Where to go on afterwards: a sibling of the choice." },
} satisfies Fields;

const entry = record(
  {
    title: "an entry of a choice",
    fields: {
      condition: {
        kind: condition,
        required: true,
        about: 'An expression over the choice\'s input, e.g. $.status == "ok".',
      },
      ...consequence,
    },
  },
  ({ condition: given, steps = [], goto }): ChoiceEntry => ({
    condition: given.value,
    conditionText: given.text,
    steps,
    ...(goto !== undefined && { goto }),
  }),
);

const fallback = record(
  {
    title: "the default of a choice",
    fields: consequence,
    refused: { condition: "it is taken when no condition holds." },
  },
  ({ steps = [], goto }) => ({ steps, ...(goto !== undefined && { goto }) }),
);

const fields = {
  ...stepFields("choice"),
  choices: { kind: list(entry, { of: "choices" }), about: "Conditions in order, each with steps, a goto or both." },
  default: { kind: fallback, about: "What to do when no condition holds. Left out: nothing." },
  end,
};

function judge(node: MapNode, place: Place): void {
  if (entryOf(node, "choices") || entryOf(node, "default")) return;
  reportWarning(place, node.at, 'The choice has neither "choices" nor "default": it does nothing.');
}

export const choice = stepType("choice", { fields, judge }, (values) => {
  const { choices = [], default: otherwise, end = false } = values;
  return { type: "choice", ...commonOf(values), choices, ...(otherwise && { default: otherwise }), end };
});
