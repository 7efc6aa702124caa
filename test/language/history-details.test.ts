/** What events tell: EventDetail (fdl.md §7.2, §10 rows 32 and 53). */
import { describe, expect, it } from "vitest";
import { detail, details } from "./events.ts";
import { run } from "./run.ts";
import { failing, fails, timesOut } from "./scripts.ts";

const ARN = "acs:fc:::services/s/functions/f";
const TASK = `type: task, name: t, resourceArn: "${ARN}"`;

describe("details", () => {
  it("[HIST-16] ExecutionStarted has the input as given, the first StepEntered the mapped one", () => {
    const { events } = run(
      `
      inputMappings: [{target: mapped, source: $input.x}]
      outputMappings: [{target: out, source: $input.mapped}]
      steps:
      - {type: pass, name: a}
      `,
      { input: { x: 1 } },
    );
    expect(details(events, "ExecutionStarted")).toEqual([{ input: { x: 1 } }]);
    expect(detail(events, "StepEntered", "a")).toEqual({ input: { mapped: 1 }, local: {} });
    expect(details(events, "ExecutionSucceeded")).toEqual([{ output: { out: 1 } }]);
  });

  it("[HIST-16] ExecutionFailed has error and cause", () => {
    expect(details(run(`- {type: fail, name: f, error: E, cause: why}`).events, "ExecutionFailed")).toEqual([
      { error: "E", cause: "why" },
    ]);
  });

  it("[HIST-17] steps show the frame, their input, their output, and the frame's local after it", () => {
    const { events } = run(
      `
      - {type: pass, name: a, outputMappings: [{target: x, source: 1}]}
      - {type: pass, name: b, inputMappings: [{target: q, source: $local.x}], outputMappings: [{target: y, source: $input.q}]}
      - {type: choice, name: c, default: {steps: [{type: pass, name: d, outputMappings: [{target: z, source: 2}]}]}}
      `,
      { input: { i: 0 } },
    );
    const of = (step: string) =>
      ["StepEntered", "StepStarted", "StepSucceeded", "StepExited"].map((type) => detail(events, type, step));
    expect(of("a")).toEqual([
      { input: { i: 0 }, local: {} },
      { input: { i: 0 } },
      { output: { x: 1 } },
      { local: { x: 1 } },
    ]);
    expect(of("b")).toEqual([
      { input: { i: 0 }, local: { x: 1 } },
      { input: { q: 1 } },
      { output: { y: 1 } },
      { local: { x: 1, y: 1 } },
    ]);
    expect(of("d")).toEqual([
      { input: { i: 0, x: 1, y: 1 }, local: {} },
      { input: { i: 0, x: 1, y: 1 } },
      { output: { z: 2 } },
      { local: { z: 2 } },
    ]);
    expect(of("c")[3]).toEqual({ local: { x: 1, y: 1, z: 2 } });
  });

  it("[HIST-17] StepFailed has error and cause, on every level", () => {
    const { events } = run(`- {type: choice, name: c, default: {steps: [{${TASK}}]}}`, {
      functions: { "s/f": fails("E", "why") },
    });
    expect(details(events, "StepFailed")).toEqual([
      { error: "E", cause: "why" },
      { error: "E", cause: "why" },
    ]);
  });

  it("[HIST-18] StepExited of a task has local, input, resourceArn and output", () => {
    const { events } = run(
      `- {${TASK}, inputMappings: [{target: q, source: $input.i}], outputMappings: [{target: y, source: $local.r}]}`,
      { input: { i: 0 }, functions: { "s/f": () => ({ r: 1, more: 2 }) } },
    );
    expect(detail(events, "StepExited", "t")).toEqual({
      local: { y: 1 },
      input: { q: 0 },
      resourceArn: ARN,
      output: { y: 1 },
    });
  });

  it("[HIST-18] and retryCount when it was retried", () => {
    const { events } = run(`- {${TASK}, retry: [{errors: [E]}]}`, {
      functions: { "s/f": failing(["E", "E"], { r: 1 }) },
    });
    expect(detail(events, "StepExited", "t")).toEqual({
      local: { r: 1 },
      input: {},
      resourceArn: ARN,
      output: { r: 1 },
      retryCount: 2,
    });
  });

  it("[HIST-18] after a catch also error, cause, retryCount and goto", () => {
    const { events } = run(
      `
      - {type: pass, name: a, outputMappings: [{target: k, source: 1}]}
      - {${TASK}, inputMappings: [{target: q, source: 0}], retry: [{errors: [E]}], catch: [{errors: [E], goto: z}], errorMappings: [{target: e, source: $local.error}]}
      - {type: succeed, name: z}
      `,
      { functions: { "s/f": fails("E", "why") } },
    );
    expect(detail(events, "StepExited", "t")).toEqual({
      local: { k: 1, e: "E" },
      input: { q: 0 },
      resourceArn: ARN,
      output: { e: "E" },
      error: "E",
      cause: "why",
      retryCount: 3,
      goto: "z",
    });
  });

  it("[HIST-18] a catch without a retry counts 0", () => {
    const { events } = run(`[{${TASK}, catch: [{errors: [E], goto: z}]}, {type: succeed, name: z}]`, {
      functions: { "s/f": fails("E") },
    });
    expect(detail(events, "StepExited", "t")).toMatchObject({ retryCount: 0, goto: "z", output: {} });
  });

  it("[HIST-19] StepExited of a choice has goto when it jumps, and only then", () => {
    const exited = (x: number) =>
      detail(
        run(
          `[{type: choice, name: c, choices: [{condition: $.x == 1, goto: z}]}, {type: pass, name: a}, {type: succeed, name: z}]`,
          {
            input: { x },
          },
        ).events,
        "StepExited",
        "c",
      );
    expect([exited(1), exited(2)]).toEqual([{ local: {}, goto: "z" }, { local: {} }]);
  });

  it("[HIST-20] the events of an attempt", () => {
    const { events } = run(
      `- {${TASK}, timeoutSeconds: 9, inputMappings: [{target: q, source: 1}], outputMappings: [{target: y, source: $local.r}]}`,
      {
        functions: { "s/f": () => `{"r": 1}` },
      },
    );
    expect(detail(events, "TaskScheduled", "t")).toEqual({
      input: { q: 1 },
      resourceArn: ARN,
      pattern: "requestResponse",
      timeoutSeconds: 9,
    });
    expect(detail(events, "TaskStarted", "t")).toEqual({});
    expect(detail(events, "TaskSucceeded", "t")).toEqual({ output: `{"r": 1}` });
  });

  it("[HIST-20] without timeoutSeconds there is none", () => {
    const { events } = run(`- {${TASK}, pattern: sync}`, { functions: { "s/f": () => ({}) } });
    expect(detail(events, "TaskScheduled", "t")).toEqual({ input: {}, resourceArn: ARN, pattern: "sync" });
  });

  it("[HIST-20] TaskSubmitted has the token", () => {
    const { events, calls } = run(
      `- {${TASK}, pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}]}`,
      {
        functions: { "s/f": () => ({ discarded: 1 }) },
        verdicts: () => ({ kind: "succeeded", output: { r: 1 } }),
      },
    );
    expect(detail(events, "TaskSubmitted", "t")).toEqual({
      output: expect.objectContaining({ taskToken: Object(calls[0]?.payload).token }),
    });
    expect(detail(events, "TaskSucceeded", "t")).toEqual({ output: { r: 1 } });
  });

  it("[HIST-20] failures have error and cause", () => {
    const callback = `- {${TASK}, pattern: waitForCallback, timeoutSeconds: 5}`;
    const failed = { functions: { "s/f": fails("E", "why") } };
    expect(detail(run(`- {${TASK}}`, failed).events, "TaskFailed", "t")).toEqual({ error: "E", cause: "why" });
    expect(detail(run(callback, failed).events, "TaskSubmitFailed", "t")).toEqual({ error: "E", cause: "why" });
    const late = run(callback, { functions: { "s/f": () => ({}) }, verdicts: () => "never" });
    expect(detail(late.events, "TaskTimedOut", "t")).toEqual({ error: "FnF.TaskTimeout", cause: expect.any(String) });
    const slow = run(`- {${TASK}, timeoutSeconds: 5}`, { functions: { "s/f": timesOut } });
    expect(detail(slow.events, "TaskTimedOut", "t")).toEqual({ error: "FnF.TaskTimeout", cause: expect.any(String) });
  });

  it("[HIST-21] branches have input and index, then local and index", () => {
    const { events } = run(
      `- {type: parallel, name: p, branches: [{steps: [{type: pass, name: a, outputMappings: [{target: x, source: 1}]}]}, {steps: [{type: pass, name: b}]}]}`,
      { input: { i: 0 } },
    );
    expect(details(events, "BranchEntered", "p")).toEqual([
      { input: { i: 0 }, index: 0 },
      { input: { i: 0 }, index: 1 },
    ]);
    expect(details(events, "BranchExited", "p")).toEqual([
      { local: { x: 1 }, index: 0 },
      { local: {}, index: 1 },
    ]);
  });

  it("[HIST-21] iterations likewise", () => {
    const { events } = run(
      `- {type: foreach, name: e, iterationMapping: {collection: $.list, item: x, index: n}, steps: [{type: pass, name: a, outputMappings: [{target: y, source: $input.x}]}]}`,
      { input: { list: ["a", "b"] } },
    );
    const byIndex = (type: string) => details(events, type, "e").toSorted((a, b) => Number(a.index) - Number(b.index));
    expect(byIndex("IterationEntered")).toEqual([
      { input: { list: ["a", "b"], x: "a", n: 0 }, index: 0 },
      { input: { list: ["a", "b"], x: "b", n: 1 }, index: 1 },
    ]);
    expect(byIndex("IterationExited")).toEqual([
      { local: { y: "a" }, index: 0 },
      { local: { y: "b" }, index: 1 },
    ]);
  });
});
