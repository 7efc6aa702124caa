/**
 * A branch while one transition works on it: the state taken apart, the history written so far, the bound of the work.
 * The only mutable thing of the core; it never leaves the transition that made it.
 */
import type { Flow, Step } from "../fdl/definition.ts";
import type { JsonObject } from "../fdl/json.ts";
import { sizeOf } from "../fdl/json-size.ts";
import { CoreError } from "./core-error.ts";
import { type Circumstances, type Missing, stepInput } from "./data.ts";
import type { Effect } from "./effect.ts";
import type { Env } from "./env.ts";
import { circumstances, type OpenFrame, openFrames } from "./frames.ts";
import type { Cause, HistoryEvent, HistoryType } from "./history.ts";
import type { Attempts, State, Waiting } from "./state.ts";

/** Bound of one transition (architecture §2): past it the transition yields, so that an endless goto loop can be stopped. */
const MAX_STEPS = 1_000;
const MAX_HISTORY_BYTES = 128 * 1024;

export interface Run {
  readonly definition: Flow;
  readonly env: Env;
  /** The state before. */
  readonly before: State;
  /** Time of all events of this transition. */
  readonly time: number;
  readonly frames: OpenFrame[];
  readonly history: HistoryEvent[];
  /** Input of the lowest frame (`State.input`). */
  input: JsonObject;
  waiting: Waiting;
  events: number;
  cause: Cause;
  /** foreach lanes: the item that runs, and locals of items that were finished in this transition, with their size. */
  item: number;
  readonly finished: JsonObject[];
  finishedBytes: number;
  /** The current step is to be attempted again at once. */
  again: Attempts | undefined;
  /** Steps taken; events whose size was counted, and that size. */
  steps: number;
  weighed: number;
  bytes: number;
}

/** What a step does next: an effect ends the transition, undefined goes on with the current step of the innermost list. */
export type Next = Effect | undefined;

export function openRun(definition: Flow, state: State, at: number, env: Env): Run {
  return {
    definition,
    env,
    before: state,
    time: Math.max(at, state.time),
    frames: openFrames(definition, state),
    history: [],
    input: state.input,
    waiting: state.waiting,
    events: state.events,
    cause: state.cause,
    item: state.lane?.kind === "foreach" ? state.lane.item : 0,
    finished: [],
    finishedBytes: 0,
    again: undefined,
    steps: 0,
    weighed: 0,
    bytes: 0,
  };
}

/** Ends the transition: what the branch waits for, and the effect that brings it about. */
export function suspend<E extends Effect>(run: Run, waiting: Waiting, effect: E): E {
  run.waiting = waiting;
  return effect;
}

/** Writes a history event, caused by the one before it unless `cause` says otherwise. */
export function record(run: Run, type: HistoryType, step: string, detail: JsonObject, cause: Cause = run.cause): void {
  run.events += 1;
  run.history.push({ id: run.events, cause, type, step, time: run.time, detail });
  run.cause = { in: "branch", id: run.events };
}

/** Whether the transition has done its share. Never before its first step, so that each transition gets on. */
export function spent(run: Run): boolean {
  if (run.steps === 0) return false;
  if (run.steps >= MAX_STEPS) return true;
  for (const { detail } of run.history.slice(run.weighed)) {
    // Part by part: events share their parts, whose sizes are remembered.
    for (const part of Object.values(detail)) run.bytes += sizeOf(part);
  }
  run.weighed = run.history.length;
  return run.bytes >= MAX_HISTORY_BYTES;
}

/** The innermost frame. */
export function topFrame(run: Run): OpenFrame {
  const frame = run.frames.at(-1);
  if (frame === undefined) throw new CoreError("The branch has ended: it has no frame.");
  return frame;
}

/** The current step of the innermost frame; undefined when its list is over. */
export function currentStep(run: Run): Step | undefined {
  const frame = topFrame(run);
  return frame.steps[frame.index];
}

/** `$context` for the current step. */
export function here(run: Run, step: Step, token?: string | undefined): Circumstances {
  return circumstances(run.before, topFrame(run), step, token);
}

/** The input of the current step when it is entered: missing paths are told of. */
export function firstInput(run: Run, step: Step, token?: string | undefined): JsonObject {
  return stepInput(step, topFrame(run), here(run, step, token), warnMissing(run, step.name, "inputMappings"));
}

/** The same input again, evaluated in a later transition or for another attempt. */
export function inputAgain(run: Run, step: Step, token?: string | undefined): JsonObject {
  return stepInput(step, topFrame(run), here(run, step, token));
}

/** Tells of each missing path of a mapping list; `place` names the list. */
export function warnMissing(run: Run, step: string, place: string): Missing {
  return ({ target, source }) => {
    if (source.kind === "path")
      run.env.warn?.(step, `${place}: ${source.text} is missing, so "${target}" is left out.`);
  };
}
