import { describe, expect, it } from "vitest";
import type { JsonObject } from "../fdl/json.ts";
import {
  branchCount,
  branchState,
  type Event,
  initialState,
  type State,
  type Transition,
  transition,
} from "./index.ts";
import { env } from "./testing/env.ts";
import { flowOf } from "./testing/flow.ts";
import { play } from "./testing/play.ts";

const ARN = "acs:fc:::services/s/functions/f";
const start = (flow: ReturnType<typeof flowOf>, input: JsonObject = {}) =>
  transition(flow, initialState({ flow: "f", execution: "x" }), { kind: "started", at: 5, input }, env).state;

const each = (concurrency: number) =>
  flowOf(`
steps:
  - type: choice
    name: c
    default:
      steps:
        - {type: pass, name: first}
        - type: foreach
          name: each
          concurrency: ${concurrency}
          inputMappings: [{target: items, source: $input.items}]
          iterationMapping: {collection: $.items, item: item}
          steps:
            - {type: task, name: t, resourceArn: "${ARN}"}
`);

describe("branchState", () => {
  it("begins a lane in the foreach's list, with the foreach's input", () => {
    const flow = each(2);
    const fork = start(flow, { items: ["a", "b", "c"], other: 1 });
    expect(branchCount(flow, fork)).toBe(2);
    expect(branchState(flow, fork, 1)).toEqual({
      core: 1,
      flow: "f",
      execution: "x",
      input: { items: ["a", "b", "c"] },
      frames: [{ list: "0.default.1.steps", index: 0, local: {}, entered: 0 }],
      waiting: { kind: "new" },
      lane: { kind: "foreach", index: 1, base: 9, width: 2, count: 3, item: 1, collected: [], bytes: 0, chunks: 0 },
      events: 9,
      cause: { in: "parent", id: 9 },
      time: 5,
    });
  });

  it("begins a branch in its own list", () => {
    const flow = flowOf(`
steps:
  - {type: pass, name: first}
  - {type: parallel, name: p, branches: [{steps: [{type: pass, name: a}]}, {steps: [{type: pass, name: b}]}]}
`);
    const fork = start(flow, { n: 1 });
    expect(branchCount(flow, fork)).toBe(2);
    const { frames, lane, input } = branchState(flow, fork, 1);
    expect({ frames, lane, input }).toEqual({
      frames: [{ list: "1.branches.1", index: 0, local: {}, entered: 0 }],
      lane: { kind: "parallel", index: 1, base: 7, width: 2 },
      input: { n: 1 },
    });
  });

  it("shares one input among all branches of a fork", () => {
    const flow = each(2);
    const fork = start(flow, { items: [1, 2] });
    expect(branchState(flow, fork, 0).input).toBe(branchState(flow, fork, 1).input);
  });

  it("keeps the versions that aliases were pinned to", () => {
    const flow = each(2);
    const fork: State = { ...start(flow, { items: [1, 2] }), pins: { [ARN]: "3" } };
    expect(branchState(flow, fork, 0).pins).toEqual({ [ARN]: "3" });
    const lane = transition(flow, branchState(flow, fork, 0), { kind: "branchStarted", at: 6 }, env).state;
    expect(lane.pins).toEqual({ [ARN]: "3" });
    expect(branchState(flow, start(flow, { items: [1] }), 0)).not.toHaveProperty("pins");
  });

  it.each([-1, 2])("has no branch %d of two", (index) => {
    const flow = each(2);
    expect(() => branchState(flow, start(flow, { items: [1, 2] }), index)).toThrow(`The fork has no branch ${index}.`);
  });

  it("needs a fork", () => {
    const flow = flowOf("steps: [{type: wait, name: w, duration: 1}]");
    expect(() => branchState(flow, start(flow), 0)).toThrow("The branch has not forked: it waits for wait.");
    expect(() => branchCount(flow, start(flow))).toThrow("The branch has not forked: it waits for wait.");
  });

  it.each<[string, State["frames"]]>([
    ["no frame", []],
    ["a list that is over", [{ list: "", index: 1, local: {}, entered: 2 }]],
  ])("needs a step: a state with %s has none", (_, frames) => {
    const flow = each(2);
    expect(() => branchState(flow, { ...start(flow, { items: [1, 2] }), frames }, 0)).toThrow(
      "The branch has not forked: its current step is no parallel or foreach.",
    );
  });

  it("needs the flow that forked", () => {
    const other = flowOf(
      `steps: [{type: choice, name: c, default: {steps: [{type: pass, name: a}, {type: pass, name: b}]}}]`,
    );
    expect(() => branchState(other, start(each(2), { items: [1] }), 0)).toThrow(
      "The branch has not forked: its current step is no parallel or foreach.",
    );
  });
});

describe("a lane", () => {
  /** Runs lane 0 on its own, each item's task answering what `answer` says. */
  function lane(count: number, answer: (item: number) => JsonObject): readonly Transition[] {
    const flow = each(1);
    const fork = start(flow, { items: Array.from({ length: count }, (_, n) => n) });
    const transitions: Transition[] = [];
    let state = branchState(flow, fork, 0);
    let event: Event = { kind: "branchStarted", at: 5 };
    for (let item = 0; item <= count; item += 1) {
      const next = transition(flow, state, event, env);
      transitions.push(next);
      state = next.state;
      event = { kind: "taskSucceeded", at: 5, output: answer(item) };
    }
    return transitions;
  }

  it("collects its items' locals and hands them over at the end", () => {
    const transitions = lane(3, (item) => ({ item }));
    expect(transitions.map(({ state }) => state.lane)).toMatchObject([
      { item: 0, collected: [], bytes: 0 },
      { item: 1, collected: [{ item: 0 }], bytes: 10 },
      { item: 2, collected: [{ item: 0 }, { item: 1 }], bytes: 20 },
      { item: 2, collected: [] },
    ]);
    expect(transitions[3]?.effect).toEqual({
      kind: "branchDone",
      output: [{ item: 0 }, { item: 1 }, { item: 2 }],
      chunk: 0,
      events: 3 * 7,
    });
    expect(transitions.some((each) => "flush" in each)).toBe(false);
    expect(transitions[3]?.state).toMatchObject({ input: {}, frames: [], waiting: { kind: "ended" } });
  });

  it("does not copy what it collected when no item ends", () => {
    const flow = flowOf(`
steps:
  - type: foreach
    name: each
    concurrency: 1
    iterationMapping: {collection: $.items, item: item}
    steps: [{type: wait, name: w, duration: 1}, {type: task, name: t, resourceArn: "${ARN}"}]
`);
    const { steps } = play(flow, { input: { items: [1, 2] }, functions: { f: () => ({ v: 1 }) } });
    const lanes = steps.filter(({ branch }) => branch !== "").map(({ after: { state } }) => state.lane);
    const [, , waiting, calling] = lanes.map((lane) => (lane?.kind === "foreach" ? lane.collected : []));
    expect(waiting).toEqual([{ v: 1 }]);
    expect(calling).toBe(waiting);
  });

  it("flushes what it collected when that passes 64 KiB, in numbered chunks", () => {
    const text = "x".repeat(32 * 1024 - 8); // {"s":"…"}: exactly 32 KiB
    const transitions = lane(6, (item) => ({ s: item === 4 ? "" : text }));
    expect(transitions.map(({ flush }) => flush && [flush.chunk, flush.locals.length])).toEqual([
      undefined,
      undefined,
      undefined, // 64 KiB are not more than 64 KiB
      [0, 3],
      undefined,
      undefined,
      undefined,
    ]);
    expect(transitions[3]?.state.lane).toMatchObject({ item: 3, collected: [], bytes: 0, chunks: 1 });
    expect(transitions[5]?.state.lane).toMatchObject({ collected: [{ s: text }, { s: "" }], chunks: 1 });
    expect(transitions[6]?.effect).toMatchObject({
      kind: "branchDone",
      output: [{ s: text }, { s: "" }, { s: text }],
      chunk: 1,
    });
  });

  it("flushes the items that it finished in one transition together", () => {
    const flow = flowOf(`
steps:
  - type: foreach
    name: each
    concurrency: 1
    iterationMapping: {collection: $.items, item: item}
    steps: [{type: pass, name: a, inputMappings: [{target: text, source: $input.text}, {target: v, source: $input.item}], outputMappings: [{target: v, source: $input.v}, {target: t, source: $input.text}]}]
    outputMappings: [{target: all, source: "$local[*].v"}]
`);
    const items = Array.from({ length: 100 }, (_, n) => n);
    const { output, steps } = play(flow, { input: { items, text: "x".repeat(3000) } });
    expect(output).toEqual({ all: items });
    const lane = steps.filter(({ branch }) => branch !== "");
    const finished = lane.map(
      ({ after: { history } }) => history.filter(({ type }) => type === "IterationExited").length,
    );
    expect(Math.min(...finished)).toBeGreaterThan(1);
    const chunks = lane.flatMap(({ after: { flush, effect } }) =>
      flush ? [flush.chunk] : effect.kind === "branchDone" ? [effect.chunk] : [],
    );
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks).toEqual(chunks.map((_, index) => index));
  });
});
