/** Effects: what a transition wants done in the world. Each transition has exactly one (architecture §1). */
import type { Pattern } from "../fdl/definition.ts";
import type { Json, JsonObject } from "../fdl/json.ts";
import type { Resource } from "../fdl/resource.ts";

/** One call of a task to a service, with everything evaluated. */
export type Call =
  | {
      readonly kind: "function";
      readonly resource: Extract<Resource, { kind: "fc" | "function" }>;
      /** Async: submit only. With pattern `sync` the function's end is then reported like a callback. */
      readonly invocationType: "Sync" | "Async";
      readonly payload: Json;
    }
  | {
      readonly kind: "queue";
      readonly queue: string;
      readonly region: string;
      readonly account: string;
      readonly message: MessageParams;
    }
  | {
      readonly kind: "topic";
      readonly topic: string;
      readonly region: string;
      readonly account: string;
      readonly message: MessageParams;
    }
  | {
      readonly kind: "flow";
      readonly flow: string;
      /** Absent: a generated name. */
      readonly executionName?: string;
      readonly input: JsonObject;
      /** By `action: fnf:StartExecution`: its errors are named `fnf.…` (fdl.md §3.1.6). */
      readonly action: boolean;
    };

/** serviceParams of a queue or topic task, evaluated (fdl.md §3.1.5, §12). */
export interface MessageParams {
  /** An object value of MessageBody arrives here as JSON text. */
  readonly body: string;
  readonly delaySeconds?: number;
  readonly priority?: number;
  readonly tag?: string;
  readonly subject?: string;
  readonly attributes?: { readonly [name: string]: string };
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

export interface TaskEffect {
  /**
   * invoke: make the call and wait for its result (→ taskSucceeded | taskFailed).
   * submit: make the call; accepted → `submitted` and then a verdict, else `taskFailed`.
   */
  readonly kind: "invoke" | "submit";
  readonly step: string;
  readonly call: Call;
  readonly pattern: Pattern;
  /** Number of attempts before this one. */
  readonly retryCount: number;
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
  readonly onLost: "retry" | "fail";
}

export type OutwardEffect =
  | TaskEffect
  /** Suspend until the verdict of the attempt submitted by the entry before; due (absent: never) is its time-out. */
  | { readonly kind: "awaitVerdict"; readonly due?: number; readonly heartbeatSeconds?: number }
  /** Suspend until `due` (→ elapsed). */
  | { readonly kind: "timer"; readonly due: number; readonly purpose: "wait" | "retry" }
  /** Suspend and start `branches` branches (`branchState` makes their states), → joined | branchFailed. Never 0. */
  | { readonly kind: "fork"; readonly branches: number }
  /** Yield: go on at once in a new transition (→ continued). */
  | { readonly kind: "continue" };

export type ClosingEffect =
  /** A branch or lane is done. `output` holds what was not flushed yet, to be stored as chunk number `chunk`; `events`: its own history events. */
  | {
      readonly kind: "branchDone";
      readonly output: readonly JsonObject[];
      readonly chunk: number;
      readonly events: number;
    }
  | { readonly kind: "branchFailed"; readonly error: string; readonly cause: string }
  | { readonly kind: "succeeded"; readonly output: JsonObject }
  | { readonly kind: "failed"; readonly error: string; readonly cause: string };

export type Effect = OutwardEffect | ClosingEffect;

type EffectClass = "leased" | "suspended" | "closing";

/** How an effect is held: by a lease while it runs, by the stored snapshot while the branch waits, or by being redone (architecture §3, §4). */
export function classOf(effect: Effect): EffectClass {
  switch (effect.kind) {
    case "invoke":
    case "submit":
    case "continue":
      return "leased";
    case "awaitVerdict":
    case "timer":
    case "fork":
      return "suspended";
    case "branchDone":
    case "branchFailed":
    case "succeeded":
    case "failed":
      return "closing";
    default:
      return effect satisfies never;
  }
}
