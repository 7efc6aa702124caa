/** Writes a task down. */
import type { JsonObject } from "../../../lib/fdl/json.ts";
import { COUNT } from "./calls.ts";
import { mayCall, type Place, spend } from "./place.ts";
import type { Written } from "./reach.ts";
import type { Call, Sources, TaskSketch } from "./sketch.ts";
import { mappings, writeHandling } from "./write-handling.ts";
import type { Jump } from "./write-step.ts";

/** Writes the task; one that calls a flow, where none may be called, counts up in its place. */
export function writeTask(sketch: TaskSketch, name: string, place: Place, jump: Jump): Written {
  const { call, output, handling } = sketch;
  spend(place, call.fields.pattern === undefined ? 1 : 2);
  const { fields, targets } = writeHandling(handling, call.errors, () => jump(handling.jump));
  const step = {
    type: "task",
    name,
    ...called(call, output, place),
    ...mappings("inputMappings", inputOf(sketch, place)),
    ...mappings("outputMappings", call.outputs[output % call.outputs.length]),
    ...(handling.onLost && targets.length > 0 && { onLost: "fail" }),
    ...fields,
  };
  return { name, step, goesOn: true, targets };
}

function called({ fields }: Call, number: number, place: Place): JsonObject {
  if (fields.resourceArn !== undefined) return fields;
  const { kids } = place;
  const kid = kids[number % Math.max(kids.length, 1)];
  if (kid === undefined || !mayCall(place, kid)) return COUNT;
  spend(place, kid.transitions);
  return { resourceArn: `acs:fnf:::flow/${kid.name}`, ...fields };
}

/** An echo of everything is for where it comes once only. */
function inputOf({ call, input }: TaskSketch, { looped, depth }: Place): Sources | undefined {
  if (call.grows && (looped || depth > 0)) return [["n", "$.n"]];
  return call.input ?? (call.fields.resourceArn === undefined && input ? [...input, ["items", "$.items"]] : input);
}
