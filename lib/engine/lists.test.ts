import { describe, expect, it } from "vitest";
import { initialState, type State, stepOf } from "./index.ts";
import { placeOf } from "./lists.ts";
import { flowOf } from "./testing/flow.ts";

const flow = flowOf(`
steps:
  - type: choice
    name: c
    choices:
      - condition: "true"
        steps: [{type: pass, name: in-first}]
      - condition: "true"
        steps:
          - {type: pass, name: in-second}
          - type: foreach
            name: each
            iterationMapping: {collection: $.items, item: item}
            steps: [{type: pass, name: in-foreach}, {type: choice, name: d, default: {steps: [{type: parallel, name: q, branches: [{steps: [{type: pass, name: in-q}]}]}]}}]
    default: {steps: [{type: pass, name: in-default}]}
  - {type: parallel, name: p, branches: [{steps: [{type: pass, name: in-p0}]}, {steps: [{type: pass, name: in-p1}]}]}
`);

describe("placeOf", () => {
  it.each([
    ["", "c", undefined],
    ["0.choices.0", "in-first", undefined],
    ["0.choices.1", "in-second", undefined],
    ["0.default", "in-default", undefined],
    ["0.choices.1.1.steps", "in-foreach", "each"],
    ["0.choices.1.1.steps.1.default.0.branches.0", "in-q", "q"],
    ["1.branches.1", "in-p1", "p"],
  ])("%j is the list that begins with %s, of %s", (list, first, owner) => {
    const place = placeOf(flow, list);
    expect([place.steps[0]?.name, place.owner?.name]).toEqual([first, owner]);
    expect(placeOf(flow, list)).toBe(place);
  });

  it.each(["7.steps", "0.choices.5", "1.branches.2", "0.choices.0.0.steps", "1.branches.0.0.default"])(
    "%j is none",
    (list) => {
      expect(() => placeOf(flow, list)).toThrow(`The flow has no list of steps at "`);
    },
  );

  it("keeps flows apart", () => {
    expect(placeOf(flowOf("steps: [{type: pass, name: other}]"), "").steps[0]?.name).toBe("other");
  });
});

describe("stepOf", () => {
  const state = (...frames: readonly [string, number][]): State => ({
    ...initialState({ flow: "f", execution: "x" }),
    frames: frames.map(([list, index]) => ({ list, index, local: {}, entered: 0 })),
  });

  it.each<[string | undefined, readonly [string, number][]]>([
    ["c", [["", 0]]],
    ["p", [["", 1]]],
    [undefined, [["", 2]]],
    [
      "in-default",
      [
        ["", 0],
        ["default", 0],
      ],
    ],
    [
      "each",
      [
        ["", 0],
        ["choices.1", 1],
      ],
    ],
    ["d", [["0.choices.1.1.steps", 1]]],
    [
      "q",
      [
        ["0.choices.1.1.steps", 1],
        ["default", 0],
      ],
    ],
    [undefined, []],
  ])("is %s for the frames %j", (name, frames) => {
    expect(stepOf(flow, state(...frames))?.name).toBe(name);
  });
});
