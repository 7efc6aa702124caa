/**
 * The calls by which a task that works elsewhere says how it goes. All are repeated: a task takes one report. When the
 * answer to a report was lost, the repetition may be refused with `TaskAlreadyCompleted`, and `maybeDone` tells that it
 * may be one's own first report that stands: the task is done either way, but a time-out may have come before.
 */
import { type Caller, type CallOptions, call } from "./call.ts";
import { jsonText, number } from "./fields.ts";
import type { TaskFailure } from "./types.ts";

/** Ends a task with an output, any JSON value. Returns the id of the event. */
export async function reportTaskSucceeded(
  caller: Caller,
  token: string,
  output: unknown,
  options: CallOptions = {},
): Promise<number> {
  const params = { TaskToken: token, Output: jsonText(output, "output") };
  return number(await call(caller, "ReportTaskSucceeded", params, { ...options, repeatable: true }), "EventId");
}

/** Ends a task with an error (1 to 128 characters) and perhaps a cause (to 4,096). Returns the id of the event. */
export async function reportTaskFailed(
  caller: Caller,
  token: string,
  { error, cause }: TaskFailure,
  options: CallOptions = {},
): Promise<number> {
  const params = { TaskToken: token, Error: error, Cause: cause };
  return number(await call(caller, "ReportTaskFailed", params, { ...options, repeatable: true }), "EventId");
}

/** Says that a task is alive, which moves its time-out. */
export async function reportTaskHeartbeat(caller: Caller, token: string, options: CallOptions = {}): Promise<void> {
  await call(caller, "ReportTaskHeartbeat", { TaskToken: token }, { ...options, repeatable: true });
}
