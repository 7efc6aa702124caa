/** Mapping lists (fdl.md §1.2, §2.3). */
import type { Mapping } from "../definition.ts";
import { source } from "./expression.ts";
import { type Kind, named } from "./kind.ts";
import { list } from "./list.ts";
import { record } from "./record.ts";
import { text } from "./scalar.ts";

const mapping = record(
  {
    title: "a mapping",
    fields: {
      target: { kind: text(), required: true, about: "The key that gets the value; taken literally, dots included." },
      source: {
        kind: source,
        about: "A path ($input.…, $local.…, $context.…) or a constant of any JSON type. Left out: null.",
      },
    },
  },
  ({ target, source: given }): Mapping => ({ target, source: given ?? { kind: "constant", value: null } }),
);

const any = list(mapping, { of: "mappings", example: "[{target: key, source: value}]" });

/** A mapping list; an empty one is as good as none (fdl.md §2.2). */
const filled: Kind<readonly Mapping[]> = {
  ...any,
  read: (node, place) => {
    const read = any.read(node, place);
    return read?.length === 0 ? undefined : read;
  },
};

export const mappings = named("mappings", filled);
