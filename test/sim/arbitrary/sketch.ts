/**
 * A flow before it is written down: what it does, without names, jumps and counters. Any sketch can be written as a right
 * definition (write-flow.ts), so that sketches may be drawn and made smaller part by part, with no care for each other.
 */
import type { Json, JsonObject } from "../../../lib/fdl/json.ts";

/** `[target, source]`. */
export type Sources = readonly (readonly [target: string, source: Json])[];

export interface FlowSketch {
  readonly list: ListSketch;
  /** Further keys of the definition. */
  readonly more: JsonObject;
}

export interface ListSketch {
  readonly steps: readonly StepSketch[];
  /** The list is a loop; 1: it is none. */
  readonly rounds: number;
  /** Where the loop looks whether it is over. In one that does so at its head, steps may jump back there. */
  readonly check: "end" | "head";
  /** What stands behind `succeed`, for those that jump there. */
  readonly tail: "none" | "pass" | "fail" | "task";
}

export type StepSketch =
  | { readonly kind: "pass"; readonly output: Sources | undefined }
  | { readonly kind: "wait"; readonly until: JsonObject }
  | { readonly kind: "leave"; readonly how: "end" | "succeed" | "fail" }
  | TaskSketch
  | ChoiceSketch
  | ParallelSketch
  | ForeachSketch;

/** What can be done with one call of something outside. */
export interface Call {
  /** For statistics and for those that look for it. */
  readonly name: string;
  /** `resourceArn`, `pattern`, … as in a definition; absent: a flow of the plan is called. */
  readonly fields: JsonObject;
  /** Its errors, as policies name them. */
  readonly errors: readonly string[];
  /** What its input has to be; absent: whatever. */
  readonly input?: Sources;
  /** What may be made of its result; undefined: the result as it is. */
  readonly outputs: readonly (Sources | undefined)[];
  /** Its payload is all of its result: only where data cannot grow round by round. */
  readonly grows?: boolean;
}

export interface TaskSketch {
  readonly kind: "task";
  readonly call: Call;
  readonly input: Sources | undefined;
  readonly output: number;
  readonly handling: Handling;
}

export interface ChoiceSketch {
  readonly kind: "choice";
  readonly entries: readonly EntrySketch[];
  readonly otherwise: Omit<EntrySketch, "condition"> | undefined;
  readonly input: Sources | undefined;
  readonly output: Sources | undefined;
}

export interface EntrySketch {
  readonly condition: string;
  readonly list: ListSketch | undefined;
  readonly jump: number | undefined;
}

/** What parallel and foreach have in common. */
export interface ForkSketch {
  readonly input: Sources | undefined;
  readonly output: Sources | undefined;
  readonly handling: Handling;
}

export interface ParallelSketch extends ForkSketch {
  readonly kind: "parallel";
  readonly branches: readonly ListSketch[];
  /** One more branch that fails after so many seconds, while the others go on. */
  readonly failsAfter: number | undefined;
}

export interface ForeachSketch extends ForkSketch {
  readonly kind: "foreach";
  readonly over: Collection;
  readonly concurrency: number | undefined;
  readonly list: ListSketch;
}

/** Retries and catches. `own`: the errors of the call; `lost`: what a crash may bring; `other`: errors that it never has. */
export interface Handling {
  readonly retry: JsonObject | undefined;
  readonly retried: Errors;
  readonly caught: Errors | undefined;
  /** Which of the steps behind it goes on; counted round. */
  readonly jump: number;
  readonly output: Sources | undefined;
  /** Such a task may end as FnF.TaskLost; only where that is caught. */
  readonly onLost: boolean;
}

export type Errors = "all" | "own" | "lost" | "other";

/** What a foreach goes over: the execution's own items, or others. */
export type Collection = "items" | "two" | "five" | "odd" | "empty" | "many" | "collected";

/** The lists in a step. */
export function listsIn(step: StepSketch): readonly ListSketch[] {
  switch (step.kind) {
    case "choice":
      return [...step.entries, step.otherwise].flatMap((way) => way?.list ?? []);
    case "parallel":
      return step.branches;
    case "foreach":
      return [step.list];
    default:
      return [];
  }
}
