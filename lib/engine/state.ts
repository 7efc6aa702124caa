/**
 * The state of a branch: all that its next transition needs besides the event. Plain JSON, and small, because every
 * message carries it (architecture §1, §3): a step's input is not in it, since it follows from the frames (data.ts).
 */
import type { JsonObject } from "../fdl/json.ts";
import type { Cause } from "./history.ts";

/** The version of the core; an execution is finished by the version that it started with. */
export const CORE_VERSION = 1;

/** A running `steps:` list (fdl.md §2.1). */
export interface Frame {
  /**
   * Which list it is. Lowest frame: its place in the definition, such as "" (the flow's own), "2.branches.1",
   * "3.choices.0.4.steps". Frames above it run a part of the choice where the frame below stands: "choices.0", "default".
   */
  readonly list: string;
  /** Index of the current step in the list; the list's length when the list is over. */
  readonly index: number;
  readonly local: JsonObject;
  /** Id of the current step's StepEntered event (`$context.step.eventId`); 0 before there is one. */
  readonly entered: number;
}

/** What kind of branch this is; absent for the root. */
export type Lane = ParallelLane | ForeachLane;

interface LaneBase {
  /** Index of the branch, or of the lane. */
  readonly index: number;
  /** The parent's event count at the fork: also the id of the StepStarted that forked, the cause of each BranchEntered and IterationEntered. */
  readonly base: number;
  /** Number of branches, or lanes, of the fork. */
  readonly width: number;
}

interface ParallelLane extends LaneBase {
  readonly kind: "parallel";
}

export interface ForeachLane extends LaneBase {
  readonly kind: "foreach";
  /** Number of items, and the item that runs now. */
  readonly count: number;
  readonly item: number;
  /** Locals of finished items that were not flushed yet, their size in bytes, and the number of chunks flushed before. */
  readonly collected: readonly JsonObject[];
  readonly bytes: number;
  readonly chunks: number;
}

/** Counters of a step that is being attempted. */
export interface Attempts {
  /** Total retries so far. */
  readonly retryCount: number;
  /** Retries used by each policy of the step, by its index. */
  readonly used: readonly number[];
}

/** What the branch waits for, and so which events fit. */
export type Waiting =
  /** → started | branchStarted */
  | { readonly kind: "new" }
  /** It yielded between two steps → continued */
  | { readonly kind: "yielded" }
  /** → taskSucceeded | taskFailed. `token` only where the step's input holds it. */
  | { readonly kind: "call"; readonly attempts: Attempts; readonly token?: string }
  /** → submitted | taskFailed */
  | { readonly kind: "submit"; readonly attempts: Attempts; readonly token: string; readonly startedAt: number }
  /** → reported. `token` only where the step's input holds it. */
  | { readonly kind: "verdict"; readonly attempts: Attempts; readonly token?: string }
  /** → elapsed, or continued when it yielded between two attempts. `attempts` count the coming one. */
  | { readonly kind: "retry"; readonly attempts: Attempts }
  /** → elapsed */
  | { readonly kind: "wait" }
  /** → joined | branchFailed. `count`: branches, or items of a foreach; `width`: branches, or lanes. */
  | { readonly kind: "fork"; readonly attempts: Attempts; readonly width: number; readonly count: number }
  | { readonly kind: "ended" };

export interface State {
  readonly core: number;
  readonly flow: string;
  readonly execution: string;
  /** Input of the lowest frame; in a foreach lane the foreach's own, without item and index. */
  readonly input: JsonObject;
  /** Innermost frame last; none when the branch ended. */
  readonly frames: readonly Frame[];
  readonly waiting: Waiting;
  readonly lane?: Lane;
  /** Versions that the flow's aliases were pinned to when the execution started (fdl.md §12 `pinAliases`); the core only hands it on. */
  readonly pins?: { readonly [resource: string]: string };
  /** What the addresses of callbacks begin with (`$context.task.callbackUrl`); a token completes them. Only where the flow asks for one. */
  readonly callbacks?: string;
  /** History events so far: of this branch, plus its parent's at the fork (fdl.md §10 row 60). */
  readonly events: number;
  /** What the next event names as its cause: the last event of this strand, or the child that just ended. */
  readonly cause: Cause;
  /** Time of the last event, ms. No event is earlier. */
  readonly time: number;
}
