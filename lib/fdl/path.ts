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

type Part = Exclude<Segment, { readonly kind: "all" }>;

/** Looks a path up; undefined when it is missing. With a wildcard the result is always an array. */
export function lookup(root: Json | undefined, path: Path): Json | undefined {
  let value = root;
  for (const [at, segment] of path.entries()) {
    if (segment.kind === "all") return lookupAll(present(value), path.slice(at));
    value = partOf(value, segment);
  }
  return value;
}

/** What a path with wildcards leads to from each of the roots. */
function lookupAll(roots: readonly Json[], path: Path): readonly Json[] {
  let values = roots;
  for (const segment of path) {
    values = values.flatMap((value) => (segment.kind === "all" ? partsOf(value) : present(partOf(value, segment))));
  }
  return values;
}

function partOf(value: Json | undefined, segment: Part): Json | undefined {
  if (segment.kind === "key") return isObject(value) ? own(value, segment.key) : undefined;
  return isArray(value) ? value.at(segment.index) : undefined;
}

function partsOf(value: Json): readonly Json[] {
  return isArray(value) || isObject(value) ? Object.values(value) : [];
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
