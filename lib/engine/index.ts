/** The pure core's public surface (architecture §2): what the runtime, the journal's readers and the tests build on. */

export type { Transition } from "./close.ts";
export { CoreError } from "./core-error.ts";
export {
  type Call,
  type ClosingEffect,
  classOf,
  type Effect,
  type MessageParams,
  type OutwardEffect,
  type TaskEffect,
} from "./effect.ts";
export type { Env } from "./env.ts";
export type { BranchOutput, Event, Verdict } from "./event.ts";
export type { HistoryEvent, HistoryType } from "./history.ts";
export { branchCount, branchState } from "./lanes.ts";
export { stepOf } from "./lists.ts";
export { CORE_VERSION, type Frame, type State } from "./state.ts";
export { initialState, transition } from "./transition.ts";
