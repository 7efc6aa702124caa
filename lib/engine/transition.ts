/** The pure core (architecture §2): one event applied to one branch's state. No I/O, no clock, no randomness. */
import type { Flow, Step } from "../fdl/definition.ts";
import { closeRun, type Transition } from "./close.ts";
import { CoreError } from "./core-error.ts";
import type { Effect } from "./effect.ts";
import type { Env } from "./env.ts";
import type { Event } from "./event.ts";
import { failBranch } from "./fail-branch.ts";
import { beginLane, leaveLane } from "./lanes.ts";
import { FIRST_ATTEMPT } from "./retry.ts";
import { beginFlow, endFlow } from "./root.ts";
import { currentStep, type Next, openRun, type Run, record, spent, suspend, topFrame } from "./run.ts";
import { type Attempts, CORE_VERSION, type State, type Waiting } from "./state.ts";
import { enterChoice, leaveChoice } from "./steps/choice.ts";
import { attemptFork, forkFailed, forkJoined } from "./steps/fork.ts";
import { enterPass } from "./steps/pass.ts";
import { attemptTask } from "./steps/task.ts";
import { taskFailed, taskReported, taskSubmitted, taskSucceeded } from "./steps/task-outcome.ts";
import { enterWait, waitElapsed } from "./steps/wait.ts";

export type { Transition };

/** The state of the root before its `started` event. */
export function initialState({ flow, execution }: { readonly flow: string; readonly execution: string }): State {
  return {
    core: CORE_VERSION,
    flow,
    execution,
    input: {},
    frames: [{ list: "", index: 0, local: {}, entered: 0 }],
    waiting: { kind: "new" },
    events: 0,
    cause: { in: "branch", id: 0 },
    time: 0,
  };
}

/**
 * Applies `event` to `state`.
 *
 * @throws {CoreError} when the event does not fit the state: a bug or a corrupt journal, never a user's mistake
 */
export function transition(flow: Flow, state: State, event: Event, env: Env): Transition {
  if (state.core !== CORE_VERSION)
    throw new CoreError(`The state is of core version ${state.core}; this is ${CORE_VERSION}.`);
  const run = openRun(flow, resolved(state, event), event.at, env);
  return closeRun(run, apply(run, event) ?? goOn(run));
}

/** What the start resolved goes with the state from then on. */
function resolved(state: State, event: Event): State {
  if (event.kind !== "started") return state;
  const { pins, callbacks } = event;
  return { ...state, ...(pins !== undefined && { pins }), ...(callbacks !== undefined && { callbacks }) };
}

/** Hands the event to what waits for it. */
function apply(run: Run, event: Event): Next {
  const { waiting } = run;
  const { lane } = run.before;
  const step = waiting.kind === "ended" ? undefined : currentStep(run);
  switch (waiting.kind) {
    case "new":
      if (event.kind === "started" && lane === undefined) return beginFlow(run, event.input);
      if (event.kind === "branchStarted" && lane !== undefined) return beginLane(run, lane);
      break;
    case "yielded":
      if (event.kind === "continued") return undefined;
      break;
    case "call":
      if (event.kind === "taskSucceeded" && step?.type === "task")
        return taskSucceeded(run, step, waiting, event.output);
      if (event.kind === "taskFailed" && step?.type === "task") return taskFailed(run, step, waiting, event);
      break;
    case "submit":
      if (event.kind === "submitted" && step?.type === "task") return taskSubmitted(run, step, waiting, event.output);
      if (event.kind === "taskFailed" && step?.type === "task") return taskFailed(run, step, waiting, event);
      break;
    case "verdict":
      if (event.kind === "reported" && step?.type === "task") return taskReported(run, step, waiting, event.verdict);
      break;
    case "retry":
      if (event.kind !== "elapsed" && event.kind !== "continued") break;
      run.again = waiting.attempts;
      return undefined;
    case "wait":
      if (event.kind === "elapsed" && step?.type === "wait") return waitElapsed(run, step);
      break;
    case "fork":
      if (step?.type !== "parallel" && step?.type !== "foreach") break;
      if (event.kind === "joined") return forkJoined(run, step, waiting, event);
      if (event.kind === "branchFailed") return forkFailed(run, step, waiting, event);
      break;
    case "ended":
      break;
    default:
      waiting satisfies never;
  }
  const where = step === undefined ? "" : ` at step "${step.name}"`;
  throw new CoreError(`The event "${event.kind}" does not fit a branch that is in "${waiting.kind}"${where}.`);
}

/** Runs steps until one needs the outside world, or the transition has done its share. */
function goOn(run: Run): Effect {
  for (;;) {
    if (spent(run)) return pause(run);
    const effect = turn(run);
    if (effect !== undefined) return effect;
  }
}

function pause(run: Run): Effect {
  const waiting: Waiting = run.again === undefined ? { kind: "yielded" } : { kind: "retry", attempts: run.again };
  return suspend(run, waiting, { kind: "continue" });
}

function turn(run: Run): Next {
  const step = currentStep(run);
  if (step === undefined) return leaveList(run);
  run.steps += 1;
  const attempts = run.again;
  if (attempts === undefined) return enter(run, step);
  run.again = undefined;
  return begin(run, step, attempts);
}

function leaveList(run: Run): Next {
  const frame = topFrame(run);
  if (frame.within !== undefined) return leaveChoice(run, frame, frame.within);
  return run.before.lane === undefined ? endFlow(run) : leaveLane(run, run.before.lane);
}

/** StepEntered shows what the step's list has so far (fdl.md §10 row 32). */
function enter(run: Run, step: Step): Next {
  const frame = topFrame(run);
  record(run, "StepEntered", step.name, { input: frame.input, local: frame.local });
  frame.entered = run.events;
  return begin(run, step, FIRST_ATTEMPT);
}

function begin(run: Run, step: Step, attempts: Attempts): Next {
  switch (step.type) {
    case "task":
      return attemptTask(run, step, attempts);
    case "parallel":
    case "foreach":
      return attemptFork(run, step, attempts);
    case "pass":
    case "succeed":
      return enterPass(run, step);
    case "wait":
      return enterWait(run, step);
    case "choice":
      return enterChoice(run, step);
    case "fail":
      return failBranch(run, step);
    default:
      return step satisfies never;
  }
}
