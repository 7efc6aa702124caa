/** Writes mappings, retries and catches. */
import type { Json, JsonObject } from "../../../lib/fdl/json.ts";
import type { Errors, Handling, Sources } from "./sketch.ts";

/** `inputMappings`, `outputMappings` or `errorMappings`; nothing when there are none. */
export function mappings(key: string, sources: Sources | undefined): JsonObject {
  return sources === undefined ? {} : { [key]: sources.map(([target, source]) => ({ target, source })) };
}

export interface WrittenHandling {
  readonly fields: JsonObject;
  readonly targets: readonly string[];
}

/** `own`: the errors that the step may have; `goto`: where a catch goes on. */
export function writeHandling(handling: Handling, own: readonly string[], goto: () => string): WrittenHandling {
  const { retry, retried, caught, output, onLost } = handling;
  const fields: Record<string, Json> = {};
  if (retry !== undefined) fields.retry = [{ errors: namesOf(retried, own), ...retry }];
  if (caught === undefined) return { fields, targets: [] };
  const names = namesOf(caught, own);
  const target = goto();
  fields.catch = [{ errors: onLost && caught !== "all" ? [...names, "FnF.TaskLost"] : names, goto: target }];
  return { fields: { ...fields, ...mappings("errorMappings", output) }, targets: [target] };
}

function namesOf(errors: Errors, own: readonly string[]): readonly string[] {
  switch (errors) {
    case "all":
      return ["FnF.ALL"];
    case "own":
      return own;
    case "lost":
      return ["FC.Unknown", "FnF.TaskTimeout"];
    case "other":
      return ["NeverThrown", "FnF.InvalidInput"];
    default:
      return errors satisfies never;
  }
}
