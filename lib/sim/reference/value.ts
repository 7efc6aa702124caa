/** JSON values and paths into them (fdl.md §2.3), by the letter: one path, one value, looked up from left to right. */
import type { Json, JsonObject } from "../../fdl/json.ts";
import type { Path } from "../../fdl/path.ts";

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

/** What the path finds; undefined: it is missing. With a `[*]` in it, it always finds a flat array (PATH-04 to PATH-06). */
export function follow(value: Json | undefined, path: Path, from = 0): Json | undefined {
  const segment = path[from];
  if (segment === undefined) return value;
  switch (segment.kind) {
    case "key":
      return follow(isMap(value) && Object.hasOwn(value, segment.key) ? value[segment.key] : undefined, path, from + 1);
    case "index": {
      const at = isList(value) && segment.index < 0 ? value.length + segment.index : segment.index;
      return follow(isList(value) ? value[at] : undefined, path, from + 1);
    }
    case "all": {
      const found: Json[] = [];
      const flattens = path.some(({ kind }, at) => at > from && kind === "all");
      for (const element of elementsOf(value)) {
        const one = follow(element, path, from + 1);
        if (flattens && isList(one)) found.push(...one);
        else if (one !== undefined) found.push(one);
      }
      return found;
    }
    default:
      return segment satisfies never;
  }
}

function elementsOf(value: Json | undefined): readonly Json[] {
  if (isList(value)) return value;
  return isMap(value) ? Object.values(value) : [];
}

/** Text that holds a JSON value is that value; any other text is undefined. */
export function jsonIn(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
