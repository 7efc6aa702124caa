/** The calls on executions. */
import { randomUUID } from "node:crypto";
import { type Caller, type CallOptions, call } from "./call.ts";
import { StepwellApiError } from "./errors.ts";
import { jsonText } from "./fields.ts";
import { pages } from "./pages.ts";
import { readEvent, readExecution, readSyncExecution } from "./records.ts";
import type {
  Execution,
  ExecutionId,
  HistoryEvent,
  HistoryRequest,
  ListExecutionsRequest,
  StartExecutionRequest,
  StartRequest,
  StopExecutionRequest,
  SyncExecution,
} from "./types.ts";

/** Whether an error may be the echo of an attempt of the same call whose answer was lost. */
export function isEcho(error: unknown, code: string): boolean {
  return error instanceof StepwellApiError && error.code === code && error.maybeDone;
}

/**
 * Starts an execution. Repeated safely: the name makes it one, and while it runs a second start is answered with it. So
 * without a name the client, not the server, invents one. A start whose answer was lost may have run to its end before
 * the repetition: with an invented name the execution is then looked up; with a name of the caller's it might be
 * another's, and the call rejects with `ExecutionAlreadyExists` and `maybeDone`.
 */
export async function startExecution(
  caller: Caller,
  { flow, name, input, callbackTaskToken }: StartExecutionRequest,
  options: CallOptions = {},
): Promise<Execution> {
  const id = { flow, name: name ?? `run-${randomUUID()}` };
  const params = { ...named(id), Input: inputText(input), CallbackFnFTaskToken: callbackTaskToken };
  try {
    return readExecution(await call(caller, "StartExecution", params, { ...options, repeatable: true }));
  } catch (error) {
    if (name === undefined && isEcho(error, "ExecutionAlreadyExists")) return describeExecution(caller, id, options);
    throw error;
  }
}

/** Runs an Express flow to its end. Never repeated when it may have run: names do not make it one (api.md §3.2). */
export async function startSyncExecution(
  caller: Caller,
  { flow, name, input }: StartRequest,
  options: CallOptions = {},
): Promise<SyncExecution> {
  const params = { FlowName: flow, ExecutionName: name, Input: inputText(input) };
  return readSyncExecution(await call(caller, "StartSyncExecution", params, { ...options, repeatable: false }));
}

/** An execution as it is; with `waitSeconds` as it is when it ends, or when the time is up. Repeated safely. */
export async function describeExecution(
  caller: Caller,
  id: ExecutionId,
  { waitSeconds, ...options }: CallOptions & { readonly waitSeconds?: number | undefined } = {},
): Promise<Execution> {
  const params = { ...named(id), WaitTimeSeconds: waitSeconds };
  return readExecution(await call(caller, "DescribeExecution", params, { ...options, repeatable: true }));
}

/**
 * Stops an execution. Repeated safely: found stopped after an answer was lost, it is returned; found ended in another
 * way, the call rejects with `ExecutionAlreadyCompleted` as it would have.
 */
export async function stopExecution(
  caller: Caller,
  { flow, name, error, cause }: StopExecutionRequest,
  options: CallOptions = {},
): Promise<Execution> {
  const id = { flow, name };
  try {
    const params = { ...named(id), Error: error, Cause: cause };
    return readExecution(await call(caller, "StopExecution", params, { ...options, repeatable: true }));
  } catch (refusal) {
    if (!isEcho(refusal, "ExecutionAlreadyCompleted")) throw refusal;
    const execution = await describeExecution(caller, id, options);
    if (execution.status === "Stopped") return execution;
    throw refusal;
  }
}

/** The executions of a flow, newest first. Repeated safely, page by page. */
export function listExecutions(
  caller: Caller,
  request: ListExecutionsRequest,
  options: CallOptions = {},
): AsyncGenerator<Execution, void, undefined> {
  const params = {
    FlowName: request.flow,
    Status: request.status,
    ExecutionNamePrefix: request.namePrefix,
    StartedTimeBegin: request.startedFrom?.toISOString(),
    StartedTimeEnd: request.startedTo?.toISOString(),
    MetadataOnly: request.metadataOnly,
    Limit: request.pageSize,
  };
  return pages(
    "Executions",
    (NextToken) => call(caller, "ListExecutions", { ...params, NextToken }, { ...options, repeatable: true }),
    readExecution,
  );
}

/** Events are small: fewer calls for a long history. */
const MOST_EVENTS = 999;

/** What happened in an execution so far, in order. Repeated safely, page by page. */
export function history(
  caller: Caller,
  { pageSize = MOST_EVENTS, ...id }: HistoryRequest,
  options: CallOptions = {},
): AsyncGenerator<HistoryEvent, void, undefined> {
  const params = { ...named(id), Limit: pageSize };
  return pages(
    "Events",
    (NextToken) => call(caller, "GetExecutionHistory", { ...params, NextToken }, { ...options, repeatable: true }),
    readEvent,
  );
}

function named({ flow, name }: ExecutionId) {
  return { FlowName: flow, ExecutionName: name };
}

function inputText(input: object | undefined): string | undefined {
  return input === undefined ? undefined : jsonText(input, "input");
}
