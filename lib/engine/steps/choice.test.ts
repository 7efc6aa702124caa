import { describe, expect, it } from "vitest";
import { flowOf } from "../testing/flow.ts";
import { play } from "../testing/play.ts";
import { details, trace } from "../testing/trace.ts";

const set = (name: string) => `{type: pass, name: ${name}, outputMappings: [{target: ran, source: ${name}}]}`;

describe("choice", () => {
  const graded = flowOf(`
steps:
  - type: choice
    name: grade
    choices:
      - condition: $.n > 10
        steps: [${set("large")}]
      - condition: $.n > 5
        steps: [${set("middle")}]
    default:
      steps: [${set("small")}]
`);

  it.each([
    [11, "large"],
    [6, "middle"],
    [5, "small"],
  ])("with n = %d runs %s: the first satisfied entry, or the default", (n, ran) => {
    expect(play(graded, { input: { n } }).output).toEqual({ ran });
  });

  it("encloses the steps that it runs in its own events", () => {
    const { history } = play(graded, { input: { n: 6 } });
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered grade",
      "StepStarted grade",
      "StepEntered middle",
      "StepStarted middle",
      "StepSucceeded middle",
      "StepExited middle",
      "StepSucceeded grade",
      "StepExited grade",
      "ExecutionSucceeded",
    ]);
    expect(history.map((event) => event.ScheduleEventId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(details(history, "StepEntered", "middle")).toEqual([{ input: { n: 6 }, local: {} }]);
    expect(details(history, "StepExited", "grade")).toEqual([{ local: { ran: "middle" } }]);
  });

  it("ends with nothing when no entry is satisfied and there is no default", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: a
    choices: [{condition: $.missing, steps: [${set("x")}]}]
  - ${set("b")}
`);
    const { output, history } = play(flow);
    expect(output).toEqual({ ran: "b" });
    expect(trace(history).slice(1, 5)).toEqual(["StepEntered a", "StepStarted a", "StepSucceeded a", "StepExited a"]);
  });

  it("maps its output, and tells of what its input lacks, also when it runs nothing", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: a
    inputMappings: [{target: n, source: $input.n}, {target: m, source: $input.m}]
    outputMappings: [{target: n, source: $input.n}, {target: l, source: $local}]
`);
    const { output, warnings } = play(flow, { input: { n: 4 } });
    expect(output).toEqual({ n: 4, l: {} });
    expect(warnings).toEqual(['a: inputMappings: $input.m is missing, so "m" is left out.']);
  });

  it("gives its mapped input to its conditions and to its steps", () => {
    const flow = flowOf(`
steps:
  - {type: pass, name: first, outputMappings: [{target: n, source: 2}]}
  - type: choice
    name: a
    inputMappings: [{target: m, source: $local.n}]
    choices:
      - condition: $.m == 2 && !($.n == 2)
      - condition: $.m == 2
        steps: [{type: pass, name: b, outputMappings: [{target: seen, source: $input}]}]
`);
    expect(play(flow).output).toEqual({ n: 2, seen: { m: 2 } });
  });

  it("runs the worked example of fdl.md §2.2", () => {
    const flow = flowOf(`
steps:
  - {type: pass, name: seedVars, outputMappings: [{target: n, source: 2}]}
  - type: choice
    name: branch
    choices:
      - condition: $.n == 2
        steps:
          - type: pass
            name: inner
            inputMappings:  [{target: who, source: $input.user}]
            outputMappings: [{target: greeting, source: $input.who}]
  - {type: succeed, name: done}
`);
    expect(play(flow, { input: { user: "ann" } }).output).toEqual({ n: 2, greeting: "ann" });
  });

  it("maps its output from what its steps gathered", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: a
    outputMappings: [{target: kept, source: $local.ran}, {target: n, source: $input.n}]
    default: {steps: [${set("b")}]}
`);
    expect(play(flow, { input: { n: 4 } }).output).toEqual({ kept: "b", n: 4 });
  });

  it("follows its goto after its steps, with their output merged", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: a
    choices: [{condition: "true", steps: [${set("x")}], goto: c}]
  - {type: fail, name: b}
  - {type: pass, name: c, outputMappings: [{target: seen, source: $input.ran}]}
`);
    const { output, history } = play(flow);
    expect(output).toEqual({ ran: "x", seen: "x" });
    expect(details(history, "StepExited", "a")).toEqual([{ local: { ran: "x" }, goto: "c" }]);
  });

  it.each([
    ["the default's goto", "default: {goto: c}"],
    ["a goto without steps", 'choices: [{condition: "true", goto: c}]'],
    ["a goto that wins over end", 'choices: [{condition: "true", goto: c}]\n    end: true'],
  ])("follows %s", (_, body) => {
    const flow = flowOf(`
steps:
  - type: choice
    name: a
    ${body}
  - {type: fail, name: b}
  - ${set("c")}
`);
    expect(play(flow).output).toEqual({ ran: "c" });
  });

  it("with end and no goto ends the list", () => {
    const flow = flowOf(`
steps:
  - {type: choice, name: a, end: true, default: {steps: [${set("x")}]}}
  - {type: fail, name: b}
`);
    expect(play(flow).output).toEqual({ ran: "x" });
  });

  it("is not left by a succeed inside: that ends the inner list only", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: a
    default: {steps: [{type: succeed, name: s}, {type: fail, name: f}]}
  - ${set("b")}
`);
    expect(play(flow).output).toEqual({ ran: "b" });
  });

  it("fails with an error inside, innermost first", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: a
    default: {steps: [{type: choice, name: b, default: {steps: [{type: fail, name: c, error: E, cause: why}]}}]}
`);
    const { history, error, cause } = play(flow);
    expect({ error, cause }).toEqual({ error: "E", cause: "why" });
    expect(trace(history).slice(-4)).toEqual(["StepFailed c", "StepFailed b", "StepFailed a", "ExecutionFailed"]);
    expect(details(history, "StepFailed")).toEqual(Array.from({ length: 3 }, () => ({ error: "E", cause: "why" })));
  });
});

describe("goto", () => {
  it("loops backwards and keeps the local of earlier rounds", () => {
    const flow = flowOf(`
steps:
  - {type: task, name: next, resourceArn: "acs:fc:::services/s/functions/next"}
  - type: choice
    name: again
    choices: [{condition: $.n < 5, goto: next}]
`);
    const next = (input: unknown) => ({ n: ((input as { n?: number }).n ?? 0) + 1 });
    const { output, history } = play(flow, { functions: { next } });
    expect(output).toEqual({ n: 5 });
    expect(details(history, "StepExited", "again").map(({ goto }) => goto)).toEqual([
      "next",
      "next",
      "next",
      "next",
      undefined,
    ]);
  });

  it("may lead a choice to itself", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: a
    choices: [{condition: $.done != true, steps: [{type: pass, name: b, outputMappings: [{target: done, source: true}]}], goto: a}]
`);
    const flowWithDone = play(flow, { input: { done: false } });
    expect(flowWithDone.output).toEqual({ done: true });
    expect(details(flowWithDone.history, "StepEntered", "a")).toHaveLength(2);
  });
});
