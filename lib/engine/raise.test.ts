import { describe, expect, it } from "vitest";
import { flowOf } from "./testing/flow.ts";
import { play, TaskError } from "./testing/play.ts";
import { details, trace } from "./testing/trace.ts";

const ARN = "acs:fc:::services/s/functions/f";
const f = () => {
  throw new TaskError("E", "why");
};
const world = { input: { a: 1 }, functions: { f } };

function caught(more: string, policies = "{errors: [E], goto: c}") {
  return flowOf(`
steps:
  - {type: task, name: t, resourceArn: "${ARN}", catch: [${policies}]${more}}
  - {type: fail, name: not-here}
  - {type: pass, name: c, outputMappings: [{target: input, source: $input}]}
`);
}

describe("catch", () => {
  it("jumps to its target with nothing of the error in the data", () => {
    const { output, history } = play(caught(", outputMappings: [{target: x, source: 1}]"), world);
    expect(output).toEqual({ input: { a: 1 } });
    expect(trace(history).slice(3, 7)).toEqual(["TaskStarted t", "TaskFailed t", "StepExited t", "StepEntered c"]);
    expect(details(history, "StepExited", "t")).toEqual([
      { input: { a: 1 }, resourceArn: ARN, output: {}, local: {}, error: "E", cause: "why", retryCount: 0, goto: "c" },
    ]);
  });

  it("maps the error by errorMappings; code is error", () => {
    const mappings =
      ", errorMappings: [{target: e, source: $local.error}, {target: c, source: $local.cause}, {target: k, source: $local.code}, " +
      "{target: l, source: $local}, {target: i, source: $input.a}, {target: n, source: $context.step.name}, {target: d, source: $.error}, {target: code, source: $input.code}, {target: none, source: $local.none}, {target: one, source: 1}]";
    const { history, warnings } = play(caught(mappings), { ...world, input: { a: 1, error: "own", code: 7 } });
    expect(details(history, "StepExited", "t")).toMatchObject([
      { output: { e: "E", c: "why", k: "E", l: { error: "E", cause: "why" }, i: 1, n: "t", d: "E", code: 7, one: 1 } },
    ]);
    expect(details(history, "StepExited", "t")[0]?.local).toEqual(details(history, "StepExited", "t")[0]?.output);
    expect(warnings).toEqual(['t: errorMappings: $local.none is missing, so "none" is left out.']);
  });

  it("takes the first policy that matches", () => {
    const policies = "{errors: [X], goto: not-here}, {errors: [Y, E], goto: c}, {errors: [FnF.ALL], goto: not-here}";
    expect(play(caught("", policies), world).status).toBe("Succeeded");
  });

  it("comes after retry, with the number of retries", () => {
    const { history, time } = play(caught(", retry: [{errors: [E], maxAttempts: 2}]"), world);
    expect(time).toBe(3000);
    expect(details(history, "StepExited", "t")).toMatchObject([{ retryCount: 2, goto: "c" }]);
  });

  it("that does not match lets the branch fail", () => {
    const { status, error, history } = play(caught("", "{errors: [Other], goto: c}"), world);
    expect({ status, error }).toEqual({ status: "Failed", error: "E" });
    expect(trace(history).slice(-3)).toEqual(["TaskFailed t", "StepFailed t", "ExecutionFailed"]);
  });

  it("may jump to its own task", () => {
    const flow = flowOf(`steps: [{type: task, name: t, resourceArn: "${ARN}", catch: [{errors: [E], goto: t}]}]`);
    let calls = 0;
    const twice = () => {
      calls += 1;
      return calls < 3 ? f() : { calls };
    };
    expect(play(flow, { functions: { f: twice } }).output).toEqual({ calls: 3 });
  });

  it("jumps before end is looked at", () => {
    expect(play(caught(", end: true"), world).output).toEqual({ input: { a: 1 } });
  });

  it("shows the error of an action without errorMappings", () => {
    const flow = flowOf(`
steps:
  - {type: task, name: t, action: "fnf:StartExecution", serviceParams: {FlowName: none}, catch: [{errors: [FnF.ALL], goto: c}]}
  - {type: pass, name: c}
`);
    expect(play(flow).output).toEqual({ error: "fnf.FlowNotExists", cause: "Flow none does not exist." });
  });

  it("fails when what it maps is too large, uncaught", () => {
    const flow = caught(`, errorMappings: [{target: e, source: ${"x".repeat(200)}}]`);
    const { error, history } = play(flow, { ...world, maxDataBytes: 200 });
    expect(error).toBe("FnF.DataLimitExceeded");
    expect(trace(history).slice(-3)).toEqual(["TaskFailed t", "StepFailed t", "ExecutionFailed"]);
  });
});
