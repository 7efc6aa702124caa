/**
 * Events: what the world said. The journal records them, one an entry; everything else is computed from them
 * (architecture §1). Times are milliseconds since the epoch.
 */
import type { Json, JsonObject } from "../fdl/json.ts";
import type { State } from "./state.ts";

/** What a finished branch hands to its join. */
export interface BranchOutput {
  /** The branch's local (one of them for a parallel branch, one an item for a foreach lane, in the lane's order). */
  readonly locals: readonly JsonObject[];
}

export type Event =
  /**
   * Entry 0 of the root. `input` is the execution's input as given; `pins` the versions that its aliases were resolved to
   * (fdl.md §12 `pinAliases`), `callbacks` what the addresses of its callbacks begin with.
   */
  | {
      readonly kind: "started";
      readonly at: number;
      readonly input: JsonObject;
      readonly pins?: State["pins"];
      readonly callbacks?: string;
    }
  /** Entry 0 of a branch or lane; its state was made by `branchState`. */
  | { readonly kind: "branchStarted"; readonly at: number }
  /** A called function returned, a message was accepted, a child was started. `output` is the raw result (absent: none). */
  | { readonly kind: "taskSucceeded"; readonly at: number; readonly output?: Json }
  /** `timedOut`: the attempt passed the step's `timeoutSeconds` (error is then FnF.TaskTimeout). Also a failed submit. */
  | {
      readonly kind: "taskFailed";
      readonly at: number;
      readonly error: string;
      readonly cause: string;
      readonly timedOut?: boolean;
    }
  /** The call of a callback task was accepted; the branch now waits for its verdict. */
  | { readonly kind: "submitted"; readonly at: number; readonly output?: Json }
  /** The verdict of a callback task. */
  | { readonly kind: "reported"; readonly at: number; readonly verdict: Verdict }
  /** The timer of a wait or of a retry delay went off. */
  | { readonly kind: "elapsed"; readonly at: number }
  /** All branches of the fork are done. `outputs` in branch or lane order. `events`: history events of all branches together; `last`: index of the branch that ended last. */
  | {
      readonly kind: "joined";
      readonly at: number;
      readonly outputs: readonly BranchOutput[];
      readonly events: number;
      readonly last: number;
    }
  /** Branch `index` of the fork failed. */
  | {
      readonly kind: "branchFailed";
      readonly at: number;
      readonly index: number;
      readonly error: string;
      readonly cause: string;
    }
  /** The transition before yielded in the middle of steps that need nothing from outside. */
  | { readonly kind: "continued"; readonly at: number };

export type Verdict =
  | { readonly kind: "succeeded"; readonly output: Json }
  | { readonly kind: "failed"; readonly error: string; readonly cause: string }
  | { readonly kind: "timedOut" };
