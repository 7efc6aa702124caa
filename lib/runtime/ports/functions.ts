/** The functions port: calls of task functions (fdl.md §3.1.2, §6.2). */
import type { Json } from "../../fdl/json.ts";
import type { Resource } from "../../fdl/resource.ts";

export interface Invocation {
  readonly resource: Extract<Resource, { kind: "fc" | "function" }>;
  readonly payload: Json;
  /** The function must be gone by then: the step's time-out or the end of the invocation that waits. Milliseconds from now; absent: none. */
  readonly timeoutMs?: number;
  readonly context: AttemptContext;
}

/** Travels with every call, so that a task can be idempotent. */
export interface AttemptContext {
  /** The same for every run of the same attempt. */
  readonly attemptId: string;
  readonly flow: string;
  readonly execution: string;
  readonly step: string;
  readonly retryCount: number;
}

export type CallResult =
  /** `output` absent: no result. */
  | { readonly kind: "succeeded"; readonly output?: Json }
  | { readonly kind: "failed"; readonly error: string; readonly cause: string }
  /** Was not executed and may be tried again at once: throttled before it began. */
  | { readonly kind: "throttled"; readonly cause: string }
  /** Passed `timeoutMs`. */
  | { readonly kind: "timedOut" };

export interface Functions {
  /** Calls and waits for the result. Never rejects for what the function does; rejects only when the adapter itself is broken. */
  invoke(invocation: Invocation): Promise<CallResult>;
  /** Submits and returns when the call is accepted. With `token` the function's end is reported to that task token. */
  submit(invocation: Invocation, token?: string): Promise<CallResult>;
  /** The version that the resource's qualifier stands for now; undefined when it is a version itself, or there is no such alias. */
  resolveAlias(resource: Invocation["resource"]): Promise<string | undefined>;
}
