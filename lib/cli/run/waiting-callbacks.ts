/** Callback tasks that were submitted before a durable run was interrupted: nothing happens in them until they are reported. */
import { isObject, type Json } from "../../fdl/json.ts";
import { history, type Runtime } from "../../runtime/index.ts";
import type { Header } from "../../runtime/ports/journal.ts";
import { readToken } from "../../runtime/token.ts";
import type { WaitingTask } from "./engine.ts";

/** Those of an execution, in the order in which they were submitted. */
export async function waitingCallbacks(
  runtime: Runtime,
  header: Header,
  isCallback: (flow: string, step: string) => boolean,
): Promise<readonly WaitingTask[]> {
  const submitted = new Map<number, WaitingTask>();
  for await (const { EventId, ScheduleEventId, Type, StepName, EventDetail } of history(runtime, header)) {
    // What follows from it came after its report.
    submitted.delete(ScheduleEventId);
    if (Type !== "TaskSubmitted" || !isCallback(header.flow, StepName)) continue;
    const { output } = JSON.parse(EventDetail) as { readonly output?: Json };
    const token = isObject(output) ? output.taskToken : undefined;
    if (typeof token !== "string") continue;
    const { startId, branch } = readToken(runtime.ports.keys, token);
    submitted.set(EventId, { key: `${startId}/${branch}`, step: StepName, token });
  }
  return [...submitted.values()];
}
