import { describe, expect, it } from "vitest";
import { branchState, CoreError, type Event, type Frame, initialState, type State, transition } from "./index.ts";
import { env } from "./testing/env.ts";
import { flowOf } from "./testing/flow.ts";

const flow = flowOf(`
steps:
  - {type: pass, name: a}
  - type: parallel
    name: p
    branches:
      - steps:
          - type: foreach
            name: each
            iterationMapping: {collection: $.items, item: item}
            steps: [{type: wait, name: w, duration: 1}]
`);
const root = initialState({ flow: "f", execution: "x" });
const started: Event = { kind: "started", at: 0, input: { items: [1, 2] } };
const begun: Event = { kind: "branchStarted", at: 0 };
const branch = branchState(flow, transition(flow, root, started, env).state, 0);
const lane = branchState(flow, transition(flow, branch, begun, env).state, 1);
const frame = (list: string, index = 0): Frame => ({ list, index, local: {}, entered: 0 });
const waiting: State["waiting"] = { kind: "wait" };

/** States that no transition makes: from a corrupt journal, or of another revision of the flow. */
describe("a state that does not fit the flow", () => {
  it.each<[string, State, Event, string]>([
    ["has no frame", { ...root, frames: [] }, started, "The branch has ended: it has no frame."],
    [
      "has a list that is not there",
      { ...root, frames: [frame("9.steps")] },
      started,
      'The flow has no list of steps at "9.steps"',
    ],
    [
      "has a frame above a pass",
      { ...root, frames: [frame(""), frame("default")], waiting },
      { kind: "elapsed", at: 0 },
      'A frame of "default" stands above a step that is no choice.',
    ],
    [
      "has a frame above a list that is over",
      { ...root, frames: [frame("", 2), frame("default")], waiting },
      { kind: "elapsed", at: 0 },
      'A frame of "default" stands above a step that is no choice.',
    ],
    [
      "is a branch of the flow's own list",
      { ...branch, frames: [frame("")] },
      begun,
      'The list "" is no part of a parallel.',
    ],
    [
      "is a branch in a foreach's list",
      { ...branch, frames: lane.frames },
      begun,
      'The list "1.branches.0.0.steps" is no part of a parallel.',
    ],
    [
      "is a lane in a branch's list",
      { ...lane, frames: branch.frames },
      begun,
      'The list "1.branches.0" is no part of a foreach.',
    ],
    ["is a lane past the collection", { ...lane, input: { items: [1] } }, begun, 'Step "each" has no item 1.'],
    ["is a lane without a collection", { ...lane, input: {} }, begun, 'Step "each" has no item 1.'],
  ])("%s", (_, state, event, message) => {
    const apply = () => transition(flow, state, event, env);
    expect(apply).toThrow(CoreError);
    expect(apply).toThrow(message);
  });

  it("begins where the flow fits", () => {
    expect(transition(flow, lane, begun, env).effect).toEqual({ kind: "timer", due: 1000, purpose: "wait" });
  });
});
