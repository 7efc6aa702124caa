/**
 * The functions port over child processes: task functions are plain functions of a module on this machine
 * (architecture §8). They get what they would get on Lambda, fail under the names they would fail under there
 * (fdl.md §6.2), and cannot hurt the runtime or each other.
 */
import { randomUUID } from "node:crypto";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { Json } from "../../fdl/json.ts";
import type { CallResult, Functions, Invocation } from "../../runtime/ports/functions.ts";
import { after } from "./deadline.ts";
import { failure } from "./failure.ts";
import type { LoadProblem } from "./load.ts";
import { findFunction, functionKeys, lambdaArn, lambdaName } from "./names.ts";
import { type Job, type JobEnd, type Pool, startPool } from "./pool.ts";
import { type FunctionContext, MAX_ASYNC_REQUEST_BYTES, MAX_REQUEST_BYTES } from "./protocol.ts";

/** A line that a function printed. */
export interface ConsoleLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  /** The function that ran in that process, by its key in the module; absent before the process has run one. */
  readonly function?: string;
}

export interface ChildFunctionsOptions {
  /** The functions module (TypeScript or JavaScript): absolute path or file URL. Its default export maps names to functions. */
  readonly module: string;
  /** Most processes at a time, each running one attempt; 32 when not given. More attempts wait. */
  readonly concurrency?: number;
  /** Heap of a process, MB; 256 when not given. Past it the process dies and its attempt fails with `FC.Unknown`. */
  readonly memoryMb?: number;
  /** What functions print; when not given it goes to stderr, each line after the function's name. */
  readonly onConsole?: (line: ConsoleLine) => void;
  /** Receives the end of a function that was submitted with a token. Must not reject. */
  readonly report?: (token: string, result: CallResult) => Promise<void>;
  /** The Node that runs the functions; this process's own when not given. Node 24 or newer. */
  readonly execPath?: string;
  /** An idle process beyond the first ends after that long, ms; a minute when not given. */
  readonly idleMs?: number;
  /** A module that takes longer to load is broken, ms; half a minute when not given. */
  readonly loadMs?: number;
}

export interface ChildFunctions extends Functions {
  /** Resolves when the first process has loaded the module: what is wrong with it, or undefined. */
  problem(): Promise<LoadProblem | undefined>;
  /** Submitted functions that still run. */
  readonly background: {
    count(): number;
    /** Resolves when there is none. */
    settled(): Promise<void>;
  };
  /** Ends all function processes. Calls that still wait are rejected, submitted functions are not reported. */
  close(): Promise<void>;
}

/** Lambda's longest run: what a function without a time-out sees as its remaining time. */
const LONGEST_RUN_MS = 900_000;

/** Starts the first function process at once. */
export function childFunctions(options: ChildFunctionsOptions): ChildFunctions {
  const memoryMb = options.memoryMb ?? 256;
  const onConsole = options.onConsole ?? printLine;
  const pool = startPool({
    moduleUrl: isAbsolute(options.module) ? pathToFileURL(options.module).href : options.module,
    execPath: options.execPath ?? process.execPath,
    memoryMb,
    concurrency: options.concurrency ?? 32,
    idleMs: options.idleMs ?? 60_000,
    loadMs: options.loadMs ?? 30_000,
    line: ({ stream, text, key }) => onConsole({ stream, text, ...(key === undefined ? {} : { function: key }) }),
  });
  const background = new Set<Promise<void>>();
  const waiting = new Set<(error: Error) => void>();
  let closed = false;

  function call(invocation: Invocation, limit: number): Promise<CallResult> {
    if (closed) return Promise.reject(closedError());
    const event = JSON.stringify(invocation.payload);
    const bytes = Buffer.byteLength(event);
    if (bytes > limit) return Promise.resolve(tooLarge(bytes, limit));
    return new Promise((resolve, reject) => {
      waiting.add(reject);
      runJob(pool, invocation, event, memoryMb, (result) => {
        waiting.delete(reject);
        resolve(result);
      });
    });
  }

  return {
    invoke: (invocation) => call(invocation, MAX_REQUEST_BYTES),

    async submit(invocation, token) {
      const loaded = await pool.loaded;
      if ("names" in loaded && findFunction(loaded.names, invocation.resource) === undefined) {
        return notFound(invocation, loaded.names);
      }
      const bytes = Buffer.byteLength(JSON.stringify(invocation.payload));
      if (bytes > MAX_ASYNC_REQUEST_BYTES) return tooLarge(bytes, MAX_ASYNC_REQUEST_BYTES);
      const work = call(invocation, MAX_ASYNC_REQUEST_BYTES).then(
        (result) => (token === undefined ? undefined : options.report?.(token, result)),
        // Closed: nobody waits for it any more.
        () => undefined,
      );
      background.add(work);
      void work.finally(() => background.delete(work));
      return { kind: "succeeded" };
    },

    /** There are no aliases here: the module's keys may have qualifiers, and those are what they are. */
    resolveAlias: async () => undefined,

    async problem() {
      const loaded = await pool.loaded;
      return "problem" in loaded ? loaded.problem : undefined;
    },

    background: {
      count: () => background.size,
      async settled() {
        while (background.size > 0) await Promise.all(background);
      },
    },

    async close() {
      closed = true;
      for (const reject of waiting) reject(closedError());
      waiting.clear();
      await pool.close();
    },
  };
}

function runJob(
  pool: Pool,
  invocation: Invocation,
  event: string,
  memoryMb: number,
  settle: (result: CallResult) => void,
): void {
  const { resource, timeoutMs } = invocation;
  const deadline = performance.now() + (timeoutMs ?? LONGEST_RUN_MS);
  const job: Job = {
    message(id, names) {
      const key = findFunction(names, resource);
      if (key === undefined) return undefined;
      const remainingMs = timeoutMs === undefined ? LONGEST_RUN_MS : deadline - performance.now();
      return { kind: "attempt", id, key, event, remainingMs, context: contextOf(invocation, memoryMb) };
    },
    end(outcome) {
      callOff();
      settle(resultOf(outcome, invocation));
    },
  };
  const callOff = timeoutMs === undefined ? () => {} : after(timeoutMs, () => pool.cancel(job));
  pool.submit(job);
}

function resultOf(end: JobEnd, invocation: Invocation): CallResult {
  switch (end.kind) {
    case "done":
      return end.output === undefined
        ? { kind: "succeeded" }
        : { kind: "succeeded", output: JSON.parse(end.output) as Json };
    case "failed":
      return { kind: "failed", error: end.error, cause: end.cause };
    case "notFound":
      return notFound(invocation, end.names);
    case "cancelled":
      return { kind: "timedOut" };
    default:
      return end satisfies never;
  }
}

function contextOf({ resource, context }: Invocation, memoryMb: number): FunctionContext {
  const { attemptId, flow, execution, step, retryCount } = context;
  return {
    functionName: lambdaName(resource),
    functionVersion: resource.qualifier ?? "$LATEST",
    invokedFunctionArn: lambdaArn(resource),
    memoryLimitInMB: String(memoryMb),
    awsRequestId: randomUUID(),
    clientContext: { custom: { attemptId, flow, execution, step, retryCount } },
  };
}

function notFound(invocation: Invocation, names: ReadonlySet<string>): CallResult {
  const keys = functionKeys(invocation.resource).map((key) => JSON.stringify(key));
  const has = names.size === 0 ? "nothing" : [...names].map((name) => JSON.stringify(name)).join(", ");
  const message = `The functions module exports none of ${keys.join(", ")}; it exports ${has}.`;
  return { kind: "failed", ...failure("FC.FunctionNotFound", message, [], "FunctionNotFound") };
}

function tooLarge(bytes: number, limit: number): CallResult {
  const [size, kind] = limit === MAX_REQUEST_BYTES ? ["6 MB", "synchronous"] : ["1 MB", "asynchronous"];
  const message = `The function's input has ${bytes} bytes; Lambda's limit for the request of a call that is ${kind} is ${limit} bytes (${size}).`;
  return { kind: "failed", ...failure("FnF.DataLimitExceeded", message, []) };
}

function closedError(): Error {
  return new Error("The function processes were closed.");
}

function printLine(line: ConsoleLine): void {
  process.stderr.write(`${line.function ?? "functions"}: ${line.text}\n`);
}
