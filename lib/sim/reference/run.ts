/** What one evaluation carries along: the world outside, the ways that were chosen in it, and what was said and started so far. */
import type { Flow } from "../../fdl/definition.ts";
import type { Json, JsonObject } from "../../fdl/json.ts";
import type { Behaviour } from "../behaviours.ts";
import { type Choose, Undecided } from "./choices.ts";
import type { End } from "./unspecified.ts";

export interface ReferenceWorld {
  /** The flows that there are, for sub-flows. */
  readonly flows: Readonly<Record<string, Flow>>;
  readonly names: { readonly flow: string; readonly execution: string };
  /** So many attempts may end as FC.Unknown though nothing is wrong with their function: their answers were lost. */
  readonly lost: number;
  /** What comes before a time-out in an undisturbed world may come behind it, and the other way round; any of several failing branches may be first. */
  readonly late: boolean;
  /** When the execution starts, ms since the epoch; 0 unless told. Only waits for a point in time look at it. */
  readonly startedMs?: number;
  /** By `service/function`, or the function's name where it has no service. Those of the simulation unless told. */
  readonly functions?: (name: string) => Behaviour | undefined;
  /** What is answered to a message with a token, CLERK_MS later; undefined: nothing. `{answer: 7}` unless told. */
  readonly clerk?: () => JsonObject | undefined;
}

/** Where the names of a step's context come from, and so far its flow. */
export interface Names {
  readonly flow: string;
  readonly execution: string;
}

export interface Failure {
  readonly kind: "failed";
  readonly error: string;
  readonly cause: string;
  /** A function threw it: policies may also call it FC.error (ERR-04). */
  readonly thrown: boolean;
  /** When, ms. */
  readonly at: number;
}

/** What somebody says to a token, and when, ms. */
export type Said =
  | { readonly at: number; readonly kind: "succeeded"; readonly output: Json }
  | { readonly at: number; readonly kind: "failed"; readonly error: string; readonly cause: string }
  | { readonly at: number; readonly kind: "beats" };

export interface Run {
  readonly world: ReferenceWorld;
  readonly choose: Choose;
  /** Runs a sub-flow from `at` on. */
  readonly child: (flow: Flow, names: Names, input: JsonObject, at: number) => EndedAt;
  /** Answers that may still be lost. */
  lost: number;
  /** Steps that may still be made: an evaluation must end. */
  steps: number;
  /** Attempts so far, for their tokens. */
  attempts: number;
  readonly said: Map<string, Said[]>;
  /** When executions of a given name ended, by flow and name; undefined: nobody waited for it. */
  readonly started: Map<string, number | undefined>;
}

export interface EndedAt {
  readonly end: End;
  readonly at: number;
}

/** Counts a step. */
export function counted(run: Run): void {
  if (run.steps-- === 0) throw new Undecided("The execution makes too many steps.");
}

export function failure(error: string, cause: string, at: number, thrown = false): Failure {
  return { kind: "failed", error, cause, thrown, at };
}

/** In an undisturbed world no two things that are further apart than this change places, ms. */
const CLOSE_MS = 10_000;

/** Whether what comes at `at` is before the time-out at `due`. Where both are possible this is a choice. */
export function inTime(run: Run, at: number, due: number): boolean {
  const usual = at < due;
  if (!Number.isFinite(at) || !Number.isFinite(due) || !(run.world.late || near(at, due))) return usual;
  return run.choose(2) === 0 ? usual : !usual;
}

export function near(one: number, other: number): boolean {
  return Math.abs(one - other) <= CLOSE_MS;
}
