/** The actions by which a task that works elsewhere says how it goes (fdl.md §3.1.3, §12). */
import { heartbeat, reportTask } from "../runtime/index.ts";
import { action } from "./action.ts";
import { errorCause, errorName, json, taskToken } from "./kinds.ts";
import { optional, required } from "./parameter.ts";

const ReportTaskSucceeded = action(
  { TaskToken: required(taskToken), Output: required(json) },
  async ({ runtime }, { TaskToken, Output }) => {
    const { eventId } = await reportTask(runtime, TaskToken, { kind: "succeeded", output: Output });
    return { EventId: eventId };
  },
);

const ReportTaskFailed = action(
  { TaskToken: required(taskToken), Error: required(errorName), Cause: optional(errorCause, "") },
  async ({ runtime }, { TaskToken, Error: error, Cause }) => {
    const { eventId } = await reportTask(runtime, TaskToken, { kind: "failed", error, cause: Cause });
    return { EventId: eventId };
  },
);

/** Stepwell's own: moves the time-out of a task that has `heartbeatSeconds`. */
const ReportTaskHeartbeat = action({ TaskToken: required(taskToken) }, async ({ runtime }, { TaskToken }) => {
  await heartbeat(runtime, TaskToken);
  return {};
});

export const reportActions = { ReportTaskSucceeded, ReportTaskFailed, ReportTaskHeartbeat };
