import { describe, expect, it } from "vitest";
import type { TaskStep } from "../fdl/definition.ts";
import type { JsonObject } from "../fdl/json.ts";
import { callOf, isAsync } from "./calls.ts";
import { flowOf } from "./testing/flow.ts";

function task(text: string): TaskStep {
  const step = flowOf(`steps: [{type: task, name: t, ${text}}]`).steps[0];
  if (step?.type !== "task") throw new Error("no task");
  return step;
}

const FUNCTION = 'resourceArn: "acs:fc:::services/s.v/functions/f"';
const LAMBDA = 'resourceArn: "arn:aws:lambda:us-east-1:123456789012:function:g"';
const QUEUE = 'resourceArn: "acs:mns:r:1:/queues/q/messages"';
const TOPIC = 'resourceArn: "acs:mns:::/topics/p/messages"';
const FLOW = 'resourceArn: "acs:fnf:::flow/child"';
const ACTION = 'action: "fnf:StartExecution"';

const call = (text: string, input: JsonObject = {}) => callOf(task(text), input);
const params = (text: string) => `, serviceParams: {${text}}`;

describe("callOf", () => {
  it("calls a function with the step's input", () => {
    expect(call(FUNCTION, { a: 1 })).toStrictEqual({
      kind: "function",
      resource: { kind: "fc", service: "s", qualifier: "v", function: "f", region: "", account: "" },
      invocationType: "Sync",
      payload: { a: 1 },
    });
    expect(call(LAMBDA)).toMatchObject({
      resource: { kind: "function", function: "g" },
    });
  });

  it.each(["Sync", "Async"])("InvocationType %s may come from the input", (type) => {
    expect(call(FUNCTION + params("InvocationType: $.t"), { t: type })).toMatchObject({ invocationType: type });
  });

  it("sends a queue all that it takes", () => {
    const all =
      "MessageBody: b, DelaySeconds: 3, Priority: 4, MessageAttributes: {n: 1, s: x}, MessageGroupId: g, MessageDeduplicationId: d";
    expect(call(QUEUE + params(all))).toStrictEqual({
      kind: "queue",
      queue: "q",
      region: "r",
      account: "1",
      message: {
        body: "b",
        delaySeconds: 3,
        priority: 4,
        attributes: { n: "1", s: "x" },
        groupId: "g",
        deduplicationId: "d",
      },
    });
  });

  it.each([1, 16])("takes a Priority of %d", (p) => {
    expect(call(QUEUE + params("MessageBody: b, Priority: $.p"), { p })).toMatchObject({ message: { priority: p } });
  });

  it("sends a topic all that it takes", () => {
    expect(
      call(TOPIC + params("MessageBody: b, MessageTag: t, Subject: s, MessageAttributes: $.a"), { a: '{"k":{"x":1}}' }),
    ).toStrictEqual({
      kind: "topic",
      topic: "p",
      region: "",
      account: "",
      message: { body: "b", tag: "t", subject: "s", attributes: { k: '{"x":1}' } },
    });
  });

  it.each<[string, JsonObject, string]>([
    ["MessageBody: $", { a: 1 }, '{"a":1}'],
    ["MessageBody: $.m", { m: "text" }, "text"],
    ["MessageBody: $.m", { m: [1] }, "[1]"],
    ["MessageBody: $.m", { m: 5 }, "5"],
    ["MessageBody: $.m", { m: null }, "null"],
    ["MessageBody: $.m", { m: "" }, ""],
  ])("%s of %j is the text %s", (text, input, body) => {
    expect(call(QUEUE + params(text), input)).toMatchObject({ message: { body } });
  });

  it("takes numeric strings for numbers, and null for a text that is not given", () => {
    expect(
      call(QUEUE + params("MessageBody: b, DelaySeconds: $.d, MessageGroupId: $.g"), { d: "10", g: null }),
    ).toMatchObject({
      message: { body: "b", delaySeconds: 10 },
    });
    expect(call(QUEUE + params("MessageBody: b, MessageGroupId: $.g"), { g: null })).not.toHaveProperty(
      "message.groupId",
    );
  });

  it.each<[string, string, JsonObject, JsonObject]>([
    ["the mapped input without serviceParams", FLOW, { a: 1 }, { flow: "child", input: { a: 1 } }],
    ["the mapped input by $", FLOW + params("Input: $"), { a: 1 }, { flow: "child", input: { a: 1 } }],
    [
      "the mapped input beside a name",
      FLOW + params("ExecutionName: $.n"),
      { n: "run" },
      { flow: "child", executionName: "run", input: { n: "run" } },
    ],
    ["a part of the input", FLOW + params("Input: $.i"), { i: { b: 2 } }, { flow: "child", input: { b: 2 } }],
    ["an object as JSON text", FLOW + params("Input: $.i"), { i: '{"b":2}' }, { flow: "child", input: { b: 2 } }],
    [
      "a name that is a number",
      FLOW + params("ExecutionName: $.n"),
      { n: 7 },
      { flow: "child", executionName: "7", input: { n: 7 } },
    ],
    ["no input of an action", ACTION + params("FlowName: other"), { a: 1 }, { flow: "other", input: {} }],
    [
      "the given input of an action",
      ACTION + params("FlowName: $.f, Input: $"),
      { f: "g" },
      { flow: "g", input: { f: "g" } },
    ],
  ])("starts a flow with %s", (_, text, input, expected) => {
    expect(call(text, input)).toStrictEqual({ kind: "flow", action: text.startsWith(ACTION), ...expected });
  });

  it.each<[string, JsonObject, string]>([
    [
      FUNCTION + params("InvocationType: $.x"),
      {},
      "serviceParams.InvocationType: $.x is missing in the step's input. Map it in inputMappings.",
    ],
    [FUNCTION + params("InvocationType: $.x"), { x: "async" }, "serviceParams.InvocationType must be Sync or Async."],
    [
      QUEUE + params("MessageBody: b, DelaySeconds: $.d"),
      { d: "soon" },
      "serviceParams.DelaySeconds must be a number from 0 to 604800.",
    ],
    [
      QUEUE + params("MessageBody: b, Priority: $.p"),
      { p: 17 },
      "serviceParams.Priority must be a number from 1 to 16.",
    ],
    [
      QUEUE + params("MessageBody: b, Priority: $.p"),
      { p: 0 },
      "serviceParams.Priority must be a number from 1 to 16.",
    ],
    [
      QUEUE + params("MessageBody: b, DelaySeconds: $.d"),
      { d: -1 },
      "serviceParams.DelaySeconds must be a number from 0 to 604800.",
    ],
    [
      TOPIC + params("MessageBody: b, MessageAttributes: $.a"),
      { a: [] },
      "serviceParams.MessageAttributes must be an object, or the JSON text of one.",
    ],
    [FLOW + params("Input: $.i"), { i: "[1]" }, "serviceParams.Input must be an object, or the JSON text of one."],
    [FLOW + params("Input: $.i"), { i: "{broken" }, "serviceParams.Input must be an object, or the JSON text of one."],
    [FLOW + params("Input: $.i"), { i: null }, "serviceParams.Input must be an object, or the JSON text of one."],
    [ACTION + params("FlowName: $.f"), { f: null }, "serviceParams.FlowName is missing: it names the flow to start."],
  ])("%s with %j is refused", (text, input, message) => {
    expect(() => call(text, input)).toThrow(
      expect.objectContaining({ code: "FnF.InvalidInput", name: "InvalidInput", message }),
    );
  });
});

describe("isAsync", () => {
  it.each<[string, JsonObject, boolean]>([
    [FUNCTION, {}, false],
    [FUNCTION + params("InvocationType: Sync"), {}, false],
    [FUNCTION + params("InvocationType: $.t"), { t: "Async" }, true],
    [LAMBDA + params("InvocationType: Async"), {}, true],
    [FLOW, {}, false],
  ])("%s with %j: %s", (text, input, expected) => {
    expect(isAsync(task(text), input)).toBe(expected);
  });
});
