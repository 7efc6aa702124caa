/** The stack of frames of a branch while a transition works on it: the stored frames with their steps and inputs at hand. */
import type { ChoiceStep, Flow, ForeachStep, Step } from "../fdl/definition.ts";
import { isArray, type Json, type JsonObject, setOwn } from "../fdl/json.ts";
import { lookup } from "../fdl/path.ts";
import { CoreError } from "./core-error.ts";
import { type Circumstances, stepInput } from "./data.ts";
import { chosen, ownerOf, placeOf } from "./lists.ts";
import type { Frame, State } from "./state.ts";

/** A frame in work. Mutable: it lives for one transition only, the values it refers to are never changed. */
export interface OpenFrame {
  readonly list: string;
  readonly steps: readonly Step[];
  readonly input: JsonObject;
  /** The choice that runs the list, and where it goes then; absent in the lowest frame. */
  readonly within?: { readonly choice: ChoiceStep; readonly goto?: string | undefined };
  index: number;
  local: JsonObject;
  entered: number;
}

/** The frames of a state, each with its input: the lowest one's is stored, the others' are those of the choices below them. */
export function openFrames(flow: Flow, state: State): OpenFrame[] {
  const frames: OpenFrame[] = [];
  for (const frame of state.frames) {
    const below = frames.at(-1);
    frames.push(below === undefined ? openLowest(flow, state, frame) : openChoice(state, below, frame));
  }
  return frames;
}

function openLowest(flow: Flow, { input, lane }: State, frame: Frame): OpenFrame {
  const { steps } = placeOf(flow, frame.list);
  if (lane?.kind !== "foreach") return { ...frame, steps, input };
  return { ...frame, steps, input: itemInput(ownerOf(flow, frame.list, "foreach"), input, lane.item) };
}

function openChoice(names: State, below: OpenFrame, frame: Frame): OpenFrame {
  const choice = below.steps[below.index];
  if (choice?.type !== "choice")
    throw new CoreError(`A frame of "${frame.list}" stands above a step that is no choice.`);
  const { steps, goto } = chosen(choice, frame.list);
  const input = stepInput(choice, below, circumstances(names, below, choice));
  return { ...frame, steps, input, within: { choice, goto } };
}

/** A frame at the beginning of a list. */
export function beginList(list: string, steps: readonly Step[], input: JsonObject): OpenFrame {
  return { list, steps, input, index: 0, local: {}, entered: 0 };
}

/** What `$context` is for a step that stands in `frame`. */
export function circumstances(
  { flow, execution, callbacks }: Pick<State, "flow" | "execution" | "callbacks">,
  frame: OpenFrame,
  step: Step,
  token?: string,
): Circumstances {
  return { flow, execution, step: { name: step.name, eventId: frame.entered }, token, callbacks };
}

/** The collection that a foreach goes over; undefined when it is missing or no array. */
export function collectionOf(step: ForeachStep, input: JsonObject): readonly Json[] | undefined {
  const collection = lookup(input, step.iterationMapping.collection.path);
  return isArray(collection) ? collection : undefined;
}

/** The input of an iteration: the foreach's, with the item and its index laid over it (fdl.md §3.6). */
export function itemInput(step: ForeachStep, input: JsonObject, index: number): JsonObject {
  const item = collectionOf(step, input)?.[index];
  if (item === undefined) throw new CoreError(`Step "${step.name}" has no item ${index}.`);
  const result: Record<string, Json> = { ...input };
  setOwn(result, step.iterationMapping.item, item);
  if (step.iterationMapping.index !== undefined) setOwn(result, step.iterationMapping.index, index);
  return result;
}
