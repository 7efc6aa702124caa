import { describe, expect, it } from "vitest";
import { branchState, CORE_VERSION, CoreError, type Event, initialState, type State, transition } from "./index.ts";
import { env } from "./testing/env.ts";
import { flowOf } from "./testing/flow.ts";
import { play } from "./testing/play.ts";
import { details } from "./testing/trace.ts";

const ARN = "acs:fc:::services/s/functions/f";
const task = (more = "") => flowOf(`steps: [{type: task, name: t, resourceArn: "${ARN}"${more}}]`);
const names = { flow: "f", execution: "x" };
const root = initialState(names);
const started: Event = { kind: "started", at: 5, input: {} };

describe("transition", () => {
  it("begins with the state of a new execution", () => {
    expect(initialState(names)).toStrictEqual({
      core: CORE_VERSION,
      flow: "f",
      execution: "x",
      input: {},
      frames: [{ list: "", index: 0, local: {}, entered: 0 }],
      waiting: { kind: "new" },
      events: 0,
      cause: { in: "branch", id: 0 },
      time: 0,
    });
  });

  it("makes a small state that says what it waits for", () => {
    const { state, effect } = transition(task(), root, { ...started, input: { a: 1 } }, env);
    expect(effect.kind).toBe("invoke");
    expect(state).toStrictEqual({
      ...root,
      input: { a: 1 },
      frames: [{ list: "", index: 0, local: {}, entered: 2 }],
      waiting: { kind: "call", attempts: { retryCount: 0, used: [] } },
      events: 4,
      cause: { in: "branch", id: 4 },
      time: 5,
    });
  });

  it("never goes back in time: an event that is late has the time of the one before", () => {
    const before = transition(task(), root, started, env).state;
    const { state, history } = transition(task(), before, { kind: "taskSucceeded", at: 3 }, env);
    expect(state.time).toBe(5);
    expect(history.map(({ time }) => time)).toEqual([5, 5, 5]);
    expect(transition(task(), before, { kind: "taskSucceeded", at: 8 }, env).state.time).toBe(8);
  });

  it("does not change the state it is given", () => {
    const flow = flowOf(
      "steps: [{type: pass, name: a, outputMappings: [{target: x, source: 1}]}, {type: wait, name: w, duration: 1}]",
    );
    const before = transition(flow, root, started, env).state;
    const copy = structuredClone(before);
    transition(flow, before, { kind: "elapsed", at: 9 }, env);
    expect(before).toEqual(copy);
  });

  it("hands on what the state holds besides", () => {
    const pins = { [ARN]: "3" };
    expect(transition(task(), { ...root, pins }, started, env).state.pins).toBe(pins);
  });

  it("keeps the versions that the start resolved, in every state from then on", () => {
    const pins = { [ARN]: "3" };
    const { state } = transition(task(), root, { ...started, pins }, env);
    expect(state.pins).toEqual(pins);
    expect(transition(task(), state, { kind: "taskSucceeded", at: 6 }, env).state.pins).toEqual(pins);
    expect(transition(task(), root, started, env).state).not.toHaveProperty("pins");
  });

  it("ignores what the acceptance of an asynchronous call answers", () => {
    const flow = task(", serviceParams: {InvocationType: Async}, outputMappings: [{target: l, source: $local}]");
    const before = transition(flow, root, started, env).state;
    const { effect } = transition(flow, before, { kind: "taskSucceeded", at: 5, output: { id: 1 } }, env);
    expect(effect).toEqual({ kind: "succeeded", output: { l: {} } });
  });

  it("leaves an ended state empty", () => {
    const { state } = transition(flowOf("steps: [{type: pass, name: a}]"), root, { ...started, input: { a: 1 } }, env);
    expect(state).toMatchObject({ input: {}, frames: [], waiting: { kind: "ended" } });
  });

  it("ends a root and a branch that fail", () => {
    const flow = flowOf("steps: [{type: parallel, name: p, branches: [{steps: [{type: fail, name: f}]}]}]");
    const { steps } = play(flow);
    expect(steps.map(({ branch, after: { state } }) => [branch, state.waiting.kind])).toEqual([
      ["", "fork"],
      ["0.0", "ended"],
      ["", "ended"],
    ]);
  });
});

describe("the flow's own mappings", () => {
  const flow = flowOf(`
version: v1
type: flow
inputMappings: [{target: x, source: $input.given}, {target: f, source: $context.flow.name}, {target: m, source: $input.m}, {target: s, source: $context.step.name}, {target: d, source: $.given}]
outputMappings: [{target: y, source: $local.seen}, {target: x, source: $input.x}, {target: e, source: $context.execution.name}, {target: n, source: $local.n}, {target: t, source: $.seen.x}]
steps:
  - {type: pass, name: a, outputMappings: [{target: seen, source: $input}]}
`);

  it("make the input of its steps and the execution's output", () => {
    const { output, history, warnings } = play(flow, { input: { given: 1 }, flow: "F", execution: "X" });
    expect(output).toEqual({ y: { x: 1, f: "F", d: 1 }, x: 1, e: "X", t: 1 });
    expect(details(history, "ExecutionStarted")).toEqual([{ input: { given: 1 } }]);
    expect(details(history, "StepEntered")).toEqual([{ input: { x: 1, f: "F", d: 1 }, local: {} }]);
    expect(warnings).toEqual([
      ': inputMappings: $input.m is missing, so "m" is left out.',
      ': inputMappings: $context.step.name is missing, so "s" is left out.',
      ': outputMappings: $local.n is missing, so "n" is left out.',
    ]);
  });
});

describe("an event that does not fit", () => {
  const wait = flowOf("steps: [{type: wait, name: w, duration: 1}]");
  const parallel = flowOf("steps: [{type: parallel, name: p, branches: [{steps: [{type: pass, name: a}]}]}]");
  const callback = task(", pattern: waitForCallback");
  const retrying = task(", retry: [{errors: [E]}]");
  const loop = flowOf(`steps: [{type: choice, name: again, choices: [{condition: "true", goto: again}]}]`);
  const go = (flow: ReturnType<typeof flowOf>, ...events: readonly Event[]) =>
    [started, ...events].reduce<State>((state, event) => transition(flow, state, event, env).state, root);

  const all: readonly Event[] = [
    started,
    { kind: "branchStarted", at: 6 },
    { kind: "taskSucceeded", at: 6, output: {} },
    { kind: "taskFailed", at: 6, error: "E", cause: "" },
    { kind: "submitted", at: 6 },
    { kind: "reported", at: 6, verdict: { kind: "timedOut" } },
    { kind: "elapsed", at: 6 },
    { kind: "joined", at: 6, outputs: [{ locals: [{}] }], events: 2, last: 0 },
    { kind: "branchFailed", at: 6, index: 0, error: "E", cause: "" },
    { kind: "continued", at: 6 },
  ];

  const fork = go(parallel);
  const cases: readonly [string, ReturnType<typeof flowOf>, State, readonly Event["kind"][]][] = [
    ["a new root", wait, root, ["started"]],
    ["a new branch", parallel, branchState(parallel, fork, 0), ["branchStarted"]],
    ["a call", task(), go(task()), ["taskSucceeded", "taskFailed"]],
    ["a submission", callback, go(callback), ["submitted", "taskFailed"]],
    ["a verdict", callback, go(callback, { kind: "submitted", at: 5 }), ["reported"]],
    [
      "a retry delay",
      retrying,
      go(retrying, { kind: "taskFailed", at: 5, error: "E", cause: "" }),
      ["elapsed", "continued"],
    ],
    ["a wait", wait, go(wait), ["elapsed"]],
    ["a fork", parallel, fork, ["joined", "branchFailed"]],
    ["a yield", loop, go(loop), ["continued"]],
    ["an ended branch", wait, go(wait, { kind: "elapsed", at: 5 }), []],
  ];

  it.each(cases)("for %s is refused", (_, flow, state, fitting) => {
    for (const event of all) {
      const apply = () => transition(flow, state, event, env);
      if (fitting.includes(event.kind)) expect(apply).not.toThrow();
      else expect(apply).toThrow(CoreError);
    }
  });

  it("is named with the step and the state", () => {
    const apply = (state: State) => () =>
      transition(wait, state, { kind: "joined", at: 6, outputs: [], events: 0, last: 0 }, env);
    const message = (state: string, where: string) =>
      `The event "joined" does not fit a branch that is in "${state}"${where}.`;
    expect(apply(go(wait))).toThrow(
      expect.objectContaining({
        name: "CoreError",
        code: "FnF.RuntimeError",
        message: message("wait", ' at step "w"'),
      }),
    );
    expect(apply(go(wait, { kind: "elapsed", at: 5 }))).toThrow(message("ended", ""));
  });

  it.each<[string, State, Event]>([
    ["a call", go(task()), { kind: "taskSucceeded", at: 6 }],
    ["a failed call", go(task()), { kind: "taskFailed", at: 6, error: "E", cause: "" }],
    ["a submission", go(callback), { kind: "submitted", at: 6 }],
    ["a failed submission", go(callback), { kind: "taskFailed", at: 6, error: "E", cause: "" }],
    [
      "a verdict",
      go(callback, { kind: "submitted", at: 5 }),
      { kind: "reported", at: 6, verdict: { kind: "timedOut" } },
    ],
    ["a wait", go(wait), { kind: "elapsed", at: 6 }],
    ["a join", fork, { kind: "joined", at: 6, outputs: [{ locals: [{}] }], events: 2, last: 0 }],
    ["a failed branch", fork, { kind: "branchFailed", at: 6, index: 0, error: "E", cause: "" }],
  ])("is one of %s where the flow has another step", (_, state, event) => {
    expect(() => transition(flowOf("steps: [{type: pass, name: p}]"), state, event, env)).toThrow("does not fit");
  });

  const inTheMiddle = cases.filter(([, , { waiting }]) =>
    ["call", "submit", "verdict", "wait", "fork"].includes(waiting.kind),
  );
  it.each(inTheMiddle)("for %s is one whose list is over", (_, flow, state, fitting) => {
    const over = { ...state, frames: [{ list: "", index: 1, local: {}, entered: 2 }] };
    for (const event of all.filter(({ kind }) => fitting.includes(kind))) {
      expect(() => transition(flow, over, event, env)).toThrow("does not fit");
    }
  });

  it("is one of another core version's state", () => {
    expect(() => transition(wait, { ...root, core: 0 }, started, env)).toThrow(
      `The state is of core version 0; this is ${CORE_VERSION}.`,
    );
  });

  it.each<[string, Event]>([
    ["no branch", { kind: "joined", at: 6, outputs: [], events: 0, last: 0 }],
    ["an empty branch", { kind: "joined", at: 6, outputs: [{ locals: [] }], events: 0, last: 0 }],
  ])("is a join of %s", (_, event) => {
    expect(() => transition(parallel, fork, event, env)).toThrow("The join lacks the output of item 0.");
  });
});
