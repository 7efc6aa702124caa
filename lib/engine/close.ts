/** The end of a transition: the state put together again, and what a lane hands over on its way (architecture §2, §5). */
import type { JsonObject } from "../fdl/json.ts";
import type { Effect } from "./effect.ts";
import type { HistoryEvent } from "./history.ts";
import type { Run } from "./run.ts";
import type { ForeachLane, State } from "./state.ts";

/** A lane hands over its collected locals when they pass this (architecture §5). */
const FLUSH_BYTES = 64 * 1024;

export interface Transition {
  readonly state: State;
  readonly effect: Effect;
  readonly history: readonly HistoryEvent[];
  /** foreach lanes: outputs to store before the effect, as chunk number `chunk` (architecture §5). */
  readonly flush?: { readonly chunk: number; readonly locals: readonly JsonObject[] };
}

/** What the transition comes to. */
export function closeRun(run: Run, effect: Effect): Transition {
  const { before, waiting, events, cause, time, history } = run;
  const ended = waiting.kind === "ended";
  const { flush, ...closed } = before.lane?.kind === "foreach" ? closeLane(before.lane, run) : {};
  const input = ended ? {} : run.input;
  const frames = ended ? [] : run.frames.map(({ list, index, local, entered }) => ({ list, index, local, entered }));
  const state: State = { ...before, input, frames, waiting, ...closed, events, cause, time };
  return { state, effect, history, ...(flush !== undefined && { flush }) };
}

/** Locals of the lane's items that were not flushed yet. */
export function collectedOf(lane: ForeachLane, run: Run): readonly JsonObject[] {
  return run.finished.length === 0 ? lane.collected : [...lane.collected, ...run.finished];
}

type Closed = Pick<Transition, "flush"> & { readonly lane?: ForeachLane };

/** A lane that is done hands the rest over with its closing effect. */
function closeLane(lane: ForeachLane, run: Run): Closed {
  const collected = collectedOf(lane, run);
  const bytes = lane.bytes + run.finishedBytes;
  const emptied = { ...lane, item: run.item, collected: [], bytes: 0, chunks: lane.chunks + 1 };
  if (run.waiting.kind === "ended") return { lane: emptied };
  if (bytes > FLUSH_BYTES) return { lane: emptied, flush: { chunk: lane.chunks, locals: collected } };
  return { lane: { ...lane, item: run.item, collected, bytes } };
}
