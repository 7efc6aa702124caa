import { describe, expect, it } from "vitest";
import type { Json } from "../../fdl/json.ts";
import { flowOf } from "../testing/flow.ts";
import { play, TaskError, type World } from "../testing/play.ts";
import { details, trace } from "../testing/trace.ts";

const ARN = "acs:fc:::services/s/functions/f";
const one = (more = "") =>
  flowOf(`steps: [{type: task, name: t, resourceArn: "${ARN}"${more === "" ? "" : `, ${more}`}}]`);
const callback = (more = "") => one(`pattern: waitForCallback${more === "" ? "" : `, ${more}`}`);
const accepted: World = { functions: { f: () => ({ id: 7 }) } };

describe("a result", () => {
  it.each<[Json, Json]>([
    [{ a: 1 }, { a: 1 }],
    ['{"a":1}', { a: 1 }],
    [null, {}],
    ["", {}],
    ["null", {}],
    [" null ", {}],
  ])("%j is the local %j", (result, local) => {
    expect(play(one(), { functions: { f: () => result } }).output).toEqual(local);
    expect(play(callback(), { ...accepted, verdicts: () => ({ kind: "succeeded", output: result }) }).output).toEqual(
      local,
    );
  });

  it.each<[Json, Json]>([
    [
      [1, 2],
      [1, 2],
    ],
    ["[1]", [1]],
    [[1], [1]],
    [5, 5],
    [false, false],
    ["5", 5],
    ["plain text", "plain text"],
    ["{broken", "{broken"],
  ])("%j is no local without outputMappings, and with them it is %j", (result, local) => {
    const { error, cause, history } = play(one(), { functions: { f: () => result } });
    expect({ error, cause }).toEqual({
      error: "FnF.InvalidLocal",
      cause: 'The result of step "t" is no JSON object. Return an object, or pick from the result in outputMappings.',
    });
    expect(trace(history).slice(3)).toEqual(["TaskStarted t", "TaskFailed t", "StepFailed t", "ExecutionFailed"]);
    const flow = one("outputMappings: [{target: x, source: $local}]");
    expect(play(flow, { functions: { f: () => result } }).output).toEqual({ x: local });
  });

  it("keeps hostile keys as data", () => {
    const { output } = play(one(), { functions: { f: () => '{"__proto__":{"x":1},"constructor":2}' } });
    expect(JSON.stringify(output)).toBe('{"__proto__":{"x":1},"constructor":2}');
  });
});

describe("waitForCallback", () => {
  it("stops at TaskSubmitted until the task is reported", () => {
    const { history, steps, output } = play(callback(), {
      ...accepted,
      verdicts: () => ({ kind: "succeeded", output: { b: 2 } }),
    });
    expect(output).toEqual({ b: 2 });
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered t",
      "TaskScheduled t",
      "TaskStarted t",
      "TaskSubmitted t",
      "TaskSucceeded t",
      "StepExited t",
      "ExecutionSucceeded",
    ]);
    expect(details(history, "TaskSubmitted")).toEqual([{ output: { id: 7, taskToken: "token::0" } }]);
    expect(details(history, "TaskSucceeded")).toEqual([{ output: { b: 2 } }]);
    expect(steps.map(({ after }) => after.effect)).toMatchObject([
      { kind: "submit" },
      { kind: "awaitVerdict" },
      { kind: "succeeded" },
    ]);
    expect(steps[1]?.after.effect).toStrictEqual({ kind: "awaitVerdict" });
    expect(steps[1]?.after.state.waiting).toEqual({ kind: "verdict", attempts: { retryCount: 0, used: [] } });
  });

  it.each<[Json | undefined]>([["text"], [[1]], [undefined]])(
    "shows only the token when the call answered %j",
    (response) => {
      const { history } = play(callback(), {
        functions: { f: () => response },
        verdicts: () => ({ kind: "succeeded", output: {} }),
      });
      expect(details(history, "TaskSubmitted")).toEqual([{ output: { taskToken: "token::0" } }]);
    },
  );

  it("does not let the answer take the token's place", () => {
    const { history } = play(callback(), {
      functions: { f: () => ({ taskToken: "x" }) },
      verdicts: () => ({ kind: "succeeded", output: {} }),
    });
    expect(details(history, "TaskSubmitted")).toEqual([{ output: { taskToken: "token::0" } }]);
  });

  it("fails with the reported error", () => {
    const { error, cause, history } = play(callback(), {
      ...accepted,
      verdicts: () => ({ kind: "failed", error: "E", cause: "why" }),
    });
    expect({ error, cause }).toEqual({ error: "E", cause: "why" });
    expect(trace(history).slice(4)).toEqual(["TaskSubmitted t", "TaskFailed t", "StepFailed t", "ExecutionFailed"]);
    expect(details(history, "TaskFailed")).toEqual([{ error: "E", cause: "why" }]);
  });

  it("times out when nobody reports in time, counted from the attempt's start", () => {
    const flow = callback("timeoutSeconds: 30, heartbeatSeconds: 60");
    const { error, cause, history, steps, time } = play(flow, { ...accepted, startedAt: 1000 });
    expect({ error, cause, time }).toEqual({
      error: "FnF.TaskTimeout",
      cause: 'Step "t" was not reported in time (timeoutSeconds: 30, heartbeatSeconds: 60).',
      time: 31_000,
    });
    expect(steps[1]?.after.effect).toEqual({ kind: "awaitVerdict", due: 31_000, heartbeatSeconds: 60 });
    expect(trace(history).slice(4)).toEqual(["TaskSubmitted t", "TaskTimedOut t", "StepFailed t", "ExecutionFailed"]);
    expect(details(history, "TaskTimedOut")).toEqual([{ error, cause }]);
  });

  it("names only the limits that the step has", () => {
    expect(play(callback("heartbeatSeconds: 2"), accepted)).toMatchObject({
      cause: 'Step "t" was not reported in time (heartbeatSeconds: 2).',
      time: 2_000,
    });
  });

  it("counts its time-out from the attempt's start, not from the submission", () => {
    const flow = callback("timeoutSeconds: 30, retry: [{errors: [FnF.ALL], intervalSeconds: 5, maxAttempts: 1}]");
    const { steps } = play(flow, accepted);
    const dues = steps.flatMap(({ after: { effect } }) => (effect.kind === "awaitVerdict" ? [effect.due] : []));
    expect(dues).toEqual([30_000, 65_000]);
  });

  it("whose call fails is a failed submission", () => {
    const f = () => {
      throw new TaskError("Broken", "why");
    };
    const { error, history } = play(callback(), { functions: { f } });
    expect(error).toBe("Broken");
    expect(trace(history).slice(3)).toEqual(["TaskStarted t", "TaskSubmitFailed t", "StepFailed t", "ExecutionFailed"]);
    expect(details(history, "TaskSubmitFailed")).toEqual([{ error: "Broken", cause: "why" }]);
  });

  it("whose call times out has timed out", () => {
    const f = () => {
      throw new TaskError("FnF.TaskTimeout", "why");
    };
    expect(trace(play(callback(), { functions: { f } }).history).slice(3, 5)).toEqual([
      "TaskStarted t",
      "TaskTimedOut t",
    ]);
  });

  it("fails with FnF.InvalidLocal when the report is no object", () => {
    const { error, history } = play(callback(), { ...accepted, verdicts: () => ({ kind: "succeeded", output: [1] }) });
    expect(error).toBe("FnF.InvalidLocal");
    expect(trace(history).slice(4, 6)).toEqual(["TaskSubmitted t", "TaskFailed t"]);
  });
});

describe("a sub-flow", () => {
  const child = flowOf("steps: [{type: pass, name: p, outputMappings: [{target: seen, source: $input}]}]");
  const failing = (text: string) => flowOf(`steps: [{type: fail, name: x${text}}]`);
  const parent = (more = "") => flowOf(`steps: [{type: task, name: t, resourceArn: "acs:fnf:::flow/child"${more}}]`);

  it("with requestResponse answers with the started execution", () => {
    const { output, steps } = play(parent(", serviceParams: {ExecutionName: run1}"), { flows: { child } });
    expect(output).toEqual({ FlowName: "child", Name: "run1" });
    expect(steps[0]?.after.effect.kind).toBe("invoke");
  });

  it("with sync has the child's output as its local", () => {
    const { output, steps, history } = play(parent(", pattern: sync"), { input: { a: 1 }, flows: { child } });
    expect(output).toEqual({ seen: { a: 1 } });
    expect(steps.map(({ after }) => after.effect.kind)).toEqual(["submit", "awaitVerdict", "succeeded"]);
    expect(details(history, "TaskSubmitted")).toMatchObject([{ output: { FlowName: "child", taskToken: "token::0" } }]);
  });

  it.each([
    [", error: E, cause: why", "E", "why"],
    ["", "FnF.RuntimeError", ""],
  ])("with sync fails as the child did (fail%s)", (text, error, cause) => {
    expect(play(parent(", pattern: sync"), { flows: { child: failing(text) } })).toMatchObject({
      status: "Failed",
      error,
      cause,
    });
  });

  it("with requestResponse does not see how the child ends", () => {
    expect(play(parent(), { flows: { child: failing("") } }).status).toBe("Succeeded");
  });

  it("with waitForCallback is started and then reported", () => {
    const flow = flowOf(`
steps:
  - type: task
    name: t
    resourceArn: acs:fnf:::flow/child
    pattern: waitForCallback
    inputMappings: [{target: token, source: $context.task.token}]
    serviceParams: {Input: $}
`);
    const { output, steps } = play(flow, {
      flows: { child },
      verdicts: ({ token }) => ({ kind: "succeeded", output: { token } }),
    });
    expect(output).toEqual({ token: "token::0" });
    expect(steps[0]?.after.effect).toMatchObject({ kind: "submit", call: { input: { token: "token::0" } } });
  });

  it("that does not exist is a failed submission", () => {
    const { error, history } = play(parent(", pattern: sync"));
    expect(error).toBe("FnF.FlowNotExists");
    expect(trace(history)).toContain("TaskSubmitFailed t");
  });
});

describe("a queue or topic", () => {
  it.each([
    ["acs:mns:::/queues/q/messages", "queue"],
    ["acs:mns:::/topics/q/messages", "topic"],
  ])("%s answers with the accepted message", (arn, kind) => {
    const flow = flowOf(`steps: [{type: task, name: t, resourceArn: "${arn}", serviceParams: {MessageBody: $}}]`);
    const { output, steps } = play(flow, { input: { a: 1 } });
    expect(output).toEqual({ MessageId: "message::0", MessageBodyMD5: "7", RequestId: "request::0" });
    expect(steps[0]?.after.effect).toMatchObject({
      kind: "invoke",
      call: { kind, [kind]: "q", message: { body: '{"a":1}' } },
    });
  });

  it("with waitForCallback is submitted", () => {
    const flow = flowOf(
      'steps: [{type: task, name: t, resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, serviceParams: {MessageBody: x}}]',
    );
    const { output, steps } = play(flow, {
      verdicts: (_, response) => ({ kind: "succeeded", output: { response: response ?? null } }),
    });
    expect(steps[0]?.after.effect.kind).toBe("submit");
    expect(output).toMatchObject({ response: { MessageId: "message::0" } });
  });
});
