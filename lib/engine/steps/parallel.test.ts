import { describe, expect, it } from "vitest";
import type { Json } from "../../fdl/json.ts";
import { flowOf } from "../testing/flow.ts";
import { play } from "../testing/play.ts";
import { details, trace } from "../testing/trace.ts";

const set = (name: string, key: string, source: Json) =>
  `{type: pass, name: ${name}, outputMappings: [{target: ${key}, source: ${JSON.stringify(source)}}]}`;

describe("parallel", () => {
  const two = flowOf(`
steps:
  - type: parallel
    name: p
    branches:
      - steps: [${set("a", "x", 1)}]
      - steps: [${set("b", "x", 2)}, ${set("c", "y", "$input.n")}]
    outputMappings: [{target: all, source: $local}, {target: xs, source: "$local[*].x"}, {target: n, source: $input.n}]
`);

  it("has its branches' locals as its local, in the order of the definition", () => {
    const { output } = play(two, { input: { n: 7 } });
    expect(output).toEqual({ all: [{ x: 1 }, { x: 2, y: 7 }], xs: [1, 2], n: 7 });
  });

  it("encloses the branches' events in its own", () => {
    const { history } = play(two, { input: { n: 7 } });
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered p",
      "StepStarted p",
      "BranchEntered p",
      ...["StepEntered a", "StepStarted a", "StepSucceeded a", "StepExited a"],
      "BranchExited p",
      "BranchEntered p",
      ...["StepEntered b", "StepStarted b", "StepSucceeded b", "StepExited b"],
      ...["StepEntered c", "StepStarted c", "StepSucceeded c", "StepExited c"],
      "BranchExited p",
      "StepSucceeded p",
      "StepExited p",
      "ExecutionSucceeded",
    ]);
    // Both BranchEntered are caused by StepStarted, StepSucceeded by the branch that ended last.
    expect(history.map(({ ScheduleEventId }) => ScheduleEventId)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 3, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    ]);
    expect(details(history, "BranchEntered")).toEqual([
      { input: { n: 7 }, index: 0 },
      { input: { n: 7 }, index: 1 },
    ]);
    expect(details(history, "BranchExited")).toEqual([
      { local: { x: 1 }, index: 0 },
      { local: { x: 2, y: 7 }, index: 1 },
    ]);
  });

  it("ends with the branch that ends last, which causes its StepSucceeded", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    branches:
      - steps: [{type: wait, name: long, duration: 9}]
      - steps: [{type: wait, name: short, duration: 3}]
`);
    const { history, time, output } = play(flow);
    expect({ time, output }).toEqual({ time: 9000, output: {} });
    const exits = history.filter(({ Type }) => Type === "BranchExited");
    expect(exits.map(({ EventDetail }) => EventDetail.index)).toEqual([1, 0]);
    const last = exits[1]?.EventId;
    expect(history.find(({ Type, StepName }) => Type === "StepSucceeded" && StepName === "p")?.ScheduleEventId).toBe(
      last,
    );
  });

  it("publishes nothing by default, and takes mapped input to its branches", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    inputMappings: [{target: m, source: $input.n}]
    branches: [{steps: [${set("a", "seen", "$input")}]}]
  - {type: pass, name: q, outputMappings: [{target: rest, source: $input}]}
`);
    const { output, history } = play(flow, { input: { n: 7 } });
    expect(output).toEqual({ rest: { n: 7 } });
    expect(details(history, "BranchExited")).toEqual([{ local: { seen: { m: 7 } }, index: 0 }]);
  });

  it("lets a branch end by succeed or end without ending the others", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    branches:
      - steps: [{type: succeed, name: s}, {type: fail, name: f}]
      - steps: [{type: pass, name: e, end: true}, {type: fail, name: g}]
      - steps: [${set("a", "x", 1)}]
    outputMappings: [{target: all, source: $local}]
`);
    expect(play(flow).output).toEqual({ all: [{}, {}, { x: 1 }] });
  });

  it("fails with the first branch that fails; what others do later is not seen", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: c
    default:
      steps:
        - type: parallel
          name: p
          branches:
            - steps: [{type: wait, name: late, duration: 5}, {type: fail, name: f, error: Late}]
            - steps: [{type: wait, name: soon, duration: 2}, {type: fail, name: g, error: Soon, cause: why}]
`);
    const { history, error, cause, time } = play(flow);
    expect({ error, cause, time }).toEqual({ error: "Soon", cause: "why", time: 2000 });
    expect(trace(history).slice(-5)).toEqual([
      "StepEntered g",
      "StepFailed g",
      "StepFailed p",
      "StepFailed c",
      "ExecutionFailed",
    ]);
    const failed = history.filter(({ Type }) => Type === "StepFailed");
    expect(failed[1]?.ScheduleEventId).toBe(failed[0]?.EventId);
    expect(trace(history)).not.toContain("BranchExited p");
  });

  it("tells once of what its input lacks", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    inputMappings: [{target: m, source: $input.m}]
    branches: [{steps: [{type: pass, name: a}]}]
    catch: [{errors: [E], goto: p}]
`);
    expect(play(flow).warnings).toEqual(['p: inputMappings: $input.m is missing, so "m" is left out.']);
  });

  it("nests, and counts its branches' events", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    branches:
      - steps:
          - type: parallel
            name: q
            branches: [{steps: [${set("a", "id", "$context.step.eventId")}]}, {steps: [${set("b", "x", 2)}]}]
            outputMappings: [{target: inner, source: $local}, {target: id, source: $context.step.eventId}]
  - ${set("last", "id", "$context.step.eventId")}
`);
    const { output, steps, history } = play(flow);
    expect(output).toEqual({ id: history.find(({ StepName }) => StepName === "last")?.EventId });
    // StepEntered of q is event 5, of a event 7 + 1 (the fork had 6 events).
    expect(details(history, "BranchExited", "q")).toMatchObject([{ local: { id: 8 } }, { local: { x: 2 } }]);
    expect(details(history, "BranchExited", "p")).toMatchObject([{ local: { inner: [{ id: 8 }, { x: 2 }], id: 5 } }]);
    const done = steps.flatMap(({ branch, after: { effect } }) =>
      effect.kind === "branchDone" ? [[branch, effect.events]] : [],
    );
    expect(done).toEqual([
      ["0.0.0.0", 6],
      ["0.0.0.1", 6],
      ["0.0", 18],
    ]);
  });
});
