import { expect, it } from "vitest";
import type { Step } from "./definition.ts";
import { listsIn, stepsWithin } from "./nested-lists.ts";
import { parseFlow } from "./parse.ts";

const steps = `
  - {type: pass, name: plain}
  - {type: choice, name: bare, choices: []}
  - type: choice
    name: choose
    choices: [{condition: $.a, steps: [{type: pass, name: first}]}, {condition: $.b, steps: [{type: pass, name: second}]}]
    default: {steps: [{type: pass, name: other}]}
  - {type: choice, name: sole, choices: [{condition: $.a, steps: [{type: pass, name: only}]}]}
  - {type: parallel, name: both, branches: [{steps: [{type: pass, name: left}]}, {steps: [{type: pass, name: right}]}]}
  - {type: foreach, name: each, iterationMapping: {collection: $.list, item: x}, steps: [{type: pass, name: body}]}
`;

it.each([
  ["plain", []],
  ["choose", [["first"], ["second"], ["other"]]],
  ["sole", [["only"]]],
  ["both", [["left"], ["right"]]],
  ["each", [["body"]]],
])("finds the lists in %s, in order", (name, lists) => {
  const { flow } = parseFlow(`version: v1\ntype: flow\nsteps:${steps}`);
  const step = flow?.steps.find((each: Step) => each.name === name);
  expect(step && listsIn(step).map((list) => list.map((inner) => inner.name))).toEqual(lists);
});

it("goes through all steps, each before those inside it", () => {
  const { flow } = parseFlow(`version: v1\ntype: flow\nsteps:${steps}`);
  const names = [...stepsWithin(flow?.steps ?? [])].map(({ name }) => name);
  expect(names.join(" ")).toBe("plain bare choose first second other sole only both left right each body");
});
