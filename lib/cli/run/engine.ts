/** What `stepwell run` asks of the engine, and what it is told while an execution runs. */
import type { Effect, HistoryEvent, Verdict } from "../../engine/index.ts";
import type { JsonObject } from "../../fdl/json.ts";
import type { ExecutionEvent } from "../../runtime/index.ts";
import type { Destinations } from "../../runtime/ports/destinations.ts";
import type { CallResult, Functions } from "../../runtime/ports/functions.ts";
import type { Status } from "../../runtime/ports/journal.ts";

/** One recorded transition. */
export interface Transit {
  readonly startId: string;
  readonly flow: string;
  readonly execution: string;
  /** "" is the root. */
  readonly branch: string;
  readonly seq: number;
  readonly events: readonly HistoryEvent[];
  readonly effect: Effect;
}

export interface RunRequest {
  /** All flows by name; the one to run is among them. */
  readonly flows: ReadonlyMap<string, string>;
  readonly flow: string;
  readonly name?: string;
  readonly input: JsonObject;
  /** True for a step that waits for a report from outside. */
  isCallback(flow: string, step: string): boolean;
}

export interface Watcher {
  started(execution: { readonly flow: string; readonly name: string; readonly startId: string }): void;
  /** Instead: an execution that was interrupted goes on, or has ended already. */
  found(execution: { readonly flow: string; readonly name: string; readonly startId: string }, remark: string): void;
  /** A callback task was submitted before the interruption, and waits for its report. */
  waits(task: WaitingTask): void;
  transit(transit: Transit): void;
  /** What nobody waits for but a user may want to know. */
  note(line: string): void;
  /** The engine has come to `quiet`. */
  quiet(): void;
}

export interface WaitingTask {
  /** Tells it from all others that wait at the same time. */
  readonly key: string;
  readonly step: string;
  readonly token: string;
}

/** A durable execution that was interrupted: it can go on. */
export interface Left {
  readonly status: "Left";
  readonly execution: string;
}

export interface Ended {
  /** Of the execution, e.g. `orders/run-1`. */
  readonly name: string;
  readonly status: Status;
  /** Present when it succeeded. */
  readonly output?: JsonObject;
  readonly error?: string;
  readonly cause?: string;
  /** From its start to its end, ms. */
  readonly elapsedMs: number;
  /** Its whole history, derived anew: not for nothing. */
  events(): Promise<readonly ExecutionEvent[]>;
}

/** What an engine is made of. */
export interface EngineParts {
  /** Absent: there are none, every call fails with `FC.FunctionNotFound`. */
  readonly functions?: Functions & Background;
  readonly destinations: Destinations;
  readonly watcher: Watcher;
}

/** Functions that were called without waiting for them and still run. */
export interface Background {
  readonly background: {
    count(): number;
    /** Resolves when there is none. */
    settled(): Promise<void>;
  };
}

export interface Engine {
  /** Runs one execution to its end, or until it is left. Rejects with StepwellError for a name or an input that cannot be. */
  run(request: RunRequest): Promise<Ended | Left>;
  /** Stops the execution if it still runs, or leaves it where that is durable, and the waiting for what it has set going: `run` then resolves. */
  stop(error: string, cause: string): Promise<void>;
  /** Nothing runs and nothing is due: only a report can make anything happen. */
  quiet(): boolean;
  /** Reports the outcome of a callback task. Rejects with StepwellError when it is over. */
  report(token: string, verdict: Verdict): Promise<void>;
  /** Takes the end of an asynchronous function: what it was submitted with, and what came of it. */
  reportCall(token: string, result: CallResult): Promise<void>;
  /** To be called last: until then the end's events can be asked for. */
  close(): Promise<void>;
}
