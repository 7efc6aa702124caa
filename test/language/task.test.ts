/** Tasks: what is called with what, and what becomes of the result (fdl.md §3.1, §3.1.2, §3.1.6, §10 rows 15 and 48). */
import { describe, expect, it } from "vitest";
import type { Json } from "../../lib/fdl/json.ts";
import { problems } from "./definition.ts";
import { details, trace } from "./events.ts";
import { run } from "./run.ts";
import { timesOut } from "./scripts.ts";

const TASK = `type: task, resourceArn: "acs:fc:::services/s/functions/f"`;
const result = (value: Json | undefined, rest = "") =>
  run(`- {${TASK}, name: t${rest}}`, { functions: { "s/f": () => value } });

describe("task", () => {
  it.each([
    [`- {type: task, name: t}`, /resourceArn/],
    [
      `- {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", action: "fnf:StartExecution"}`,
      /not both/,
    ],
  ])("[TASK-01] %s is refused: exactly one of resourceArn and action", (text, message) => {
    expect(problems(text)).toEqual([expect.stringMatching(message)]);
  });

  it("[TASK-02] the function is called with the step's input", () => {
    const { calls } = run(`- {${TASK}, name: t, inputMappings: [{target: q, source: $input.x}]}`, {
      input: { x: [1, "ü", null] },
      functions: { "s/f": () => ({}) },
    });
    expect(calls).toEqual([expect.objectContaining({ kind: "function", payload: { q: [1, "ü", null] } })]);
  });

  it("[TASK-03] an object is the task's local", () => {
    expect(result({ a: { b: [1] }, c: null }).output).toEqual({ a: { b: [1] }, c: null });
  });

  it.each<[Json, Json]>([
    [`{"a": 1}`, { a: 1 }],
    [`  {"a": {"b": "{}"}}\n`, { a: { b: "{}" } }],
    [`{}`, {}],
  ])("[TASK-04] the string %j is decoded once more", (value, local) => {
    expect(result(value).output).toEqual(local);
  });

  it("[TASK-04] a string holding other JSON is decoded for outputMappings", () => {
    expect(result(`[{"k": 1}]`, `, outputMappings: [{target: k, source: "$local[*].k"}]`).output).toEqual({ k: [1] });
  });

  it.each([[undefined], [null], [""], ["null"]])("[TASK-05] %j counts as {}", (value) => {
    expect(result(value)).toMatchObject({ status: "Succeeded", output: {} });
    expect(result(value, `, outputMappings: [{target: l, source: $local}]`).output).toEqual({ l: {} });
  });

  it.each([[[1]], [[]], [5], [0], [true], [false], ["plain text"], ["[1]"], ["5"], [`"{}"`], ["{broken"]])(
    "[TASK-06] %j fails the attempt with FnF.InvalidLocal",
    (value) => {
      const outcome = result(value);
      expect(outcome).toMatchObject({ status: "Failed", error: "FnF.InvalidLocal" });
      expect(outcome.cause).not.toBe("");
    },
  );

  it("[TASK-06] retry and catch apply", () => {
    const answers: Json[] = [[1], "text", { ok: 1 }];
    const retried = run(`- {${TASK}, name: t, retry: [{errors: [FnF.InvalidLocal]}]}`, {
      functions: { "s/f": () => answers.shift() },
    });
    expect(retried.output).toEqual({ ok: 1 });
    const caught = run(
      `[{${TASK}, name: t, catch: [{errors: [FnF.InvalidLocal], goto: z}], errorMappings: [{target: e, source: $local.error}]}, {type: succeed, name: z}]`,
      { functions: { "s/f": () => [1] } },
    );
    expect(caught.output).toEqual({ e: "FnF.InvalidLocal" });
  });

  it.each<[Json, Json]>([
    [[{ x: 1 }], [{ x: 1 }]],
    [5, 5],
    [false, false],
    ["plain text", "plain text"],
    ["{broken", "{broken"],
    ["[1, 2]", [1, 2]],
  ])("[TASK-07] with outputMappings %j is $local as it is", (value, local) => {
    expect(result(value, `, outputMappings: [{target: l, source: $local}]`).output).toEqual({ l: local });
  });

  it("[TASK-07] paths go into an array", () => {
    expect(result([{ x: 1 }, { x: 2 }], `, outputMappings: [{target: xs, source: "$local[*].x"}]`).output).toEqual({
      xs: [1, 2],
    });
  });

  it("[TASK-08] an attempt past timeoutSeconds fails with FnF.TaskTimeout", () => {
    const outcome = run(`- {${TASK}, name: t, timeoutSeconds: 7}`, { functions: { "s/f": timesOut } });
    expect(outcome).toMatchObject({ status: "Failed", error: "FnF.TaskTimeout" });
    expect(details(outcome.events, "TaskScheduled")).toEqual([expect.objectContaining({ timeoutSeconds: 7 })]);
    expect(trace(outcome.events, "TaskTimedOut")).toEqual(["t"]);
  });

  it("[TASK-08] the time-out is retried and caught like any error", () => {
    const { output, calls } = run(
      `[{${TASK}, name: t, timeoutSeconds: 7, retry: [{errors: [FnF.TaskTimeout], maxAttempts: 2}], catch: [{errors: [FnF.TaskTimeout], goto: z}],
         errorMappings: [{target: e, source: $local.error}]}, {type: succeed, name: z}]`,
      { functions: { "s/f": timesOut } },
    );
    expect(calls).toHaveLength(3);
    expect(output).toEqual({ e: "FnF.TaskTimeout" });
  });

  it("[TASK-08] there is no default", () => {
    expect(details(result({}).events, "TaskScheduled")[0]).not.toHaveProperty("timeoutSeconds");
  });

  it.each([0, -1, 1.5, `"10"`, 31_536_001])("[TASK-08] [LIMIT-04] timeoutSeconds: %s is refused", (value) => {
    expect(problems(`- {${TASK}, name: t, timeoutSeconds: ${value}}`)).toEqual([
      expect.stringMatching(/error t: .*timeoutSeconds/),
    ]);
  });

  it("[TASK-09] requestResponse is the default pattern", () => {
    expect(details(result({}).events, "TaskScheduled")).toEqual([
      expect.objectContaining({ pattern: "requestResponse" }),
    ]);
  });

  it("[TASK-09] other patterns are refused", () => {
    expect(problems(`- {${TASK}, name: t, pattern: async}`)).toEqual([
      expect.stringMatching(/error t: .*requestResponse.*sync.*waitForCallback/),
    ]);
  });
});

describe("action", () => {
  const ACTION = `type: task, action: "fnf:StartExecution", pattern: requestResponse`;

  it("[TASK-10] starts the flow of serviceParams", () => {
    const { calls } = run(
      `- {${ACTION}, name: t, inputMappings: [{target: which, source: child}, {target: in, source: {x: 1}}], serviceParams: {FlowName: $.which, Input: $.in, ExecutionName: run-1}}`,
      { flows: { child: `- {type: succeed, name: s}` } },
    );
    expect(calls).toEqual([
      expect.objectContaining({ kind: "flow", target: "child", payload: { x: 1 }, executionName: "run-1" }),
    ]);
  });

  it("[TASK-10] without Input the child's input is {}", () => {
    const { calls } = run(`- {${ACTION}, name: t, serviceParams: {FlowName: child}}`, {
      input: { x: 1 },
      flows: { child: `- {type: succeed, name: s}` },
    });
    expect(calls).toEqual([expect.objectContaining({ target: "child", payload: {} })]);
  });

  it.each([
    [`- {type: task, name: t, action: "ocr:RecognizeIdentityCard", serviceParams: {Url: x}}`, /fnf:StartExecution/],
    [`- {${ACTION}, name: t, serviceParams: {Input: $}}`, /FlowName/],
    [`- {${ACTION}, name: t}`, /FlowName/],
  ])("[TASK-10] %s is refused", (text, message) => {
    expect(problems(text)).toEqual([expect.stringMatching(message)]);
  });

  it("[TASK-11] its local is the answer", () => {
    const started = run(`- {${ACTION}, name: t, serviceParams: {FlowName: child, ExecutionName: run-1}}`, {
      flows: { child: `- {type: succeed, name: s}` },
    });
    expect(started.output).toMatchObject({ FlowName: "child", Name: "run-1" });
  });
});
