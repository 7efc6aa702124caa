/** Records of the wire (api.md §3.1) as the client's types. */
import { clientError } from "./errors.ts";
import { type Fields, json, number, optionalTime, text, time } from "./fields.ts";
import type { Execution, ExecutionMode, ExecutionStatus, Flow, HistoryEvent, SyncExecution } from "./types.ts";

const STATUSES: readonly string[] = [
  "Starting",
  "Running",
  "Stopped",
  "Succeeded",
  "Failed",
  "TimedOut",
] satisfies readonly ExecutionStatus[];

export function readExecution(fields: Fields): Execution {
  return {
    flow: text(fields, "FlowName"),
    name: text(fields, "Name"),
    status: readStatus(fields),
    input: json(fields, "Input"),
    output: json(fields, "Output"),
    definition: text(fields, "FlowDefinition"),
    startedAt: time(fields, "StartedTime"),
    stoppedAt: optionalTime(fields, "StoppedTime"),
  };
}

export function readSyncExecution(fields: Fields): SyncExecution {
  const status = readStatus(fields);
  const failed = status !== "Succeeded";
  return {
    flow: text(fields, "FlowName"),
    name: text(fields, "Name"),
    status,
    output: json(fields, "Output"),
    error: failed ? text(fields, "ErrorCode") : undefined,
    cause: failed ? text(fields, "ErrorMessage") : undefined,
    startedAt: time(fields, "StartedTime"),
    stoppedAt: optionalTime(fields, "StoppedTime"),
  };
}

export function readFlow(fields: Fields): Flow {
  const mode: ExecutionMode = fields.ExecutionMode === "Express" ? "Express" : "Standard";
  return {
    id: text(fields, "Id"),
    name: text(fields, "Name"),
    definition: text(fields, "Definition"),
    mode,
    createdAt: time(fields, "CreatedTime"),
    modifiedAt: time(fields, "LastModifiedTime"),
  };
}

export function readEvent(fields: Fields): HistoryEvent {
  return {
    id: number(fields, "EventId"),
    scheduledBy: number(fields, "ScheduleEventId"),
    type: text(fields, "Type"),
    step: text(fields, "StepName"),
    at: time(fields, "Time"),
    detail: json(fields, "EventDetail"),
  };
}

function readStatus(fields: Fields): ExecutionStatus {
  const status = text(fields, "Status");
  if (isStatus(status)) return status;
  throw clientError("UnreadableAnswer", `The server's answer has the unknown status ${JSON.stringify(status)}.`);
}

function isStatus(text: string): text is ExecutionStatus {
  return STATUSES.includes(text);
}
