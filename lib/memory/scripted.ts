/**
 * The functions port over plain functions of this process: for tests, the simulation and Express runs on a virtual
 * clock. A function gets a copy of its event and gives a copy of its result, as over a wire; it is found, limited and
 * fails under the same names as one in a process of its own.
 */
import type { Json } from "../fdl/json.ts";
import { failure, failureOf } from "../local/functions/failure.ts";
import { findFunction, functionKeys } from "../local/functions/names.ts";
import { MAX_ASYNC_REQUEST_BYTES, MAX_REQUEST_BYTES } from "../local/functions/protocol.ts";
import { writeResult } from "../local/functions/result.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { AttemptContext, CallResult, Functions, Invocation } from "../runtime/ports/functions.ts";
import { stopper } from "../runtime/stopper.ts";

/** A method type, so that a function may declare the event that it expects: `({ id }: { id: string }) => …`. */
export type ScriptedFunction = {
  call(event: Json, context: AttemptContext): Json | undefined | Promise<Json | undefined>;
}["call"];

/** Thrown by a scripted function: the call was refused before it began. */
export class Throttled extends Error {
  override readonly name = "Throttled";
}

export interface ScriptedFunctionsOptions {
  readonly clock: Clock;
  /** By resource text, `service/function` or Lambda name, each also with a qualifier. */
  readonly functions: { readonly [name: string]: ScriptedFunction };
  /** Versions of aliases, by the same keys with the alias as qualifier: `{ "shop.live/pay": "3" }`. */
  readonly aliases?: { readonly [name: string]: string };
  /** Receives the end of a function that was submitted with a token. Must not reject. */
  readonly report?: (token: string, result: CallResult) => Promise<void>;
}

/** Functions that run in this process. One that passes its time-out is not stopped; what it returns is dropped. */
export function scriptedFunctions({ clock, functions, aliases = {}, report }: ScriptedFunctionsOptions): Functions {
  const scripts = new Map(Object.entries(functions));
  const names = new Set(scripts.keys());
  const versions = new Map(Object.entries(aliases));

  /** What to run, or why it cannot be run. */
  function prepare(
    { resource, payload, context }: Invocation,
    limit: number,
  ): (() => Promise<CallResult>) | CallResult {
    const script = scripts.get(findFunction(names, resource) ?? "");
    if (script === undefined) {
      const message = `There is no function "${resource.function}" for this task; there are: ${[...names].join(", ") || "none"}.`;
      return { kind: "failed", ...failure("FC.FunctionNotFound", message, []) };
    }
    const event = JSON.stringify(payload);
    const bytes = Buffer.byteLength(event);
    if (bytes > limit) {
      const message = `The task's input has ${bytes} bytes; Lambda's limit for it is ${limit} bytes (${limit / 2 ** 20} MB).`;
      return { kind: "failed", ...failure("FnF.DataLimitExceeded", message, []) };
    }
    return () => run(script, event, context);
  }

  async function inTime(call: () => Promise<CallResult>, timeoutMs: number | undefined): Promise<CallResult> {
    if (timeoutMs === undefined) return call();
    if (timeoutMs <= 0) return { kind: "timedOut" };
    const ended = stopper();
    const timeout = clock.sleep(timeoutMs, ended.signal).then((): CallResult => ({ kind: "timedOut" }));
    const result = await Promise.race([call(), timeout]);
    ended.stop();
    return result;
  }

  async function runAndReport(
    call: () => Promise<CallResult>,
    timeoutMs: number | undefined,
    token: string | undefined,
  ) {
    const result = await inTime(call, timeoutMs);
    if (token !== undefined) await report?.(token, afterAccepting(result));
  }

  return {
    async invoke(invocation) {
      const call = prepare(invocation, MAX_REQUEST_BYTES);
      return typeof call === "function" ? inTime(call, invocation.timeoutMs) : call;
    },
    async submit(invocation, token) {
      const call = prepare(invocation, MAX_ASYNC_REQUEST_BYTES);
      if (typeof call !== "function") return call;
      void runAndReport(call, invocation.timeoutMs, token);
      return { kind: "succeeded" };
    },
    async resolveAlias(resource) {
      const key = functionKeys(resource).find((one) => versions.has(one));
      return key === undefined ? undefined : versions.get(key);
    },
  };
}

async function run(script: ScriptedFunction, event: string, context: AttemptContext): Promise<CallResult> {
  try {
    const copy: Json = JSON.parse(event);
    const result = writeResult(await script(copy, context));
    if ("error" in result) return { kind: "failed", ...result };
    if (result.output === undefined) return { kind: "succeeded" };
    const output: Json = JSON.parse(result.output);
    return { kind: "succeeded", output };
  } catch (thrown) {
    if (thrown instanceof Throttled) return { kind: "throttled", cause: thrown.message };
    return { kind: "failed", ...failureOf(thrown) };
  }
}

/** A call that was accepted cannot be tried again by its caller: being throttled has become its end. */
function afterAccepting(result: CallResult): CallResult {
  return result.kind === "throttled" ? { kind: "failed", error: "FC.ResourceThrottled", cause: result.cause } : result;
}
