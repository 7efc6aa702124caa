/** Paths into JSON values (fdl.md §2.3, §10 rows 43, 47): their form in a compiled definition, how they are read, what they find. */
import { ExpressionError } from "./errors.ts";
import { isArray, isObject, type Json, own } from "./json.ts";
import { found } from "./lexeme.ts";
import { readSegments } from "./path-segments.ts";

export type Segment =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" };
export type Path = readonly Segment[];

/** What a path starts at; `merged` is the bare `$`. */
export type Root = "input" | "local" | "context" | "merged";

const ROOTS: ReadonlyMap<string, Root> = new Map([
  ["$input", "input"],
  ["$local", "local"],
  ["$context", "context"],
  ["$", "merged"],
]);

/** Looks a path up; undefined when it is missing. With a wildcard the result is always an array. */
export function lookup(root: Json | undefined, path: Path): Json | undefined {
  let values = present(root);
  for (const segment of path) values = values.flatMap((value) => step(value, segment));
  return path.some((segment) => segment.kind === "all") ? values : values[0];
}

/** The values that one segment leads to from `value`: none, one, or with a wildcard all of them. */
function step(value: Json, segment: Segment): readonly Json[] {
  switch (segment.kind) {
    case "key":
      return isObject(value) ? present(own(value, segment.key)) : [];
    case "index":
      return isArray(value) ? present(value.at(segment.index)) : [];
    case "all":
      return isArray(value) || isObject(value) ? Object.values(value) : [];
  }
}

function present(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : [value];
}

/**
 * True for a text that means a path (fdl.md §2.3): `$input`, `$local`, `$context` or `$`, alone or followed by `.` or `[`.
 * Everything else is a constant, also `$5` and `$inputs`.
 */
export function looksLikePath(text: string): boolean {
  return ROOTS.has(headOf(text));
}

/**
 * Parses a path of a mapping, a service parameter or a collection.
 *
 * @example
 * parsePath("$local[*].name"); // { root: "local", path: [{ kind: "all" }, { kind: "key", key: "name" }] }
 * @throws {ExpressionError} when the text is no path
 */
export function parsePath(text: string): { readonly root: Root; readonly path: Path } {
  const head = headOf(text);
  const root = ROOTS.get(head);
  if (root === undefined) {
    throw new ExpressionError(
      'A path starts with "$input", "$local", "$context" or "$", and goes on with ".name" or "[…]".',
      0,
    );
  }
  const { path, end } = readSegments(text, head.length, "mapping");
  if (end < text.length) {
    throw new ExpressionError(
      `Expected ".", "[" or the end of the path but found ${found(text, end)}. A key with other characters than letters, digits, "_" and "-" is written ["…"].`,
      end,
    );
  }
  return { root, path };
}

function headOf(text: string): string {
  const end = text.search(/[.[]/);
  return end === -1 ? text : text.slice(0, end);
}
