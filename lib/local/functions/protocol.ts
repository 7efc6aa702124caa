/**
 * What the runtime's process and a function process say to each other. Values travel as JSON text, so that hostile keys
 * and large payloads cost nothing on the way; the child's side also runs the user's code, so what comes from it is parsed.
 */
import { frame } from "./frames.ts";

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

/** What a function process has to load. */
export type LoadOrder =
  /** A module whose default export maps names to functions; `url` is a file URL. */
  | { readonly kind: "module"; readonly url: string }
  /** Handlers, each an export of a module of its own. */
  | { readonly kind: "handlers"; readonly handlers: readonly Handler[] };

export interface Handler {
  readonly key: string;
  /** File URL. */
  readonly url: string;
  /** `handler`, or `orders.pay` for a property of an export. */
  readonly export: string;
}

/** Why a module or a handler cannot be used. */
export interface LoadProblem {
  /** The name Lambda gives it: `Runtime.ImportModuleError`, `Runtime.UserCodeSyntaxError`, `Runtime.HandlerNotFound`. */
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace: readonly string[];
}

/** Version by alias, by the key of the function. */
export type Aliases = { readonly [key: string]: { readonly [alias: string]: string } };

/** Parent to child: run the function that the process has under `key`. */
export interface AttemptMessage {
  readonly kind: "attempt";
  readonly id: number;
  readonly key: string;
  readonly event: string;
  readonly remainingMs: number;
  readonly context: FunctionContext;
}

/** Parent to child. */
export type ParentMessage =
  | AttemptMessage
  /** Give back the attempts that have not begun. */
  | { readonly kind: "recall" }
  | { readonly kind: "end" };

/** Child to parent. */
export type ChildMessage =
  | {
      readonly kind: "loaded";
      readonly names: readonly string[];
      readonly aliases: Aliases;
      /** Of the names that cannot be called. */
      readonly problems: { readonly [name: string]: LoadProblem };
    }
  | ({ readonly kind: "notLoaded" } & LoadProblem)
  /** A file of the user's that was read to load the functions, or would have been; `stamp`: see fileStamp. */
  | { readonly kind: "file"; readonly path: string; readonly stamp: string }
  /** `printed`: there is output of the attempt to be read before. */
  | { readonly kind: "done"; readonly id: number; readonly output?: string; readonly printed: boolean }
  | {
      readonly kind: "failed";
      readonly id: number;
      readonly error: string;
      readonly cause: string;
      readonly printed: boolean;
    }
  /** These attempts have not begun, and will not. */
  | { readonly kind: "returned"; readonly ids: readonly number[] }
  /** The process ends. `reason`: an exception that nobody caught; `began`: the last attempt that it has begun. */
  | { readonly kind: "dying"; readonly reason?: string; readonly began?: number };

/** The bytes of a message to a function process. */
export function encodeOrder(message: ParentMessage): Buffer {
  if (message.kind !== "attempt") return frame(JSON.stringify(message));
  const { event, ...head } = message;
  return frame(JSON.stringify(head), event);
}

/** The message to a function process; what comes from the parent has been made by `encodeOrder`. */
export function decodeOrder(head: string, body: string | undefined): ParentMessage {
  const order = JSON.parse(head) as Omit<AttemptMessage, "event"> | Exclude<ParentMessage, AttemptMessage>;
  return order.kind === "attempt" ? { ...order, event: body ?? "null" } : order;
}

/** The bytes of a message of a function process. */
export function encodeMessage(message: ChildMessage): Buffer {
  switch (message.kind) {
    case "done": {
      const { output, ...head } = message;
      return frame(JSON.stringify(head), output);
    }
    case "failed": {
      const { cause, ...head } = message;
      return frame(JSON.stringify(head), cause);
    }
    default:
      return frame("", JSON.stringify(message));
  }
}

/** The message, or undefined when it is none. */
export function decodeMessage(head: string, body: string | undefined): ChildMessage | undefined {
  const value: unknown = JSON.parse(head === "" ? (body ?? "null") : head);
  if (typeof value !== "object" || value === null) return undefined;
  const fields: Fields = value as Fields;
  const id = typeof fields.id === "number" ? fields.id : undefined;
  const printed = fields.printed === true;
  switch (fields.kind) {
    case "done":
      if (id === undefined) return undefined;
      return body === undefined ? { kind: "done", id, printed } : { kind: "done", id, output: body, printed };
    case "failed":
      return id === undefined
        ? undefined
        : { kind: "failed", id, error: text(fields.error), cause: body ?? "", printed };
    case "loaded":
      return {
        kind: "loaded",
        names: texts(fields.names),
        aliases: mapped(fields.aliases, (versions) => mapped(versions, text)),
        problems: mapped(fields.problems, problemOf),
      };
    case "notLoaded":
      return { kind: "notLoaded", ...problemOf(fields) };
    case "returned":
      return { kind: "returned", ids: numbers(fields.ids) };
    case "file":
      return { kind: "file", path: text(fields.path), stamp: text(fields.stamp) };
    case "dying":
      return {
        kind: "dying",
        ...(typeof fields.reason === "string" ? { reason: fields.reason } : {}),
        ...(typeof fields.began === "number" ? { began: fields.began } : {}),
      };
    default:
      return undefined;
  }
}

type Fields = { readonly [key: string]: unknown };

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((item): item is number => typeof item === "number") : [];
}

function mapped<T>(value: unknown, read: (item: unknown) => T): { readonly [key: string]: T } {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item)]));
}

function problemOf(value: unknown): LoadProblem {
  const fields: Fields = typeof value === "object" && value !== null ? (value as Fields) : {};
  return {
    errorType: text(fields.errorType),
    errorMessage: text(fields.errorMessage),
    stackTrace: texts(fields.stackTrace),
  };
}
