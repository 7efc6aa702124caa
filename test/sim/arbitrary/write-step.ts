/** Writes the steps of a sketch down, each with the name that its list gives it. */
import type { Json, JsonObject } from "../../../lib/fdl/json.ts";
import { type Place, spend } from "./place.ts";
import { plain, type Written } from "./reach.ts";
import type { ChoiceSketch, EntrySketch, StepSketch } from "./sketch.ts";
import { writeForeach, writeParallel } from "./write-fork.ts";
import { mappings } from "./write-handling.ts";
import { writeList } from "./write-list.ts";
import { writeTask } from "./write-task.ts";

/** The name of the step that a jump with that number goes to. */
export type Jump = (number: number) => string;

/** Writes one step. */
export function writeStep(sketch: StepSketch, name: string, place: Place, jump: Jump): Written {
  switch (sketch.kind) {
    case "pass":
      return plain({ type: "pass", name, ...mappings("outputMappings", sketch.output) });
    case "wait":
      spend(place, 1);
      return plain({ type: "wait", name, ...sketch.until });
    case "leave":
      return plain(leave(sketch.how, name));
    case "task":
      return writeTask(sketch, name, place, jump);
    case "choice":
      return writeChoice(sketch, name, place, jump);
    case "parallel":
      return writeParallel(sketch, name, place, jump);
    case "foreach":
      return writeForeach(sketch, name, place, jump);
    default:
      return sketch satisfies never;
  }
}

function leave(how: "end" | "succeed" | "fail", name: string): JsonObject {
  if (how === "end") return { type: "pass", name, end: true };
  return { type: how, name, ...(how === "fail" && { error: "Left", cause: "on purpose" }) };
}

function writeChoice(
  { entries, otherwise, input, output }: ChoiceSketch,
  name: string,
  place: Place,
  jump: Jump,
): Written {
  const targets: string[] = [];
  function way({ list, jump: number }: Omit<EntrySketch, "condition">): JsonObject {
    const goto = number === undefined ? undefined : jump(number);
    if (goto !== undefined) targets.push(goto);
    const steps = list && writeList(list, { ...place, depth: place.depth + 1 });
    return { ...(steps && { steps }), ...(goto !== undefined && { goto }) };
  }
  const choices: readonly Json[] = entries.map((entry) => ({ condition: entry.condition, ...way(entry) }));
  const fallback = otherwise && way(otherwise);
  const goesOn = fallback === undefined || targets.length < entries.length + 1;
  const step = {
    type: "choice",
    name,
    ...mappings("inputMappings", input),
    choices,
    ...(fallback && { default: fallback }),
    ...mappings("outputMappings", output),
  };
  return { name, step, goesOn, targets };
}
