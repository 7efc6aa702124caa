/** A `steps:` list, and the `goto`s that must stay in it (fdl.md §5). */
import type { Step } from "../definition.ts";
import type { Kind, StepList } from "./kind.ts";
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
      const siblings: StepList = { names: [], jumps: [], ...(place.step === undefined ? {} : { owner: place.step }) };
      place.run.lists.push(siblings);
      return any.read(node, { ...place, list: siblings });
    },
  };
}

const name = text();

/** The name of a step in the list around the step that jumps. That it exists is checked when all names are known. */
export const target: Kind<string> = {
  schema: name.schema,
  read: (node, place) => {
    const read = name.read(node, place);
    if (read !== undefined)
      place.list.jumps.push({ target: read, at: node.at, ...(place.step === undefined ? {} : { step: place.step }) });
    return read;
  },
};
