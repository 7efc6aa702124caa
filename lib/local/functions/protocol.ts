/**
 * What the runtime's process and a function process say to each other. Values travel as JSON text, so that hostile keys
 * and large payloads cost nothing on the way; the child's side also runs the user's code, so what comes from it is parsed.
 */

/** Lambda's limits, bytes of JSON: request and response of a synchronous call, request of an asynchronous one. */
export const MAX_REQUEST_BYTES = 6_291_456;
export const MAX_RESPONSE_BYTES = 6_291_556;
export const MAX_ASYNC_REQUEST_BYTES = 1_048_576;

/** What the function finds in its context besides the clock. */
export interface FunctionContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly clientContext: {
    readonly custom: {
      readonly attemptId: string;
      readonly flow: string;
      readonly execution: string;
      readonly step: string;
      readonly retryCount: number;
    };
  };
}

/** Parent to child: run the function that the module has under `key`. */
export interface AttemptMessage {
  readonly kind: "attempt";
  readonly id: number;
  readonly key: string;
  readonly event: string;
  readonly remainingMs: number;
  readonly context: FunctionContext;
}

/** Parent to child. */
export type ParentMessage = AttemptMessage | { readonly kind: "end" };

/** Child to parent. */
export type ChildMessage =
  | { readonly kind: "loaded"; readonly names: readonly string[] }
  | {
      readonly kind: "notLoaded";
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stackTrace: readonly string[];
    }
  /** The attempt has begun: from now on it must not run again by itself. */
  | { readonly kind: "taken"; readonly id: number }
  | { readonly kind: "done"; readonly id: number; readonly output?: string }
  | { readonly kind: "failed"; readonly id: number; readonly error: string; readonly cause: string }
  /** An exception that nobody caught ends the process. */
  | { readonly kind: "dying"; readonly reason: string };

/** The message, or undefined when the user's code sent something of its own through the channel. */
export function parseChildMessage(value: unknown): ChildMessage | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields: { readonly [key: string]: unknown } = { ...value };
  const text = (key: string): string => (typeof fields[key] === "string" ? fields[key] : "");
  const list = (key: string): readonly string[] => {
    const items: unknown = fields[key];
    return Array.isArray(items) ? items.filter((item): item is string => typeof item === "string") : [];
  };
  const id = typeof fields.id === "number" ? fields.id : undefined;
  switch (fields.kind) {
    case "loaded":
      return { kind: "loaded", names: list("names") };
    case "notLoaded":
      return {
        kind: "notLoaded",
        errorType: text("errorType"),
        errorMessage: text("errorMessage"),
        stackTrace: list("stackTrace"),
      };
    case "taken":
      return id === undefined ? undefined : { kind: "taken", id };
    case "done":
      if (id === undefined) return undefined;
      return typeof fields.output === "string" ? { kind: "done", id, output: fields.output } : { kind: "done", id };
    case "failed":
      return id === undefined ? undefined : { kind: "failed", id, error: text("error"), cause: text("cause") };
    case "dying":
      return { kind: "dying", reason: text("reason") };
    default:
      return undefined;
  }
}
