/** A scripted world: functions, queues, topics, child flows and people who report, all answering at once. */
import type { Flow } from "../../fdl/definition.ts";
import type { Json, JsonObject } from "../../fdl/json.ts";
import type { Call, MessageParams, TaskEffect, Verdict } from "../index.ts";

/** Thrown by a scripted answer: the task fails with this error. `FnF.TaskTimeout` means that the attempt timed out. */
export class TaskError extends Error {
  readonly error: string;

  /** `message` is the error's cause. */
  constructor(error: string, message = "") {
    super(message);
    this.name = "TaskError";
    this.error = error;
  }
}

export type FunctionCall = Extract<Call, { kind: "function" }>;

/** What an answer may look at besides its input. */
export interface Attempt {
  readonly step: string;
  readonly resourceArn: string;
  readonly retryCount: number;
  readonly pattern: TaskEffect["pattern"];
  readonly call: Call;
  readonly token: string;
  readonly branch: string;
  readonly seq: number;
  /** Virtual time, ms. */
  readonly time: number;
}

/** The raw result; undefined: none. */
export type Answer<Input> = (input: Input, attempt: Attempt) => Json | undefined;

export interface World {
  /** Input of the execution, default `{}`. */
  readonly input?: JsonObject;
  /** Names that `$context` shows; default "flow" and "execution". */
  readonly flow?: string;
  readonly execution?: string;
  /** By `service/function`, function name or ARN. */
  readonly functions?: Readonly<Record<string, Answer<Json>>>;
  /** By name. Without an answer a message is accepted with a made-up MessageId. */
  readonly queues?: Readonly<Record<string, Answer<MessageParams>>>;
  readonly topics?: Readonly<Record<string, Answer<MessageParams>>>;
  /** Child flows by name; they are played in the same world. */
  readonly flows?: Readonly<Record<string, Flow>>;
  /** Who reports on a callback task; undefined: nobody, so that it times out. `after`: seconds until the report. */
  readonly verdicts?: (
    attempt: Attempt,
    response: Json | undefined,
  ) => (Verdict & { readonly after?: number }) | undefined;
  /** What the addresses of callbacks begin with. */
  readonly callbacks?: string;
  /** Time of the start, ms. */
  readonly startedAt?: number;
  readonly maxDataBytes?: number;
  /** More transitions than that in one branch are taken for an endless loop; default 100,000. */
  readonly maxTransitions?: number;
}

/** The scripted answer to a call of a function: by the names a test may know it under. */
export function functionFor({ functions = {} }: World, { resource }: FunctionCall, resourceArn: string): Answer<Json> {
  const names = [
    resource.kind === "fc" ? `${resource.service}/${resource.function}` : "",
    resource.function,
    resourceArn,
  ];
  for (const name of names) {
    const answer = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (answer !== undefined) return answer;
  }
  throw new Error(`No function is scripted for ${resourceArn}.`);
}
