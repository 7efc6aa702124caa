import { describe, expect, it } from "vitest";
import type { Flow } from "../fdl/definition.ts";
import { flowOf } from "./testing/flow.ts";
import { play } from "./testing/play.ts";
import { trace } from "./testing/trace.ts";

describe("goto", () => {
  it("to a step that is no sibling is a broken definition: the parser lets none through", () => {
    const flow: Flow = {
      pinAliases: false,
      steps: [{ type: "choice", name: "c", end: false, choices: [], default: { steps: [], goto: "nowhere" } }],
    };
    expect(() => play(flow)).toThrow('goto "nowhere" has no target among its siblings.');
  });
});

describe("the size of a step's data", () => {
  const flow = flowOf("steps: [{type: pass, name: p, outputMappings: [{target: y, source: $input.x}]}]");
  // {"x":"…"} + {} + {"y":"…"}: 2 × (8 + n) + 2 bytes of JSON
  const at = (n: number, maxDataBytes: number) => play(flow, { input: { x: "a".repeat(n) }, maxDataBytes });

  it("may be the limit: input, local and output together", () => {
    expect(at(41, 100).status).toBe("Succeeded");
  });

  it("past the limit fails the step after its output was computed", () => {
    const { history, error, cause } = at(42, 100);
    expect({ error, cause }).toEqual({
      error: "FnF.DataLimitExceeded",
      cause:
        'Input, local and output of step "p" are 102 bytes; the limit is 100. Keep large data elsewhere and pass on where it is.',
    });
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered p",
      "StepStarted p",
      "StepFailed p",
      "ExecutionFailed",
    ]);
  });

  it("counts UTF-8 bytes", () => {
    const wide = (maxDataBytes: number) => play(flow, { input: { x: "长" }, maxDataBytes }).status;
    expect([wide(24), wide(23)]).toEqual(["Succeeded", "Failed"]);
  });

  it("counts a task's local, and is not caught by its own retry and catch", () => {
    const task = flowOf(`
steps:
  - type: task
    name: t
    resourceArn: acs:fc:::services/s/functions/f
    outputMappings: []
    retry: [{errors: [FnF.ALL]}]
    catch: [{errors: [FnF.ALL], goto: c}]
  - {type: pass, name: c}
`);
    const functions = { f: () => ({ x: "a".repeat(100) }) };
    const { error, history } = play(task, { functions, maxDataBytes: 150 });
    expect(error).toBe("FnF.DataLimitExceeded");
    expect(trace(history).slice(4)).toEqual(["TaskSucceeded t", "StepFailed t", "ExecutionFailed"]);
    expect(play(task, { functions, maxDataBytes: 250 }).status).toBe("Succeeded");
  });

  it("fails the steps around it", () => {
    const nested = flowOf(
      "steps: [{type: choice, name: c, default: {steps: [{type: pass, name: p, outputMappings: [{target: y, source: $input.x}]}]}}]",
    );
    const { history } = play(nested, { input: { x: "a".repeat(42) }, maxDataBytes: 100 });
    expect(trace(history).slice(-3)).toEqual(["StepFailed p", "StepFailed c", "ExecutionFailed"]);
  });
});
