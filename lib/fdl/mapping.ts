/** Mappings and parameters: where their values come from, and evaluating them (fdl.md §2.3, §3.1.5, §10 rows 1 to 3). */
import type { Mapping, Param, Source } from "./definition.ts";
import { type Json, type JsonObject, setOwn } from "./json.ts";
import { looksLikePath, lookup, parsePath } from "./path.ts";

/** The values that paths of a mapping start at; an absent one makes each path into it missing. */
export interface Roots {
  readonly input?: Json;
  readonly local?: Json;
  readonly context?: Json;
  /** What the bare `$` means here (fdl.md §2.3). */
  readonly merged: Json;
}

/**
 * The `source` of a mapping: a path when it is a string that looks like one, else a constant. Strings inside a constant
 * array or object are never paths.
 *
 * @throws {ExpressionError} when it looks like a path and does not parse
 */
export function parseSource(value: Json): Source {
  if (typeof value !== "string" || !looksLikePath(value)) return { kind: "constant", value };
  return { kind: "path", ...parsePath(value), text: value };
}

/**
 * A service parameter or a wait value: a path when it is `$` or starts with `$.` or `$[`, else a constant, also
 * `$input.x`, which has no meaning there (fdl.md §3.1.5, §3.3).
 *
 * @throws {ExpressionError} when it looks like a path and does not parse
 */
export function parseParam(value: Json): Param {
  if (typeof value !== "string" || !/^\$(?:[.[]|$)/.test(value)) return { kind: "constant", value };
  return { kind: "path", path: parsePath(value).path, text: value };
}

/**
 * The object that a mapping list builds: each target is a literal key, a later entry overwrites an earlier one of the
 * same target. The key of a missing path is left out, and `missing` is told.
 */
export function evaluateMappings(
  mappings: readonly Mapping[],
  roots: Roots,
  missing?: (mapping: Mapping) => void,
): JsonObject {
  const result: Record<string, Json> = {};
  for (const mapping of mappings) {
    const { source } = mapping;
    const value = source.kind === "constant" ? source.value : lookup(roots[source.root], source.path);
    if (value === undefined) missing?.(mapping);
    else setOwn(result, mapping.target, value);
  }
  return result;
}

/** The value of a parameter; undefined when its path is missing in the step's mapped input. */
export function evaluateParam(param: Param, input: JsonObject): Json | undefined {
  return param.kind === "constant" ? param.value : lookup(input, param.path);
}
