/** What $context holds (fdl.md §2.4, §10 row 60). */
import { describe, expect, it } from "vitest";
import { details } from "./events.ts";
import { run } from "./run.ts";
import { failing } from "./scripts.ts";

const TASK = `type: task, resourceArn: "acs:fc:::services/s/functions/f"`;
const TOKEN = `inputMappings: [{target: token, source: $context.task.token}]`;

describe("$context", () => {
  it("[CTX-01] names flow and execution", () => {
    const { output } = run(
      `- {type: pass, name: a, outputMappings: [{target: f, source: $context.flow.name}, {target: e, source: $context.execution.name}]}`,
      { flow: "orders", execution: "order-1" },
    );
    expect(output).toEqual({ f: "orders", e: "order-1" });
  });

  it("[CTX-02] names the current step, in every frame", () => {
    const { output } = run(`
      - {type: pass, name: first, inputMappings: [{target: n, source: $context.step.name}], outputMappings: [{target: a, source: $input.n}, {target: b, source: $context.step.name}]}
      - type: choice
        name: outer
        default: {steps: [{type: pass, name: inner, outputMappings: [{target: c, source: $context.step.name}]}]}
        outputMappings: [{target: c, source: $local.c}, {target: d, source: $context.step.name}]
    `);
    expect(output).toEqual({ a: "first", b: "first", c: "inner", d: "outer" });
  });

  it("[CTX-03] eventId is the id of the step's StepEntered", () => {
    const { output, events } = run(`
      - {type: pass, name: a, outputMappings: [{target: a, source: $context.step.eventId}]}
      - {type: wait, name: w, duration: 1}
      - {type: pass, name: b, inputMappings: [{target: id, source: $context.step.eventId}], outputMappings: [{target: b, source: $input.id}]}
    `);
    const entered = (step: string) => events.find((event) => event.type === "StepEntered" && event.step === step)?.id;
    expect(output).toEqual({ a: 2, b: 10 });
    expect([entered("a"), entered("b")]).toEqual([2, 10]);
  });

  it("[CTX-03] eventId counts the parent's events at the fork and the branch's own", () => {
    const { output } = run(`
      - type: parallel
        name: p
        branches:
          - steps: [{type: pass, name: a, outputMappings: [{target: id, source: $context.step.eventId}]}]
          - steps: [{type: pass, name: a, outputMappings: [{target: id, source: $context.step.eventId}]}, {type: pass, name: b, outputMappings: [{target: id, source: $context.step.eventId}]}]
        outputMappings: [{target: ids, source: "$local[*].id"}]
    `);
    // ExecutionStarted, StepEntered, StepStarted, then BranchEntered and StepEntered of the branch; a step writes four events
    expect(output).toEqual({ ids: [5, 9] });
  });

  it.each(["requestResponse", "sync", "waitForCallback"])(
    "[CTX-04] a task can map its token under pattern %s",
    (pattern) => {
      const { calls, events } = run(`- {${TASK}, name: t, pattern: ${pattern}, ${TOKEN}}`, {
        functions: { "s/f": () => ({}) },
        verdicts: () => ({ kind: "succeeded", output: {} }),
      });
      const token = Object(calls[0]?.payload).token;
      expect(token).toEqual(expect.any(String));
      expect(token).not.toBe("");
      expect(details(events, "TaskScheduled", "t")).toEqual([expect.objectContaining({ input: { token } })]);
      if (pattern === "waitForCallback") {
        expect(details(events, "TaskSubmitted", "t")).toEqual([
          { output: expect.objectContaining({ taskToken: token }) },
        ]);
      }
    },
  );

  it("[CTX-05] a retry maps a new token", () => {
    const { calls } = run(`- {${TASK}, name: t, ${TOKEN}, retry: [{errors: [X]}]}`, {
      functions: { "s/f": failing(["X", "X"], {}) },
    });
    const tokens = calls.map((call) => Object(call.payload).token);
    expect(tokens).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
    expect(new Set(tokens).size).toBe(3);
  });

  it("[CTX-07] the address of a callback ends with the attempt's token, also in branches and whole contexts", () => {
    const mappings = `inputMappings: [{target: task, source: $context.task}, {target: url, source: $context.task.callbackUrl}]`;
    const { calls } = run(
      `- {type: parallel, name: p, branches: [{steps: [{${TASK}, name: t, ${mappings}, retry: [{errors: [X]}]}]}]}`,
      { functions: { "s/f": failing(["X"], {}) }, callbacks: "https://api.example/callbacks/" },
    );
    const payloads = calls.map(({ payload }) => Object(payload));
    expect(payloads).toHaveLength(2);
    for (const { task, url } of payloads) {
      expect(url).toBe(`https://api.example/callbacks/${task.token}`);
      expect(task.callbackUrl).toBe(url);
    }
    expect(payloads[0].url).not.toBe(payloads[1].url);
  });

  it("[CTX-07] there is no such address where no API is reached, and none outside of a task's input", () => {
    const mapping = "{target: url, source: $context.task.callbackUrl}";
    const { calls } = run(`- {${TASK}, name: t, inputMappings: [${mapping}]}`, { functions: { "s/f": () => ({}) } });
    expect(calls[0]?.payload).toEqual({});
    const pass = run(`- {type: pass, name: a, outputMappings: [${mapping}]}`, {
      callbacks: "https://api.example/callbacks/",
    });
    expect(pass.output).toEqual({});
  });

  it("[CTX-06] everything else is missing", () => {
    const paths = [
      "$context.flow.id",
      "$context.execution.input",
      "$context.execution.startTime",
      "$context.step.type",
      "$context.other",
      "$context.flow.name.x",
    ];
    const mappings = paths.map((path) => `{target: ${path}, source: ${path}}`);
    expect(run(`- {type: pass, name: a, outputMappings: [${mappings.join(", ")}]}`).output).toEqual({});
  });
});
