import { describe, expect, it } from "vitest";
import { flowOf } from "./testing/flow.ts";
import { play } from "./testing/play.ts";

describe("mappings", () => {
  it("inputMappings see the parent's input and local, outputMappings the step's own", () => {
    const flow = flowOf(`
steps:
  - {type: pass, name: a, outputMappings: [{target: x, source: 2}]}
  - type: task
    name: b
    resourceArn: acs:fc:::services/s/functions/f
    inputMappings: [{target: i, source: $input.x}, {target: l, source: $local.x}]
    outputMappings: [{target: i, source: $input}, {target: l, source: $local}]
`);
    const { output } = play(flow, { input: { x: 1 }, functions: { f: () => ({ r: 3 }) } });
    expect(output).toEqual({ x: 2, i: { i: 1, l: 2 }, l: { r: 3 } });
  });

  it("the bare $ is the merged input, and in outputMappings the own input and local", () => {
    const flow = flowOf(`
steps:
  - {type: pass, name: a, outputMappings: [{target: x, source: 2}]}
  - type: task
    name: b
    resourceArn: acs:fc:::services/s/functions/f
    inputMappings: [{target: all, source: $}, {target: x, source: $.x}, {target: y, source: $.y}]
    outputMappings: [{target: seen, source: $}, {target: r, source: $.r}]
`);
    const { output } = play(flow, { input: { x: 1, y: 5 }, functions: { f: () => ({ r: 3, y: 6 }) } });
    expect(output).toEqual({ x: 2, r: 3, seen: { all: { x: 2, y: 5 }, x: 2, y: 6, r: 3 } });
  });

  it("the bare $ is the input alone where the local is no object", () => {
    const flow = flowOf(`
steps:
  - {type: parallel, name: p, branches: [{steps: [{type: pass, name: a}]}], outputMappings: [{target: seen, source: $}]}
`);
    expect(play(flow, { input: { x: 1 } }).output).toEqual({ seen: { x: 1 } });
  });

  it("leave out what is missing, and say so", () => {
    const flow = flowOf(`
steps:
  - {type: pass, name: a, inputMappings: [{target: x, source: $input.x}, {target: one, source: 1}], outputMappings: [{target: y, source: $local.y}, {target: n, source: $input.one}]}
`);
    const { output, warnings } = play(flow);
    expect(output).toEqual({ n: 1 });
    expect(warnings).toEqual([
      'a: inputMappings: $input.x is missing, so "x" is left out.',
      'a: outputMappings: $local.y is missing, so "y" is left out.',
    ]);
  });

  it("work without anybody to warn", () => {
    const flow = flowOf(
      "steps: [{type: pass, name: a, inputMappings: [{target: x, source: $input.x}]}, {type: wait, name: w, duration: $.d}]",
    );
    expect(play(flow).status).toBe("Succeeded");
  });
});

describe("$context", () => {
  it.each([
    ["$context.flow.name", "F"],
    ["$context.execution.name", "X"],
    ["$context.step.name", "b"],
    ["$context.step.eventId", 6],
    ["$context.flow", { name: "F" }],
    ["$context", { flow: { name: "F" }, execution: { name: "X" }, step: { name: "b", eventId: 6 } }],
  ])("%s is %j in both mapping lists of a step", (source, value) => {
    const flow = flowOf(`
steps:
  - {type: pass, name: a}
  - {type: pass, name: b, inputMappings: [{target: x, source: ${source}}], outputMappings: [{target: i, source: $input.x}, {target: o, source: ${source}}]}
`);
    expect(play(flow, { flow: "F", execution: "X" }).output).toEqual({ i: value, o: value });
  });

  it("has nothing else", () => {
    const flow = flowOf(
      "steps: [{type: pass, name: a, outputMappings: [{target: x, source: $context.flow.id}, {target: y, source: $context.task.token}]}]",
    );
    expect(play(flow).output).toEqual({});
  });

  it("names the choice, not what ran in it, in the choice's outputMappings", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: c
    default: {steps: [{type: pass, name: a}]}
    outputMappings: [{target: n, source: $context.step.name}, {target: id, source: $context.step.eventId}]
`);
    expect(play(flow).output).toEqual({ n: "c", id: 2 });
  });

  it("is the same when a choice's input is evaluated again after a suspension inside it", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: c
    inputMappings: [{target: id, source: $context.step.eventId}]
    default: {steps: [{type: wait, name: w, duration: 1}, {type: pass, name: a, outputMappings: [{target: seen, source: $input.id}]}]}
`);
    const { output, warnings } = play(flow);
    expect({ output, warnings }).toEqual({ output: { seen: 2 }, warnings: [] });
  });
});
