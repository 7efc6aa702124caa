/**
 * Runs a flow on the core alone, from its `started` event to its end: root and branches one after another, each with a
 * virtual time of its own. What the world says to an effect comes from a caller; forks and joins are done here.
 */
import type { Flow } from "../../fdl/definition.ts";
import type { JsonObject } from "../../fdl/json.ts";
import {
  branchState,
  type ClosingEffect,
  classOf,
  type Effect,
  type Event,
  initialState,
  type OutwardEffect,
  type State,
  type Transition,
  transition,
} from "../index.ts";
import { type Located, mergeTimelines } from "./timeline.ts";

export interface Names {
  readonly flow: string;
  readonly execution: string;
}

/** A transition that happened: entry `seq` of a branch, named as in the journal (architecture §1). */
export interface Step {
  readonly branch: string;
  readonly seq: number;
  readonly before: State;
  readonly event: Event;
  readonly after: Transition;
}

/** An effect that asks the world for something. */
type Asking = Exclude<OutwardEffect, { readonly kind: "fork" }>;

/** What the world says to the effect of a transition. */
export type Answers = (step: Step, effect: Asking) => Event;

export interface Driven {
  readonly end: ClosingEffect;
  /** When it ended, ms. */
  readonly time: number;
  /** Every transition, branches before the join that they lead to. */
  readonly steps: readonly Step[];
  /** History of the execution in causal order. */
  readonly timeline: readonly Located[];
}

export interface DriveOptions {
  readonly names: Names;
  readonly started: Extract<Event, { kind: "started" }>;
  readonly maxDataBytes: number;
  readonly warn?: (step: string, message: string) => void;
  readonly answers: Answers;
  /** More transitions than that in one branch are taken for an endless loop. */
  readonly maxTransitions: number;
}

/** The token of the attempt that entry `seq` of a branch starts. */
export function tokenOf(branch: string, seq: number): string {
  return `token:${branch}:${seq}`;
}

/** Runs a flow to its end. */
export function drive(flow: Flow, options: DriveOptions): Driven {
  return driveBranch(flow, options, "", initialState(options.names), options.started);
}

interface BranchRun extends Driven {
  /** What the branch handed over: flushed chunks and the rest. */
  readonly locals: readonly JsonObject[];
  /** Its history events, as it says itself. */
  readonly events: number;
}

function driveBranch(flow: Flow, options: DriveOptions, branch: string, first: State, begin: Event): BranchRun {
  const steps: Step[] = [];
  const timeline: Located[] = [];
  const locals: JsonObject[] = [];
  let before = first;
  let event = begin;
  for (let seq = 0; seq < options.maxTransitions; seq += 1) {
    const { warn, maxDataBytes } = options;
    const env = { token: () => tokenOf(branch, seq), maxDataBytes, ...(warn && { warn }) };
    const after = transition(flow, before, event, env);
    const step = { branch, seq, before, event, after };
    steps.push(step);
    for (const each of after.history) timeline.push({ branch, event: each });
    locals.push(...(after.flush?.locals ?? []));
    const { effect, state } = after;
    if (isClosing(effect)) {
      if (effect.kind === "branchDone") locals.push(...effect.output);
      const events = effect.kind === "branchDone" ? effect.events : 0;
      return { end: effect, time: state.time, steps, timeline, locals, events };
    }
    event =
      effect.kind === "fork"
        ? joinOf(flow, options, step, effect.branches, steps, timeline)
        : options.answers(step, effect);
    before = state;
  }
  throw new Error(`Branch "${branch}" did not end within ${options.maxTransitions} transitions.`);
}

function isClosing(effect: Effect): effect is ClosingEffect {
  return classOf(effect) === "closing";
}

/** Runs the branches of a fork and tells how they ended: all well, or the first failure. What the others did after that is cut off. */
function joinOf(
  flow: Flow,
  options: DriveOptions,
  step: Step,
  width: number,
  steps: Step[],
  timeline: Located[],
): Event {
  const { state } = step.after;
  const branches = Array.from({ length: width }, (_, index) => {
    const name = `${step.branch === "" ? "" : `${step.branch}.`}${step.seq}.${index}`;
    return driveBranch(flow, options, name, branchState(flow, state, index), { kind: "branchStarted", at: state.time });
  });
  for (const branch of branches) for (const each of branch.steps) steps.push(each);
  const failed = firstFailure(branches);
  const until = failed?.at ?? Number.POSITIVE_INFINITY;
  for (const each of mergeTimelines(branches.map((branch) => branch.timeline))) {
    if (each.event.time <= until) timeline.push(each);
  }
  return failed ?? joined(branches);
}

function firstFailure(branches: readonly BranchRun[]): Extract<Event, { kind: "branchFailed" }> | undefined {
  const failures = branches.flatMap(({ end, time }, index) =>
    end.kind === "branchFailed" ? [{ kind: end.kind, at: time, index, error: end.error, cause: end.cause }] : [],
  );
  return failures.toSorted((a, b) => a.at - b.at)[0];
}

function joined(branches: readonly BranchRun[]): Event {
  const at = Math.max(...branches.map(({ time }) => time));
  const events = branches.reduce((sum, branch) => sum + branch.events, 0);
  const last = branches.findLastIndex(({ time }) => time === at);
  return { kind: "joined", at, outputs: branches.map(({ locals }) => ({ locals })), events, last };
}
