/** What mapping lists and parameters come to (fdl.md §2.2, §2.3, §2.4, §3.1.5). */
import type { Mapping, Param } from "../../fdl/definition.ts";
import type { Json, JsonObject } from "../../fdl/json.ts";
import { follow, isMap } from "./value.ts";

/** What the paths of a mapping list start at. */
export interface Roots {
  readonly input: JsonObject;
  readonly local?: Json;
  readonly context: JsonObject;
}

/** The object that the list builds. A mapping whose path is missing is left out (MAP-11). */
export function mapped(mappings: readonly Mapping[], roots: Roots): JsonObject {
  const entries: [string, Json][] = [];
  for (const { target, source } of mappings) {
    const value = source.kind === "constant" ? source.value : follow(rootOf(source.root, roots), source.path);
    if (value !== undefined) entries.push([target, value]);
  }
  return Object.fromEntries(entries);
}

function rootOf(root: "input" | "local" | "context" | "merged", { input, local, context }: Roots): Json | undefined {
  switch (root) {
    case "input":
      return input;
    case "local":
      return local;
    case "context":
      return context;
    case "merged":
      return isMap(local) ? union(input, local) : input;
    default:
      return root satisfies never;
  }
}

/** Shallow; on equal keys the second wins (DATA-09). */
export function union(first: JsonObject, second: JsonObject): JsonObject {
  return { ...first, ...second };
}

/** A constant, or what the path finds in the step's input; undefined: it is missing. */
export function parameter(param: Param, input: JsonObject): Json | undefined {
  return param.kind === "constant" ? param.value : follow(input, param.path);
}
