/** What a step's box says: its name, then what it does in a few words. */
import type { Param, Step, TaskStep } from "../../fdl/definition.ts";
import { resourceText } from "../resource-text.ts";

/** Lines of the box; never empty. */
export function stepText(step: Step): readonly string[] {
  const more = detail(step);
  return more === undefined ? [step.name] : [step.name, more];
}

function detail(step: Step): string | undefined {
  switch (step.type) {
    case "task":
      return taskText(step);
    case "wait":
      if (step.duration) return `wait ${paramText(step.duration)} s`;
      return step.timestamp ? `wait until ${paramText(step.timestamp)}` : undefined;
    case "foreach":
      return `for each of ${step.iterationMapping.collection.text}, ${step.concurrency} at a time`;
    case "fail":
      return step.error === "" ? undefined : step.error;
    case "parallel":
      return `${step.branches.length} branches`;
    case "pass":
    case "choice":
    case "succeed":
      return undefined;
    default:
      return step satisfies never;
  }
}

function taskText(step: TaskStep): string {
  const notes = [
    ...(step.pattern === "requestResponse" ? [] : [step.pattern]),
    ...(step.retry.length === 0 ? [] : ["retried"]),
    ...(step.timeoutSeconds === undefined ? [] : [`at most ${step.timeoutSeconds} s`]),
  ];
  const what = resourceText(step);
  return notes.length === 0 ? what : `${what} (${notes.join(", ")})`;
}

function paramText(param: Param): string {
  return param.kind === "path" ? param.text : String(param.value);
}
