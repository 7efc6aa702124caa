/** The branches of a fork: their beginning, their end, and the items that a lane of a foreach runs one after another (architecture §5). */
import type { Flow, ForeachStep, ParallelStep } from "../fdl/definition.ts";
import type { JsonObject } from "../fdl/json.ts";
import { sizeOf } from "../fdl/json-size.ts";
import { collectedOf } from "./close.ts";
import { CoreError } from "./core-error.ts";
import { stepInput } from "./data.ts";
import { beginList, circumstances, itemInput, openFrames } from "./frames.ts";
import { ownerOf } from "./lists.ts";
import { type Next, type Run, record, suspend, topFrame } from "./run.ts";
import type { ForeachLane, Lane, State, Waiting } from "./state.ts";

/** A step that forks, its input, and the address of the list it stands in, as far as its own index. */
interface Forking {
  readonly step: ParallelStep | ForeachStep;
  readonly input: JsonObject;
  readonly address: string;
}

// A cache: a fork makes each of its branches from one state, and their common input may be large.
const forkings = new WeakMap<State, Forking>();

/** How many branches the fork that `state` waits for has. */
export function branchCount(_flow: Flow, state: State): number {
  return forkOf(state).width;
}

/** The state of branch `index` of the fork that `state` waits for, before its `branchStarted` event. */
export function branchState(flow: Flow, state: State, index: number): State {
  const { width, count } = forkOf(state);
  if (index < 0 || index >= width) throw new CoreError(`The fork has no branch ${index}.`);
  const { step, input, address } = forkings.get(state) ?? forkingOf(flow, state);
  const base = state.events;
  const parallel = step.type === "parallel";
  const lane: Lane = parallel
    ? { kind: "parallel", index, base, width }
    : { kind: "foreach", index, base, width, count, item: index, collected: [], bytes: 0, chunks: 0 };
  return {
    core: state.core,
    flow: state.flow,
    execution: state.execution,
    input,
    frames: [{ list: `${address}.${parallel ? `branches.${index}` : "steps"}`, index: 0, local: {}, entered: 0 }],
    waiting: { kind: "new" },
    lane,
    ...(state.pins !== undefined && { pins: state.pins }),
    ...(state.callbacks !== undefined && { callbacks: state.callbacks }),
    events: base,
    cause: { in: "parent", id: base },
    time: state.time,
  };
}

function forkOf({ waiting }: State): Extract<Waiting, { kind: "fork" }> {
  if (waiting.kind !== "fork") throw new CoreError(`The branch has not forked: it waits for ${waiting.kind}.`);
  return waiting;
}

function forkingOf(flow: Flow, state: State): Forking {
  const frames = openFrames(flow, state);
  const frame = frames.at(-1);
  const step = frame?.steps[frame.index];
  if (frame === undefined || (step?.type !== "parallel" && step?.type !== "foreach")) {
    throw new CoreError("The branch has not forked: its current step is no parallel or foreach.");
  }
  const address = frames.flatMap(({ list, index }) => (list === "" ? [index] : [list, index])).join(".");
  const forking = { step, input: stepInput(step, frame, circumstances(state, frame, step)), address };
  forkings.set(state, forking);
  return forking;
}

/** The first event of a branch. */
export function beginLane(run: Run, lane: Lane): Next {
  if (lane.kind === "foreach") return enterItem(run, lane);
  const { name } = ownerOf(run.definition, topFrame(run).list, "parallel");
  record(run, "BranchEntered", name, { input: run.input, index: lane.index });
  return undefined;
}

/** The list of a branch is over: the branch is done, or the lane goes on with its next item. */
export function leaveLane(run: Run, lane: Lane): Next {
  const { list, local } = topFrame(run);
  const { name } = ownerOf(run.definition, list, lane.kind);
  if (lane.kind === "parallel") {
    record(run, "BranchExited", name, { local, index: lane.index });
    return done(run, lane, [local], 0);
  }
  record(run, "IterationExited", name, { local, index: run.item });
  run.finished.push(local);
  run.finishedBytes += sizeOf(local);
  if (run.item + lane.width >= lane.count) return done(run, lane, collectedOf(lane, run), lane.chunks);
  run.item += lane.width;
  return enterItem(run, lane);
}

function enterItem(run: Run, lane: ForeachLane): Next {
  const { list, steps } = topFrame(run);
  const step = ownerOf(run.definition, list, "foreach");
  const input = itemInput(step, run.input, run.item);
  run.frames.splice(0, 1, beginList(list, steps, input));
  record(run, "IterationEntered", step.name, { input, index: run.item }, { in: "parent", id: lane.base });
  return undefined;
}

function done(run: Run, lane: Lane, output: readonly JsonObject[], chunk: number): Next {
  return suspend(run, { kind: "ended" }, { kind: "branchDone", output, chunk, events: run.events - lane.base });
}
