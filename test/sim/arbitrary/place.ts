/** Where in a flow a list is written, and how often what is written there may be run. */
import { type Handling, type ListSketch, listsIn } from "./sketch.ts";

export interface Place {
  /** Number of the flow: counters of two flows, or of two levels, never have the same name. */
  readonly flow: number;
  readonly depth: number;
  /** How often the list may be run, by loops, items and retries around it. */
  readonly times: number;
  /** Some list around it is a loop. */
  readonly looped: boolean;
  /** The flows that may be called: those behind this one. */
  readonly kids: readonly Kid[];
  /** What is written already; shared by the whole flow. */
  readonly cost: Cost;
}

export interface Kid {
  readonly name: string;
  readonly transitions: number;
}

export interface Cost {
  /** About so many transitions the flow makes when nothing goes wrong, those of sub-flows included. */
  transitions: number;
}

/** Most runs of one list, loops and items multiplied. */
const MAX_TIMES = 20;
/** A flow that is estimated to be so long gets no further loops. */
const MAX_TRANSITIONS = 150;

/** True when these lists may be run `by` times at that place. */
export function mayRepeat({ times, cost }: Place, by: number, lists: readonly ListSketch[]): boolean {
  return times * by <= MAX_TIMES && cost.transitions + 2 * times * by * weight(lists) <= MAX_TRANSITIONS;
}

/** True when the flow may be called at that place. */
export function mayCall({ times, cost }: Place, { transitions }: Kid): boolean {
  return cost.transitions + times * transitions <= 2 * MAX_TRANSITIONS;
}

/** Steps in the lists, those inside others included. */
function weight(lists: readonly ListSketch[]): number {
  return lists.reduce((sum, { steps }) => sum + steps.reduce((sum, step) => sum + 1 + weight(listsIn(step)), 0), 0);
}

/** The handling of a fork whose lists are run `by` times: without retries where that would be too often. */
export function affordable(handling: Handling, place: Place, by: number, lists: readonly ListSketch[]): Handling {
  return mayRepeat(place, by * runs(handling), lists) ? handling : { ...handling, retry: undefined };
}

/** Inside a fork whose lists are run `by` times. */
export function forked(place: Place, by: number, handling: Handling): Place {
  return { ...place, depth: place.depth + 1, times: place.times * Math.max(by, 1) * runs(handling) };
}

function runs({ retry }: Handling): number {
  return 1 + (typeof retry?.maxAttempts === "number" ? retry.maxAttempts : 0);
}

/** Counts transitions that are made each time. */
export function spend({ times, cost }: Place, transitions: number): void {
  cost.transitions += times * transitions;
}
