import { expect, it } from "vitest";
import { apiWorld } from "./testing/world.ts";

const callback = (more = "") =>
  `{version: v1, type: flow, steps: [{type: task, name: c, resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}], serviceParams: {MessageBody: $}${more}}]}`;

const flows = { plain: callback(), beating: callback(", timeoutSeconds: 600, heartbeatSeconds: 10") };

/** An execution `e1` that waits for the report of its task. */
async function waiting(flow: keyof typeof flows = "plain") {
  const world = await apiWorld({ flows });
  await world.call("StartExecution", { FlowName: flow, ExecutionName: "e1" });
  await world.now();
  const { token } = JSON.parse(world.destinations.sent[0]?.call.message.body ?? "");
  const describe = (seconds = 0) =>
    world.call("DescribeExecution", { FlowName: flow, ExecutionName: "e1", WaitTimeSeconds: seconds });
  const types = async () => {
    const { body } = await world.call("GetExecutionHistory", { FlowName: flow, ExecutionName: "e1" });
    return body.Events.map(({ EventId, Type }: { EventId: number; Type: string }) => [EventId, Type]);
  };
  return { ...world, token: String(token), describe, types };
}

it("takes a task's success and answers with the number of its event", async () => {
  const { call, token, describe, types } = await waiting();
  const { status, body } = await call("ReportTaskSucceeded", { TaskToken: token, Output: '{"ok": true}' });
  expect(status).toBe(200);
  expect(Object.keys(body).sort()).toEqual(["EventId", "RequestId"]);
  expect((await describe(60)).body).toMatchObject({ Status: "Succeeded", Output: '{"ok":true}' });
  expect(await types()).toContainEqual([body.EventId, "TaskSucceeded"]);
});

it("takes a task's failure", async () => {
  const { call, token, describe, types } = await waiting();
  const { body } = await call("ReportTaskFailed", { TaskToken: token, Error: "OutOfStock", Cause: "none left" });
  expect((await describe(60)).body).toMatchObject({ Status: "Failed", Output: "" });
  expect(await types()).toContainEqual([body.EventId, "TaskFailed"]);
});

it("takes a failure without a cause", async () => {
  const { call, token, describe } = await waiting();
  expect((await call("ReportTaskFailed", { TaskToken: token, Error: "OutOfStock" })).status).toBe(200);
  expect((await describe(60)).body.Status).toBe("Failed");
});

it("refuses a second report, the same or another", async () => {
  const { call, token } = await waiting();
  await call("ReportTaskSucceeded", { TaskToken: token, Output: "{}" });
  const again = await call("ReportTaskSucceeded", { TaskToken: token, Output: "{}" });
  const other = await call("ReportTaskFailed", { TaskToken: token, Error: "E" });
  for (const { status, body } of [again, other]) {
    expect([status, body.Code]).toEqual([400, "TaskAlreadyCompleted"]);
    expect(body.Message).toBe(`Task ${token} has already completed.`);
  }
});

it("refuses the report of a stopped execution's task", async () => {
  const { call, token } = await waiting();
  await call("StopExecution", { FlowName: "plain", ExecutionName: "e1" });
  const { body } = await call("ReportTaskSucceeded", { TaskToken: token, Output: "{}" });
  expect(body.Code).toBe("TaskAlreadyCompleted");
});

it("finds the token in the query and the output in the body, as clients send them", async () => {
  const { send, token, describe } = await waiting();
  const { status } = await send({
    method: "POST",
    target: `/?Version=2019-03-15&Action=ReportTaskSucceeded&TaskToken=${encodeURIComponent(token)}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Output=%7B%22a%22%3A+1%7D",
  });
  expect(status).toBe(200);
  expect((await describe(60)).body.Output).toBe('{"a":1}');
});

it("keeps a task alive that beats", async () => {
  const { call, token, clock, describe } = await waiting("beating");
  for (let beat = 0; beat < 5; beat++) {
    await clock.pass(8_000);
    const { status, body } = await call("ReportTaskHeartbeat", { TaskToken: token });
    expect([status, Object.keys(body)]).toEqual([200, ["RequestId"]]);
  }
  expect((await describe()).body.Status).toBe("Running");
  await clock.pass(11_000);
  expect((await describe()).body.Status).toBe("Failed");
  expect((await call("ReportTaskHeartbeat", { TaskToken: token })).body.Code).toBe("TaskAlreadyCompleted");
});

it("refuses the heartbeat of a task that needs none", async () => {
  const { call, token } = await waiting();
  expect((await call("ReportTaskHeartbeat", { TaskToken: token })).body).toMatchObject({ Code: "InvalidArgument" });
});

it.each([
  ["a token of another system", "tok+/=~ *"],
  ["an empty token", ""],
  ["a token that is too long", "v1.".padEnd(5_000, "x")],
  ["a token of the prototype", "__proto__"],
  ["no more than a dot", "."],
])("refuses %s", async (_what, TaskToken) => {
  const { call, faults } = await waiting();
  for (const [action, more] of [
    ["ReportTaskSucceeded", { Output: "{}" }],
    ["ReportTaskFailed", { Error: "E" }],
    ["ReportTaskHeartbeat", {}],
  ] as const) {
    const { status, body } = await call(action, { TaskToken, ...more });
    expect([status, body.Code]).toEqual([400, "InvalidArgument"]);
  }
  expect(faults).toEqual([]);
});

it("refuses a token that was changed anywhere", async () => {
  const { call, token } = await waiting();
  for (let at = 0; at < token.length; at++) {
    const changed = `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
    const { status } = await call("ReportTaskSucceeded", { TaskToken: changed, Output: "{}" });
    // The last character of a signature has bits that say nothing.
    if (at < token.length - 1) expect([at, status]).toEqual([at, 400]);
  }
});

it.each([
  ["ReportTaskSucceeded", { Output: "{}" }, "MissingRequiredParams"],
  ["ReportTaskSucceeded", { TaskToken: "t" }, "MissingRequiredParams"],
  ["ReportTaskSucceeded", { TaskToken: "t", Output: "" }, "InvalidArgument"],
  ["ReportTaskSucceeded", { TaskToken: "t", Output: "{'a':1}" }, "InvalidArgument"],
  ["ReportTaskFailed", { TaskToken: "t" }, "MissingRequiredParams"],
  ["ReportTaskFailed", { TaskToken: "t", Error: "" }, "InvalidArgument"],
  ["ReportTaskFailed", { TaskToken: "t", Error: "x".repeat(129) }, "InvalidArgument"],
  ["ReportTaskFailed", { TaskToken: "t", Error: "E", Cause: "x".repeat(4_097) }, "InvalidArgument"],
  ["ReportTaskHeartbeat", {}, "MissingRequiredParams"],
])("%s refuses %j", async (action, params, code) => {
  const { call } = await waiting();
  const answer = await call(action, params);
  expect([answer.status, answer.body.Code]).toEqual([400, code]);
});
