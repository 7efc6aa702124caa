import { describe, expect, it } from "vitest";
import { type Event, initialState, transition } from "./index.ts";
import { env } from "./testing/env.ts";
import { flowOf } from "./testing/flow.ts";
import { play } from "./testing/play.ts";
import { details, trace } from "./testing/trace.ts";

const ARN = "acs:fc:::services/s/functions/f";
const names = { flow: "f", execution: "x" };
const root = initialState(names);
const started: Event = { kind: "started", at: 5, input: {} };

describe("the bound of a transition", () => {
  const loop = flowOf(`
steps:
  - {type: pass, name: a}
  - {type: choice, name: again, choices: [{condition: "true", goto: a}]}
`);

  it("yields after 1,000 steps, and goes on where it was", () => {
    // A step of this loop writes little, so the number of steps is what bounds it.
    const first = transition(loop, root, started, env);
    expect(first.effect).toEqual({ kind: "continue" });
    expect(first.state.waiting).toEqual({ kind: "yielded" });
    expect(first.history.filter(({ type }) => type === "StepEntered")).toHaveLength(1000);
    const { state, history } = transition(loop, first.state, { kind: "continued", at: 6 }, env);
    expect(history[0]).toMatchObject({ id: first.state.events + 1, cause: first.state.cause, time: 6 });
    // The choice that was entered last is left first.
    expect(history.slice(0, 3).map(({ type, step }) => `${type} ${step}`)).toEqual([
      "StepSucceeded again",
      "StepExited again",
      "StepEntered a",
    ]);
    expect(history.filter(({ type }) => type === "StepEntered")).toHaveLength(1000);
    expect(state.events).toBe(first.state.events + history.length);
  });

  it("yields after 128 KiB of history", () => {
    const input = { text: "x".repeat(10_000) };
    const { effect, history } = transition(loop, root, { ...started, input }, env);
    expect(effect).toEqual({ kind: "continue" });
    // ExecutionStarted, and two events a step, hold the input: 10,011 bytes each.
    const large = history.filter(({ detail }) => "input" in detail).length;
    expect(large * 10_011).toBeGreaterThanOrEqual(128 * 1024);
    expect((large - 2) * 10_011).toBeLessThan(128 * 1024);
  });

  it("yields at exactly 128 KiB", () => {
    // ExecutionStarted and StepEntered hold the input, the rest of the step's events 14 bytes.
    const flow = flowOf(
      "steps: [{type: pass, name: a, inputMappings: [{target: x, source: 10}]}, {type: pass, name: b}]",
    );
    const entered = (bytes: number) => {
      const input = { t: "x".repeat((bytes - 14) / 2 - 8) };
      const { history } = transition(flow, root, { ...started, input }, env);
      return history.filter(({ type }) => type === "StepEntered").length;
    };
    expect([entered(128 * 1024 - 2), entered(128 * 1024)]).toEqual([2, 1]);
  });

  it("lets each transition take a step, however large its data", () => {
    const flow = flowOf("steps: [{type: pass, name: a}, {type: pass, name: b}, {type: pass, name: c}]");
    const { steps, history } = play(flow, { input: { text: "x".repeat(128 * 1024) } });
    expect(steps.map(({ after }) => after.effect.kind)).toEqual(["continue", "continue", "continue", "succeeded"]);
    expect(trace(history).filter((line) => line.startsWith("StepEntered"))).toEqual([
      "StepEntered a",
      "StepEntered b",
      "StepEntered c",
    ]);
  });

  it("counts what the event before the first step wrote", () => {
    const flow = flowOf(
      `steps: [{type: task, name: t, resourceArn: "${ARN}"}, {type: pass, name: a}, {type: pass, name: b}]`,
    );
    const before = transition(flow, root, started, env).state;
    const output = { text: "x".repeat(50_000) };
    const { effect, history } = transition(flow, before, { kind: "taskSucceeded", at: 6, output }, env);
    expect(effect.kind).toBe("continue");
    expect(history.filter(({ type }) => type === "StepEntered").map(({ step }) => step)).toEqual(["a"]);
  });

  it("plays a loop of thousands of rounds", () => {
    const flow = flowOf(`
steps:
  - {type: task, name: next, resourceArn: "acs:fc:::services/s/functions/next"}
  - {type: pass, name: p}
  - {type: choice, name: again, choices: [{condition: $.n < 2000, goto: next}]}
`);
    const next = (payload: unknown) => ({ n: ((payload as { n?: number }).n ?? 0) + 1 });
    expect(play(flow, { functions: { next } }).output).toEqual({ n: 2000 });
  });

  it("plays choices nested as deep as a definition may be", () => {
    const nested = (depth: number): string =>
      depth === 0
        ? `{type: task, name: t, resourceArn: "${ARN}"}`
        : `{type: choice, name: c, choices: [{condition: "true", steps: [${nested(depth - 1)}]}]}`;
    const { output, history } = play(flowOf(`steps: [${nested(20)}]`), {
      input: { a: 1 },
      functions: { f: (payload) => ({ payload }) },
    });
    expect(output).toEqual({ payload: { a: 1 } });
    expect(details(history, "StepExited", "c")).toHaveLength(20);
  });
});
