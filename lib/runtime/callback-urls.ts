/**
 * `$context.task.callbackUrl`: the address at which a task is reported without an SDK. What it begins with is recorded with the
 * start, as pins are: whatever reads the journal again makes the same addresses, wherever the API has gone since.
 */
import type { Event } from "../engine/index.ts";
import type { Flow, Mapping } from "../fdl/definition.ts";
import { stepsWithin } from "../fdl/nested-lists.ts";
import type { Runtime } from "./runtime.ts";

/** The event with what the addresses begin with, where it starts a flow that asks for one and there is an API to be reached. */
export function withCallbacks({ settings }: Runtime, flow: Flow, event: Event): Event {
  if (event.kind !== "started" || !mapsCallbackUrl(flow)) return event;
  const callbacks = settings.callbacks?.();
  return callbacks === undefined ? event : { ...event, callbacks };
}

function mapsCallbackUrl(flow: Flow): boolean {
  for (const step of stepsWithin(flow.steps)) {
    if (step.type === "task" && step.inputMappings?.some(reachesCallbackUrl)) return true;
  }
  return false;
}

/** `$context.task.callbackUrl`, and what holds it: `$context`, `$context.task`, `$context[*]`, `$context.task[*]`. */
function reachesCallbackUrl({ source }: Mapping): boolean {
  if (source.kind !== "path" || source.root !== "context") return false;
  return ["task", "callbackUrl"].every((key, at) => {
    const segment = source.path[at];
    return segment === undefined || segment.kind === "all" || (segment.kind === "key" && segment.key === key);
  });
}
