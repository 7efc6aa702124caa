/** History events (fdl.md §7.2) as a transition yields them. Ids are the branch's own; the reader of a whole history numbers them anew. */
import type { JsonObject } from "../fdl/json.ts";

export type HistoryType =
  | "ExecutionStarted"
  | "ExecutionSucceeded"
  | "ExecutionFailed"
  | "ExecutionStopped"
  | "ExecutionTimedOut"
  | "StepEntered"
  | "StepStarted"
  | "StepSucceeded"
  | "StepFailed"
  | "StepExited"
  | "BranchEntered"
  | "BranchExited"
  | "IterationEntered"
  | "IterationExited"
  | "TaskScheduled"
  | "TaskStarted"
  | "TaskSubmitted"
  | "TaskSubmitFailed"
  | "TaskSucceeded"
  | "TaskFailed"
  | "TaskTimedOut";

/** What caused an event: an event of the same branch by its id, the fork's StepStarted in the parent branch, or the last event of a child branch of the fork being joined. */
export type Cause =
  | { readonly in: "branch"; readonly id: number }
  | { readonly in: "parent"; readonly id: number }
  | { readonly in: "child"; readonly index: number };

export interface HistoryEvent {
  readonly id: number;
  readonly cause: Cause;
  readonly type: HistoryType;
  /** "" for events of the execution. */
  readonly step: string;
  readonly time: number;
  readonly detail: JsonObject;
}
