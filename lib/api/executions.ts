/** The actions on executions: start, run to the end, look, stop, list. */
import { StepwellError } from "../fdl/errors.ts";
import { requireFlow, startExecution, startSyncExecution, stopExecution } from "../runtime/index.ts";
import type { FlowItem, Header } from "../runtime/ports/journal.ts";
import { readToken } from "../runtime/token.ts";
import { action, type Context } from "./action.ts";
import { timeText } from "./answer.ts";
import { listPage } from "./execution-list.ts";
import { executionRecord } from "./execution-record.ts";
import { expressWorld } from "./express-world.ts";
import {
  boolean,
  errorCause,
  errorName,
  executionName,
  flowName,
  integer,
  jsonObject,
  namePrefix,
  oneOf,
  taskToken,
  text,
  time,
} from "./kinds.ts";
import { optional, required, unsupported } from "./parameter.ts";

/** Why a wait ends without its execution's end: a reason of our own makes no stack. */
const WAITED = "waited";

/** Not looked at any further: its rule is the runtime's. */
const newName = text(1, 1_024);

const QUALIFIER = unsupported("there are no versions or aliases of flows; leave it out");

/**
 * Without a name the server invents one; while the name's execution runs, that one is the answer (fdl.md §7.1).
 * `WaitTimeSeconds` is our own: the answer comes when the execution ends, as DescribeExecution's does, in one request.
 */
const StartExecution = action(
  {
    FlowName: required(flowName),
    ExecutionName: optional(newName),
    Input: optional(jsonObject),
    CallbackFnFTaskToken: optional(taskToken),
    WaitTimeSeconds: optional(integer(0, 60), 0),
    Qualifier: QUALIFIER,
  },
  async (context, { FlowName, ExecutionName, Input, CallbackFnFTaskToken, WaitTimeSeconds }, signal) => {
    const { runtime } = context;
    // Found out only when the execution ends, there would be nobody to tell.
    if (CallbackFnFTaskToken !== undefined) readToken(runtime.ports.keys, CallbackFnFTaskToken);
    const header = await startExecution(runtime, {
      flow: FlowName,
      ...(ExecutionName === undefined ? {} : { name: ExecutionName }),
      ...(Input === undefined ? {} : { input: Input }),
      ...(CallbackFnFTaskToken === undefined ? {} : { parentToken: CallbackFnFTaskToken }),
    });
    return executionRecord(runtime, await untilEnded(context, header, WaitTimeSeconds * 1_000, signal));
  },
);

/** Express flows only. A run that failed is a success of the request; Status, ErrorCode and ErrorMessage tell (fdl.md §9.1). */
const StartSyncExecution = action(
  {
    FlowName: required(flowName),
    ExecutionName: optional(newName),
    Input: optional(jsonObject),
    Qualifier: QUALIFIER,
  },
  async ({ runtime }, { FlowName, ExecutionName, Input }) => {
    const request = {
      flow: FlowName,
      ...(ExecutionName === undefined ? {} : { name: ExecutionName }),
      ...(Input === undefined ? {} : { input: Input }),
    };
    const { header, output } = await startSyncExecution(runtime, request, expressWorld(runtime));
    return {
      FlowName: header.flow,
      Name: header.ref.name,
      Status: header.status,
      ErrorCode: header.error ?? "",
      ErrorMessage: header.cause ?? "",
      Output: header.status === "Succeeded" && output !== undefined ? JSON.stringify(output) : "",
      StartedTime: timeText(header.startedAt),
      StoppedTime: timeText(header.endedAt),
    };
  },
);

/** With `WaitTimeSeconds` it answers when the execution ends, or the time is up: as it is then, either way. */
const DescribeExecution = action(
  {
    FlowName: required(flowName),
    ExecutionName: required(executionName),
    WaitTimeSeconds: optional(integer(0, 60), 0),
  },
  async (context, { FlowName, ExecutionName, WaitTimeSeconds }, signal) => {
    const { header } = await requireExecution(context, FlowName, ExecutionName);
    return executionRecord(context.runtime, await untilEnded(context, header, WaitTimeSeconds * 1_000, signal));
  },
);

const StopExecution = action(
  {
    FlowName: required(flowName),
    ExecutionName: required(executionName),
    Error: optional(errorName),
    Cause: optional(errorCause),
  },
  async ({ runtime }, { FlowName, ExecutionName, Error: error, Cause }) => {
    const header = await stopExecution(runtime, {
      flow: FlowName,
      name: ExecutionName,
      ...(error === undefined ? {} : { error }),
      ...(Cause === undefined ? {} : { cause: Cause }),
    });
    return executionRecord(runtime, header);
  },
);

/** Newest first; both ends of the time span are in it. */
const ListExecutions = action(
  {
    FlowName: required(flowName),
    NextToken: optional(text(1, 1_024)),
    Limit: optional(integer(1, 100), 60),
    Status: optional(oneOf("Starting", "Running", "Stopped", "Succeeded", "Failed", "TimedOut")),
    ExecutionNamePrefix: optional(namePrefix),
    StartedTimeBegin: optional(time),
    StartedTimeEnd: optional(time),
    MetadataOnly: optional(boolean, false),
    Qualifier: QUALIFIER,
    MapRunName: unsupported("there are no map runs; leave it out"),
  },
  async ({ runtime }, values) => {
    const { FlowName, NextToken, Limit, Status, MetadataOnly } = values;
    const { flowId } = await requireFlow(runtime.ports.journal, FlowName);
    // An execution is running as soon as it can be seen.
    if (Status === "Starting") return { Executions: [] };
    const { items, cursor } = await listPage(
      runtime,
      flowId,
      {
        limit: Limit,
        ...(Status === undefined ? {} : { status: Status }),
        ...(values.ExecutionNamePrefix === undefined ? {} : { namePrefix: values.ExecutionNamePrefix }),
        ...(values.StartedTimeBegin === undefined ? {} : { startedFrom: values.StartedTimeBegin }),
        ...(values.StartedTimeEnd === undefined ? {} : { startedTo: values.StartedTimeEnd }),
      },
      { cursor: NextToken, bare: MetadataOnly },
    );
    return { Executions: items, ...(cursor === undefined ? {} : { NextToken: cursor }) };
  },
);

export const executionActions = {
  StartExecution,
  StartSyncExecution,
  DescribeExecution,
  StopExecution,
  ListExecutions,
};

/** An execution and its flow. Throws StepwellError `FlowNotExists`, `ExecutionNotExists`. */
export async function requireExecution(
  { runtime: { ports } }: Context,
  flow: string,
  name: string,
): Promise<{ readonly header: Header; readonly mode: FlowItem["mode"] }> {
  const { flowId, mode } = await requireFlow(ports.journal, flow);
  const header = await ports.journal.readHeader({ flowId, name });
  if (header !== undefined) return { header, mode };
  throw new StepwellError("ExecutionNotExists", `Execution ${name} for flow ${flow} does not exist.`);
}

/** Waits for the end of an execution, at most so long, and while its caller does; returns the header as it is then. */
async function untilEnded(
  { runtime, ended }: Context,
  header: Header,
  ms: number,
  signal: AbortSignal,
): Promise<Header> {
  if (header.status !== "Running" || ms === 0 || signal.aborted) return header;
  const { clock, journal } = runtime.ports;
  const waiting = new AbortController();
  const stop = (): void => waiting.abort(WAITED);
  signal.addEventListener("abort", stop, { once: true });
  void clock.sleep(ms, waiting.signal).then(stop);
  try {
    return await ended(header.ref, header.startId, waiting.signal);
  } catch (error) {
    if (!waiting.signal.aborted) throw error;
    return (await journal.readHeader(header.ref)) ?? header;
  } finally {
    stop();
    signal.removeEventListener("abort", stop);
  }
}
