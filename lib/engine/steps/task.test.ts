import { describe, expect, it } from "vitest";
import { flowOf } from "../testing/flow.ts";
import { play, TaskError } from "../testing/play.ts";
import { details, trace } from "../testing/trace.ts";

const ARN = "acs:fc:::services/s/functions/f";
const task = (more: string, name = "t") =>
  `{type: task, name: ${name}, resourceArn: "${ARN}"${more === "" ? "" : `, ${more}`}}`;
const one = (more = "") => flowOf(`steps: [${task(more)}]`);

describe("task", () => {
  it("writes the events of a call that succeeded", () => {
    const { history, output } = play(one("timeoutSeconds: 5"), { input: { a: 1 }, functions: { f: () => ({ b: 2 }) } });
    expect(output).toEqual({ b: 2 });
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered t",
      "TaskScheduled t",
      "TaskStarted t",
      "TaskSucceeded t",
      "StepExited t",
      "ExecutionSucceeded",
    ]);
    expect(history.map((event) => event.ScheduleEventId)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(history.slice(1, 6).map((event) => event.EventDetail)).toEqual([
      { input: { a: 1 }, local: {} },
      { input: { a: 1 }, resourceArn: ARN, pattern: "requestResponse", timeoutSeconds: 5 },
      {},
      { output: { b: 2 } },
      { input: { a: 1 }, resourceArn: ARN, output: { b: 2 }, local: { b: 2 } },
    ]);
  });

  it("asks for the call with all that its attempt needs", () => {
    const { steps } = play(one("timeoutSeconds: 5, heartbeatSeconds: 2, onLost: fail, pattern: waitForCallback"), {
      input: { a: 1 },
      functions: { f: () => ({}) },
      verdicts: () => ({ kind: "succeeded", output: {} }),
    });
    expect(steps[0]?.after.effect).toEqual({
      kind: "submit",
      step: "t",
      call: {
        kind: "function",
        resource: { kind: "fc", service: "s", function: "f", region: "", account: "" },
        invocationType: "Sync",
        payload: { a: 1 },
      },
      pattern: "waitForCallback",
      retryCount: 0,
      timeoutSeconds: 5,
      heartbeatSeconds: 2,
      onLost: "fail",
    });
  });

  it("leaves out of its effect and events what the definition leaves out", () => {
    const { steps, history } = play(one(), { functions: { f: () => ({}) } });
    expect(Object.keys(steps[0]?.after.effect ?? {})).toEqual([
      "kind",
      "step",
      "call",
      "pattern",
      "retryCount",
      "onLost",
    ]);
    expect(steps[0]?.after.effect).toMatchObject({ kind: "invoke", onLost: "retry" });
    expect(details(history, "TaskScheduled")).toStrictEqual([
      { input: {}, resourceArn: ARN, pattern: "requestResponse" },
    ]);
  });

  it("without a result succeeds with an empty local", () => {
    const { history, output } = play(one(), { functions: { f: () => undefined } });
    expect(output).toEqual({});
    expect(details(history, "TaskSucceeded")).toStrictEqual([{}]);
  });

  it("maps input and output around the call", () => {
    const flow = flowOf(`
steps:
  - type: task
    name: t
    resourceArn: ${ARN}
    inputMappings: [{target: a, source: $input.x}]
    outputMappings: [{target: y, source: $local.b}, {target: a, source: $input.a}]
`);
    const { output } = play(flow, { input: { x: 1, z: 2 }, functions: { f: (payload) => ({ b: payload }) } });
    expect(output).toEqual({ y: { a: 1 }, a: 1 });
  });

  it("that fails and is not caught fails the execution", () => {
    const f = () => {
      throw new TaskError("Broken", "why");
    };
    const { history, status, error, cause } = play(one(), { functions: { f } });
    expect({ status, error, cause }).toEqual({ status: "Failed", error: "Broken", cause: "why" });
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered t",
      "TaskScheduled t",
      "TaskStarted t",
      "TaskFailed t",
      "StepFailed t",
      "ExecutionFailed",
    ]);
    expect(details(history, "TaskFailed")).toEqual([{ error: "Broken", cause: "why" }]);
  });

  it("that timed out says so", () => {
    const f = () => {
      throw new TaskError("FnF.TaskTimeout", "5 s");
    };
    const { history, error } = play(one(), { functions: { f } });
    expect(error).toBe("FnF.TaskTimeout");
    expect(details(history, "TaskTimedOut")).toEqual([{ error: "FnF.TaskTimeout", cause: "5 s" }]);
    expect(trace(history)).not.toContain("TaskFailed t");
  });

  it("with serviceParams that cannot be evaluated fails before it calls anything", () => {
    const { history, error, cause, steps } = play(one("serviceParams: {InvocationType: $.type}"));
    expect({ error, cause }).toEqual({
      error: "FnF.InvalidInput",
      cause: "serviceParams.InvocationType: $.type is missing in the step's input. Map it in inputMappings.",
    });
    expect(steps).toHaveLength(1);
    expect(trace(history).slice(1)).toEqual([
      "StepEntered t",
      "TaskScheduled t",
      "TaskFailed t",
      "StepFailed t",
      "ExecutionFailed",
    ]);
    expect(details(history, "TaskFailed")).toEqual([{ error, cause }]);
  });
});

describe("InvocationType", () => {
  it("Async with requestResponse goes on at once with an empty local, whatever the function does", () => {
    const { output, steps, history } = play(one("serviceParams: {InvocationType: Async}"), {
      functions: { f: () => ({ b: 2 }) },
    });
    expect(output).toEqual({});
    expect(steps[0]?.after.effect).toMatchObject({ kind: "invoke", call: { invocationType: "Async" } });
    expect(details(history, "StepExited")).toMatchObject([{ output: {} }]);
  });

  it("Async with requestResponse ignores what the submission answers", () => {
    const flow = flowOf(
      `steps: [${task("serviceParams: {InvocationType: Async}, outputMappings: [{target: l, source: $local}]")}]`,
    );
    const first = play(flow, { functions: { f: () => 1 } });
    expect(first.output).toEqual({ l: {} });
  });

  it("Async with sync submits and waits for the function's end", () => {
    const { output, steps, history } = play(one("pattern: sync, serviceParams: {InvocationType: Async}"), {
      functions: { f: () => ({ b: 2 }) },
    });
    expect(output).toEqual({ b: 2 });
    expect(steps.map(({ after }) => after.effect.kind)).toEqual(["submit", "awaitVerdict", "succeeded"]);
    expect(trace(history).slice(3, 6)).toEqual(["TaskStarted t", "TaskSubmitted t", "TaskSucceeded t"]);
  });

  it("Async with sync fails with the function's error", () => {
    const f = () => {
      throw new TaskError("Broken", "why");
    };
    const { error, history } = play(one("pattern: sync, serviceParams: {InvocationType: Async}"), { functions: { f } });
    expect(error).toBe("Broken");
    expect(trace(history).slice(4, 6)).toEqual(["TaskSubmitted t", "TaskFailed t"]);
  });

  it.each(["pattern: sync", "pattern: sync, serviceParams: {InvocationType: Sync}"])(
    "%s is as requestResponse",
    (more) => {
      const { output, steps } = play(one(more), { functions: { f: () => ({ b: 2 }) } });
      expect(output).toEqual({ b: 2 });
      expect(steps[0]?.after.effect).toMatchObject({ kind: "invoke", call: { invocationType: "Sync" } });
    },
  );
});

describe("$context.task.token", () => {
  const mapped = `
    inputMappings: [{target: token, source: $context.task.token}]
    outputMappings: [{target: sent, source: $input.token}, {target: own, source: $context.task.token}]`;

  it.each(["requestResponse", "waitForCallback"])("is in the input of a %s task, and later no other", (pattern) => {
    const flow = flowOf(`
steps:
  - type: task
    name: t
    resourceArn: ${ARN}
    pattern: ${pattern}${mapped}
`);
    const seen: unknown[] = [];
    const f = (payload: unknown) => {
      seen.push(payload);
      return {};
    };
    const played = play(flow, { functions: { f }, verdicts: () => ({ kind: "succeeded", output: {} }) });
    expect(seen).toEqual([{ token: "token::0" }]);
    expect(played.output).toEqual({ sent: "token::0" });
    expect(played.warnings).toEqual(['t: outputMappings: $context.task.token is missing, so "own" is left out.']);
    expect(details(played.history, "StepExited")).toMatchObject([{ input: { token: "token::0" } }]);
  });

  it.each(["$context.task", "$context", '$context["task"].token', "$context[*]"])("is also there in %s", (source) => {
    const flow = flowOf(`
steps:
  - {type: task, name: t, resourceArn: "${ARN}", inputMappings: [{target: c, source: '${source}'}]}
`);
    const { history } = play(flow, { functions: { f: (payload) => ({ payload }) } });
    expect(JSON.stringify(details(history, "TaskSucceeded"))).toContain("token::0");
  });

  it("is another one for each attempt, with all else the same", () => {
    const flow = flowOf(`
steps:
  - type: task
    name: t
    resourceArn: ${ARN}
    inputMappings: [{target: token, source: $context.task.token}, {target: a, source: $input.a}, {target: m, source: $input.m}]
    retry: [{errors: [FnF.ALL], intervalSeconds: 1}]
`);
    const payloads: unknown[] = [];
    const f = (payload: unknown) => {
      payloads.push(payload);
      if (payloads.length < 3) throw new TaskError("Broken");
      return {};
    };
    const { warnings } = play(flow, { input: { a: 1 }, functions: { f } });
    expect(payloads).toEqual(["token::0", "token::2", "token::4"].map((token) => ({ token, a: 1 })));
    expect(warnings).toEqual(['t: inputMappings: $input.m is missing, so "m" is left out.']);
  });

  it.each(["$context.step.name", "$context.flow", "$input", "$input.task", "$local.task", "$"])(
    "is not asked for %s",
    (source) => {
      const { steps } = play(one(`inputMappings: [{target: n, source: "${source}"}]`), {
        functions: { f: () => ({}) },
      });
      expect(steps[0]?.after.state.waiting).toStrictEqual({ kind: "call", attempts: { retryCount: 0, used: [] } });
    },
  );

  it("is nowhere but in a task's input", () => {
    const flow = flowOf("steps: [{type: pass, name: p, inputMappings: [{target: t, source: $context.task.token}]}]");
    expect(play(flow).history[2]?.EventDetail).toEqual({ input: {} });
  });
});
