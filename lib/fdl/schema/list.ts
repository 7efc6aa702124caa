/** Lists of values of one kind. */
import { type Kind, reportError } from "./kind.ts";
import { wrongType } from "./scalar.ts";

interface Size {
  readonly min?: number;
  readonly max?: number;
  /** What the items are, in the plural, e.g. "error names". */
  readonly of: string;
  /** The right form of a list, for messages. */
  readonly example?: string;
}

/** A list of the items that are right; all are read, whatever is wrong with some of them. */
export function list<T>(item: Kind<T>, { min = 0, max = Infinity, of, example }: Size): Kind<readonly T[]> {
  return {
    schema: {
      type: "array",
      items: item.schema,
      ...(min > 0 && { minItems: min }),
      ...(max < Infinity && { maxItems: max }),
    },
    read: (node, place) => {
      if (node.kind !== "list") return wrongType(node, place, `a list of ${of}`, example);
      const { length } = node.items;
      if (length < min) return reportError(place, node.at, `${place.label} must not be an empty list.`);
      if (length > max) {
        return reportError(place, node.at, `${place.label} may have ${max} ${of}; it has ${length}.`);
      }
      const values: T[] = [];
      for (const child of node.items) {
        const value = item.read(child, { ...place, label: `Each of the ${of}` });
        if (value !== undefined) values.push(value);
      }
      return values;
    },
  };
}
