/** What the workloads need of a system that is measured: each durable workflow engine has an adapter (stepwell.ts, restate.ts). */
import type { Groups } from "./processes.ts";

/**
 * The workflows that a system must have: chains of 1, 10 and 5 trivial steps (w1, w2, w3), 500 parallel ones that are
 * joined (fan), a timer of two seconds (sleep).
 */
export type Kind = "w1" | "w2" | "w3" | "fan" | "sleep";

/** How many steps an execution runs. */
export const STEPS: { readonly [kind in Kind]: number } = { w1: 1, w2: 10, w3: 5, fan: 500, sleep: 0 };

export interface System {
  readonly name: string;
  /** Root processes by group; `server` and `worker` together are what the system costs. */
  readonly groups: Groups;
  /** Runs a workflow to its end. `key` is unique. Rejects when it fails. */
  run(kind: Kind, key: string): Promise<void>;
  /** Starts one; resolves, with what to wait for it by, when the system has accepted it. */
  start(kind: Kind, key: string): Promise<string>;
  wait(handle: string): Promise<void>;
  /** Starts the workflow that waits for a callback; resolves when its step has been handed the token. */
  callback(key: string): Promise<{ readonly token: string; readonly done: Promise<void> }>;
  answer(token: string): Promise<void>;
  /** Durable commits so far, where the system can tell. */
  commits?(): Promise<number>;
  stop(): Promise<void>;
}
