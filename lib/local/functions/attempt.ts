/** One attempt on its way through the processes: from the invocation to its result, under the names of fdl.md §6.2. */
import { randomUUID } from "node:crypto";
import type { Json } from "../../fdl/json.ts";
import type { CallResult, Invocation } from "../../runtime/ports/functions.ts";
import type { Found } from "./catalog.ts";
import { after } from "./deadline.ts";
import { failure } from "./failure.ts";
import { lambdaArn, lambdaName } from "./names.ts";
import type { Job, JobEnd, LoadedFunctions, Pool } from "./pool.ts";
import type { FunctionContext } from "./protocol.ts";

/** Where an attempt runs. */
export interface Place {
  readonly pool: Pool;
  readonly memoryMb: number;
  /** The function's own time-out, ms; absent: Lambda's longest. */
  readonly limitMs?: number;
  /** What to run of what a process has loaded; or why that cannot be. */
  pick(loaded: LoadedFunctions): Found | Extract<CallResult, { kind: "failed" }>;
}

/** Lambda's longest run: what a function without a time-out sees as its remaining time. */
const LONGEST_RUN_MS = 900_000;

/** Calls `settle` once, never when the processes are closed before. `event` is the payload as JSON text. */
export function runAttempt(
  { pool, memoryMb, limitMs, pick }: Place,
  invocation: Invocation,
  event: string,
  settle: (result: CallResult) => void,
): void {
  const { timeoutMs } = invocation;
  const deadline = performance.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  const longestMs = limitMs ?? (timeoutMs === undefined ? LONGEST_RUN_MS : Number.POSITIVE_INFINITY);
  const requestId = randomUUID();
  let callOffLimit = () => {};
  let overLimit = false;
  const job: Job = {
    message(id, loaded) {
      const found = pick(loaded);
      if ("kind" in found) return found;
      callOffLimit();
      if (limitMs !== undefined) {
        callOffLimit = after(limitMs, () => {
          overLimit = true;
          pool.cancel(job);
        });
      }
      return {
        kind: "attempt",
        id,
        key: found.key,
        event,
        remainingMs: Math.min(deadline - performance.now(), longestMs),
        context: contextOf(invocation, found.version, memoryMb, requestId),
      };
    },
    end(outcome) {
      callOff();
      callOffLimit();
      settle(overLimit && outcome.kind === "cancelled" ? overItsLimit(requestId, limitMs ?? 0) : resultOf(outcome));
    },
  };
  const callOff = timeoutMs === undefined ? () => {} : after(timeoutMs, () => pool.cancel(job));
  pool.submit(job);
}

function resultOf(end: JobEnd): CallResult {
  switch (end.kind) {
    case "done":
      return end.output === undefined
        ? { kind: "succeeded" }
        : { kind: "succeeded", output: JSON.parse(end.output) as Json };
    case "failed":
      return { kind: "failed", error: end.error, cause: end.cause };
    case "cancelled":
      return { kind: "timedOut" };
    default:
      return end satisfies never;
  }
}

/** As Lambda says it; a function's own time-out is `FC.Unknown` (fdl.md §6.2). */
function overItsLimit(requestId: string, limitMs: number): CallResult {
  const message = `RequestId: ${requestId} Error: Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`;
  return { kind: "failed", ...failure("FC.Unknown", message, [], "Sandbox.Timedout") };
}

function contextOf(
  { resource, context }: Invocation,
  functionVersion: string,
  memoryMb: number,
  awsRequestId: string,
): FunctionContext {
  const { attemptId, flow, execution, step, retryCount } = context;
  return {
    functionName: lambdaName(resource),
    functionVersion,
    invokedFunctionArn: lambdaArn(resource),
    memoryLimitInMB: String(memoryMb),
    awsRequestId,
    clientContext: { custom: { attemptId, flow, execution, step, retryCount } },
  };
}
