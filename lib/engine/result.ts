/** What becomes of a task's raw result: its local (fdl.md §3.1.2, §10 rows 15, 48). */
import type { TaskStep } from "../fdl/definition.ts";
import { isObject, type Json } from "../fdl/json.ts";
import { parsed } from "./params.ts";

/** The task's local; undefined when the result is none that the step can take (`FnF.InvalidLocal`). */
export function localOf(step: TaskStep, output: Json | undefined): Json | undefined {
  const value = decoded(output);
  if (isObject(value)) return value;
  return step.outputMappings === undefined ? undefined : value;
}

/** No result is `{}`; a string that is JSON itself is decoded once more, as handlers written for Function Compute need it. */
function decoded(output: Json | undefined): Json {
  if (output === "") return {};
  const again = typeof output === "string" ? parsed(output) : undefined;
  return (again === undefined ? output : again) ?? {};
}
