/**
 * What is to happen in one simulated run, all of it: flows, executions, how the world behaves, and what goes wrong when. A
 * plan is plain data, so that it can be generated, printed, made smaller and run again; the same plan is the same run.
 */
import type { JsonObject } from "../fdl/json.ts";

export interface Plan {
  /** Of all that the world leaves to chance: latencies, which message comes first. */
  readonly seed: number;
  readonly mode: "hop" | "fused";
  /** Definitions by name. */
  readonly flows: Readonly<Record<string, string>>;
  readonly executions: readonly PlannedExecution[];
  readonly weather: Weather;
  readonly faults: readonly PlannedFault[];
}

export interface PlannedExecution {
  readonly flow: string;
  readonly name: string;
  readonly input: JsonObject;
  /** When it is started, ms after the beginning. */
  readonly startMs: number;
  /** When somebody stops it. */
  readonly stopMs?: number;
  /** When somebody else starts the same name with this input: one of both runs, the other never. */
  readonly rival?: { readonly startMs: number; readonly input: JsonObject };
}

/** How the world behaves all the time, without anything being broken. */
export interface Weather {
  /** Each port call takes 0 to so many ms, drawn anew; 0: none takes any time. */
  readonly latencyMs: number;
  /** Workers that take messages beside each other. */
  readonly workers: number;
  /** Messages a worker has in hand at once. */
  readonly batch: number;
  /** Of so many messages in a hundred further copies come. */
  readonly copiedPercent: number;
  /** Copies of such a message: 1 or 2. */
  readonly copies: number;
  /** A copy comes at most so long after the message, ms: 0 is at once, to another worker at the same time. */
  readonly copyMs: number;
  /** A message may come so much later than it should, ms: later ones come before it. */
  readonly queueLagMs: number;
  /** Clocks of the workers and callers, in turn: so many ms before (negative: behind) the true time. */
  readonly skewMs: readonly number[];
  /** Far timers fire up to so much late, ms. */
  readonly timersLateMs: number;
  /** Far timers fire twice. */
  readonly timersTwice: boolean;
  /** What the lists of executions show is so old, ms. */
  readonly listLagMs: number;
  /** The sweeper comes round so often, ms; 0: only at the end, when nothing goes on by itself. */
  readonly sweepMs: number;
}

/** A port call, by its number over the whole run from 1: of all calls, or of those with the name `of` (such as `journal.append`). */
export interface Place {
  readonly at: number;
  readonly of?: string;
}

/** A port call, and what befalls it. */
export type PlannedFault =
  /** The caller's process dies: before the call's effect, while the call goes on, or after the effect, before its answer. */
  | ({ readonly kind: "crash"; readonly when: "before" | "during" | "after" } & Place)
  /** The call rejects, without its effect or after it: throttled, or nobody knows. */
  | ({ readonly kind: "fail"; readonly when: "before" | "after" } & Place)
  /** The SDK gets no answer and sends the request again: it has its effect twice, the second answer counts. Not for calls of functions. */
  | ({ readonly kind: "repeat" } & Place)
  /** The caller's process freezes for so long, then goes on: past its lease and visibility it is a zombie. */
  | ({ readonly kind: "stall"; readonly when: "before" | "after"; readonly ms: number } & Place)
  /** The message with that number (of all sent, from 1) is lost. */
  | { readonly kind: "lose"; readonly at: number }
  /** The queue loses all that it holds, ms after the beginning. */
  | { readonly kind: "purge"; readonly atMs: number }
  /** A bad deployment: from then on, for so long, every handler throws before it does anything. */
  | { readonly kind: "badDeploy"; readonly atMs: number; readonly ms: number };
