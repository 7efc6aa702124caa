/** A `steps:` list, and the `goto`s that must stay in it (fdl.md §5). */
import type { Step } from "../definition.ts";
import { quote } from "../problem.ts";
import { type Kind, type Place, type StepList, stepOf } from "./kind.ts";
import { list } from "./list.ts";
import { text } from "./scalar.ts";

/** A list of at least `min` steps. */
export function steps(min: 0 | 1): Kind<readonly Step[]> {
  const step: Kind<Step> = {
    schema: { $ref: "#/definitions/step" },
    read: (node, place) => place.run.readStep(node, place),
  };
  const any = list(step, { min, of: "steps" });
  return {
    ...any,
    read: (node, place) => {
      const siblings: StepList = { where: whereOf(place), names: [], jumps: [] };
      place.run.lists.push(siblings);
      return any.read(node, { ...place, list: siblings });
    },
  };
}

/** The flow's own list is the first. */
function whereOf({ run, step }: Place): string {
  if (run.lists.length === 0) return "at the flow's top level";
  return step === undefined ? "inside a step without name" : `inside step ${quote(step)}`;
}

const name = text();

/** The name of a step in the list around the step that jumps. That it exists is checked when all names are known. */
export const target: Kind<string> = {
  schema: name.schema,
  read: (node, place) => {
    const read = name.read(node, place);
    if (read !== undefined) place.list.jumps.push({ target: read, at: node.at, ...stepOf(place) });
    return read;
  },
};
