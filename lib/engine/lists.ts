/** Where step lists stand in a definition: the addresses that frames carry (state.ts), and what they lead to. */
import type { ChoiceStep, Flow, ForeachStep, ParallelStep, Step } from "../fdl/definition.ts";
import { CoreError } from "./core-error.ts";
import type { State } from "./state.ts";

/** A list that can be the lowest of a branch, and the step that forks into it (none: the flow's own list). */
export interface Place {
  readonly steps: readonly Step[];
  readonly owner?: ParallelStep | ForeachStep;
}

// A cache: a definition never changes, and each transition of a branch asks for the same place again.
const places = new WeakMap<Flow, Map<string, Place>>();

/** The list with the address `list`, such as "", "2.branches.1", "3.choices.0.4.steps". */
export function placeOf(flow: Flow, list: string): Place {
  const known = places.get(flow) ?? new Map<string, Place>();
  places.set(flow, known);
  const place = known.get(list) ?? resolve(flow, list);
  known.set(list, place);
  return place;
}

function resolve(flow: Flow, list: string): Place {
  let place: Place = { steps: flow.steps };
  const parts = list === "" ? [] : list.split(".");
  for (let at = 0; at < parts.length; ) {
    const step = place.steps[Number(parts[at])];
    const part = parts[at + 1];
    const numbered = part === "choices" || part === "branches";
    if (step?.type === "choice")
      place = { steps: chosen(step, numbered ? `choices.${parts[at + 2]}` : "default").steps };
    else if (step?.type === "parallel")
      place = { steps: step.branches[Number(parts[at + 2])]?.steps ?? lost(list), owner: step };
    else if (step?.type === "foreach") place = { steps: step.steps, owner: step };
    else lost(list);
    at += numbered ? 3 : 2;
  }
  return place;
}

/** The step that forks into a list, of the type that the branch running it says. */
export function ownerOf<T extends "parallel" | "foreach">(
  flow: Flow,
  list: string,
  type: T,
): Extract<Step, { type: T }> {
  const { owner } = placeOf(flow, list);
  if (!isOf(owner, type)) throw new CoreError(`The list "${list}" is no part of a ${type}.`);
  return owner;
}

function isOf<T extends Step["type"]>(step: Step | undefined, type: T): step is Extract<Step, { type: T }> {
  return step?.type === type;
}

/** The part of a choice that a frame above it runs: "choices.0", "default". */
export function chosen(choice: ChoiceStep, list: string): { readonly steps: readonly Step[]; readonly goto?: string } {
  const entry = list === "default" ? choice.default : choice.choices[Number(list.slice("choices.".length))];
  return entry ?? lost(list);
}

function lost(list: string): never {
  throw new CoreError(`The flow has no list of steps at "${list}": the state belongs to another revision.`);
}

/** The current step of the innermost frame, if there is one: its list may be over, the branch may have ended. */
export function stepOf(flow: Flow, { frames }: State): Step | undefined {
  let step: Step | undefined;
  for (const { list, index } of frames) {
    const { steps } = step?.type === "choice" ? chosen(step, list) : placeOf(flow, list);
    step = steps[index];
  }
  return step;
}
