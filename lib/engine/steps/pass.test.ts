import { describe, expect, it } from "vitest";
import { flowOf } from "../testing/flow.ts";
import { play } from "../testing/play.ts";
import { details, trace } from "../testing/trace.ts";

describe("pass", () => {
  it("writes the documented history of two steps", () => {
    const flow = flowOf(`
steps:
  - {type: pass, name: a}
  - {type: pass, name: b}
`);
    const { history, status, output } = play(flow);
    expect({ status, output }).toEqual({ status: "Succeeded", output: {} });
    expect(
      history.map(({ EventId, ScheduleEventId, Type, StepName, EventDetail }) => [
        EventId,
        ScheduleEventId,
        Type,
        StepName,
        EventDetail,
      ]),
    ).toEqual([
      [1, 0, "ExecutionStarted", "", { input: {} }],
      [2, 1, "StepEntered", "a", { input: {}, local: {} }],
      [3, 2, "StepStarted", "a", { input: {} }],
      [4, 3, "StepSucceeded", "a", { output: {} }],
      [5, 4, "StepExited", "a", { local: {} }],
      [6, 5, "StepEntered", "b", { input: {}, local: {} }],
      [7, 6, "StepStarted", "b", { input: {} }],
      [8, 7, "StepSucceeded", "b", { output: {} }],
      [9, 8, "StepExited", "b", { local: {} }],
      [10, 9, "ExecutionSucceeded", "", { output: {} }],
    ]);
  });

  it("does not copy its input to its output", () => {
    expect(play(flowOf("steps: [{type: pass, name: a}]"), { input: { x: 1 } }).output).toEqual({});
  });

  it("sees the flow's input with earlier outputs laid over it", () => {
    const flow = flowOf(`
steps:
  - {type: pass, name: a, outputMappings: [{target: x, source: 2}, {target: y, source: 3}]}
  - {type: pass, name: b, outputMappings: [{target: seen, source: $input}]}
`);
    const { output, history } = play(flow, { input: { x: 1, z: 0 } });
    expect(output).toEqual({ x: 2, y: 3, seen: { x: 2, y: 3, z: 0 } });
    expect(details(history, "StepEntered", "b")).toEqual([{ input: { x: 1, z: 0 }, local: { x: 2, y: 3 } }]);
    expect(details(history, "StepExited", "b")).toEqual([{ local: { x: 2, y: 3, seen: { x: 2, y: 3, z: 0 } } }]);
  });

  it("with inputMappings sees the mapped keys only", () => {
    const flow = flowOf(`
steps:
  - type: pass
    name: a
    inputMappings: [{target: y, source: $input.x}]
    outputMappings: [{target: seen, source: $input}]
`);
    const { output, history } = play(flow, { input: { x: 1, z: 0 } });
    expect(output).toEqual({ seen: { y: 1 } });
    expect(details(history, "StepStarted")).toEqual([{ input: { y: 1 } }]);
  });

  it.each([
    ["succeed", "{type: succeed, name: b}"],
    ["end: true", "{type: pass, name: b, end: true}"],
  ])("%s ends the list after the step", (_, step) => {
    const flow = flowOf(`
steps:
  - {type: pass, name: a}
  - ${step}
  - {type: pass, name: c}
`);
    const { status, history } = play(flow);
    expect(status).toBe("Succeeded");
    expect(trace(history).slice(5)).toEqual([
      "StepEntered b",
      "StepStarted b",
      "StepSucceeded b",
      "StepExited b",
      "ExecutionSucceeded",
    ]);
  });

  it("succeed maps its output like a pass", () => {
    const flow = flowOf("steps: [{type: succeed, name: a, outputMappings: [{target: x, source: $input.y}]}]");
    expect(play(flow, { input: { y: 7 } }).output).toEqual({ x: 7 });
  });
});

describe("fail", () => {
  it("fails the execution with its error and cause", () => {
    const flow = flowOf(`
steps:
  - {type: fail, name: a, error: Broken, cause: it was}
  - {type: pass, name: b}
`);
    const { status, error, cause, output, history } = play(flow);
    expect({ status, error, cause, output }).toEqual({ status: "Failed", error: "Broken", cause: "it was" });
    expect(trace(history)).toEqual(["ExecutionStarted", "StepEntered a", "StepFailed a", "ExecutionFailed"]);
    expect(details(history, "StepFailed")).toEqual([{ error: "Broken", cause: "it was" }]);
    expect(details(history, "ExecutionFailed")).toEqual([{ error: "Broken", cause: "it was" }]);
  });

  it("without error and cause fails with empty ones", () => {
    const { error, cause } = play(flowOf("steps: [{type: fail, name: a}]"));
    expect({ error, cause }).toEqual({ error: "", cause: "" });
  });
});
