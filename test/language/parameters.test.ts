/** serviceParams (fdl.md §3.1.5, §12). */
import { describe, expect, it } from "vitest";
import { problems } from "./definition.ts";
import { details, trace } from "./events.ts";
import { run } from "./run.ts";
import { fails } from "./scripts.ts";

const QUEUE = `type: task, name: t, resourceArn: "acs:mns:::/queues/q/messages"`;
const TOPIC = `type: task, name: t, resourceArn: "acs:mns:::/topics/x/messages"`;

/** The message that a queue task sends. */
function sent(params: string, input = {}, task = QUEUE) {
  const { calls } = run(`- {${task}, serviceParams: {${params}}}`, {
    input,
    queues: { q: () => ({}) },
    topics: { x: () => ({}) },
  });
  const call = calls[0]?.call;
  if (call?.kind !== "queue" && call?.kind !== "topic") throw new Error("no message was sent");
  return call.message;
}

describe("serviceParams", () => {
  it.each([
    ["$", `{"a":{"b":"text"},"n":1}`],
    ["$.a", `{"b":"text"}`],
    ["$.a.b", "text"],
    ["constant", "constant"],
    ["{k: $.a}", `{"k":"$.a"}`],
  ])("[PARAM-01] MessageBody: %s", (value, body) => {
    expect(sent(`MessageBody: ${value}`, { a: { b: "text" }, n: 1 }).body).toBe(body);
  });

  it("[PARAM-01] paths go into the mapped input", () => {
    const { calls } = run(
      `- {${QUEUE}, inputMappings: [{target: m, source: $input.a}], serviceParams: {MessageBody: $}}`,
      { input: { a: 1, b: 2 }, queues: { q: () => ({}) } },
    );
    expect(calls[0]?.call).toMatchObject({ message: { body: `{"m":1}` } });
  });

  it.each(["$input.a", "$local.a", "$context.step.name", "$5"])("[PARAM-02] %s is a constant", (text) => {
    expect(sent(`MessageBody: ${text}`, { a: 1 }).body).toBe(text);
  });

  it("[PARAM-03] a missing path fails the attempt before anything is called", () => {
    const { output, calls, events } = run(
      `[{${QUEUE}, serviceParams: {MessageBody: $.missing}, retry: [{errors: [FnF.InvalidInput], maxAttempts: 1}], catch: [{errors: [FnF.InvalidInput], goto: z}], errorMappings: [{target: e, source: $local}]}, {type: succeed, name: z}]`,
      { queues: { q: () => ({}) } },
    );
    expect(calls).toEqual([]);
    expect(output).toMatchObject({ e: { error: "FnF.InvalidInput", cause: expect.stringContaining("$.missing") } });
    expect(trace(events, "TaskFailed")).toEqual(["t", "t"]);
  });

  it.each([
    [`{a: [1, "ü"]}`, `{"a":[1,"ü"]}`],
    [`[1, 2]`, `[1,2]`],
    [`5`, `5`],
    [`true`, `true`],
    [`"text"`, `text`],
    [`""`, ``],
  ])("[PARAM-04] MessageBody: %s is sent as %s", (value, body) => {
    expect(sent(`MessageBody: ${value}`).body).toBe(body);
  });

  it("[PARAM-05] a queue takes MessageBody, DelaySeconds and Priority", () => {
    expect(sent(`MessageBody: b, DelaySeconds: 30, Priority: 5`)).toEqual({ body: "b", delaySeconds: 30, priority: 5 });
    expect(sent(`MessageBody: b, DelaySeconds: $.d, Priority: $.p`, { d: 0, p: 16 })).toEqual({
      body: "b",
      delaySeconds: 0,
      priority: 16,
    });
  });

  it.each([`DelaySeconds: -1`, `DelaySeconds: 604801`, `Priority: 0`, `Priority: 17`, `DelaySeconds: soon`])(
    "[PARAM-05] %s is refused",
    (param) => {
      expect(problems(`- {${QUEUE}, serviceParams: {MessageBody: b, ${param}}}`)).toEqual([
        expect.stringMatching(new RegExp(`error t: .*${param.split(":")[0]}`)),
      ]);
    },
  );

  it.each([`DelaySeconds: 604800`, `DelaySeconds: 0`, `Priority: 1`, `Priority: 16`])(
    "[PARAM-05] %s is accepted",
    (param) => {
      expect(problems(`- {${QUEUE}, serviceParams: {MessageBody: b, ${param}}}`)).toEqual([]);
    },
  );

  it.each([
    ["DelaySeconds", -1],
    ["DelaySeconds", 604_801],
    ["Priority", 17],
    ["Priority", "high"],
  ])("[PARAM-05] %s of %j from data fails the attempt with FnF.InvalidInput", (param, value) => {
    const outcome = run(`- {${QUEUE}, serviceParams: {MessageBody: b, ${param}: $.v}}`, {
      input: { v: value },
      queues: { q: () => ({}) },
    });
    expect(outcome).toMatchObject({ status: "Failed", error: "FnF.InvalidInput", calls: [] });
  });

  it("[PARAM-06] a topic takes MessageBody, MessageTag and MessageAttributes", () => {
    expect(sent(`MessageBody: b, MessageTag: $.tag, MessageAttributes: {a: one}`, { tag: "urgent" }, TOPIC)).toEqual({
      body: "b",
      tag: "urgent",
      attributes: { a: "one" },
    });
  });

  it("[PARAM-07] local is the receipt", () => {
    const receipt = { MessageId: "m", MessageBodyMD5: "5", RequestId: "r" };
    const { output } = run(
      `- {${TOPIC}, serviceParams: {MessageBody: b}, outputMappings: [{target: l, source: $local}]}`,
      {
        topics: { x: () => receipt },
      },
    );
    expect(output).toEqual({ l: receipt });
  });

  it("[PARAM-08] errors are named MNS. and the code", () => {
    const { output } = run(
      `[{${QUEUE}, serviceParams: {MessageBody: b}, catch: [{errors: [MNS.QueueNotExist], goto: z}], errorMappings: [{target: e, source: $local.error}]}, {type: succeed, name: z}]`,
      { queues: { q: fails("MNS.QueueNotExist") } },
    );
    expect(output).toEqual({ e: "MNS.QueueNotExist" });
  });

  it("[PARAM-09] a function takes InvocationType", () => {
    const FUNCTION = `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"`;
    for (const type of ["Sync", "Async"]) {
      const { calls } = run(`- {${FUNCTION}, serviceParams: {InvocationType: ${type}}}`, {
        functions: { "s/f": () => ({}) },
      });
      expect(calls).toEqual([expect.objectContaining({ invocationType: type })]);
    }
    expect(problems(`- {${FUNCTION}, serviceParams: {InvocationType: Later}}`)).toEqual([
      expect.stringMatching(/error t: .*Sync.*Async/),
    ]);
    expect(
      problems(`- {${FUNCTION}, serviceParams: {InvocationType: Async, StatefulAsyncInvocationID: $.id}}`),
    ).toEqual([]);
  });

  it.each([QUEUE, TOPIC])("[PARAM-11] {%s} needs a MessageBody", (task) => {
    expect(problems(`- {${task}}`)).toEqual([expect.stringMatching(/^4:5 error t: .*"MessageBody"/)]);
    expect(problems(`- {${task}, serviceParams: {}}`)).toEqual([expect.stringMatching(/error t: .*"MessageBody"/)]);
  });

  it("[PARAM-12] Input and MessageAttributes may be JSON text", () => {
    expect(sent(`MessageBody: b, MessageAttributes: '{"a": "1", "b": 2}'`).attributes).toEqual({ a: "1", b: "2" });
    const { calls } = run(
      `- {type: task, name: t, resourceArn: "acs:fnf:::flow/child", serviceParams: {Input: $.text}}`,
      {
        input: { text: `{"k": [1]}` },
        flows: { child: `- {type: succeed, name: s}` },
      },
    );
    expect(calls[0]?.payload).toEqual({ k: [1] });
  });

  it.each([[[1]], ["text"], [5], [null]])("[PARAM-12] %j is no object", (value) => {
    const world = { input: { v: value }, flows: { child: `- {type: succeed, name: s}` } };
    for (const step of [
      `{type: task, name: t, resourceArn: "acs:fnf:::flow/child", serviceParams: {Input: $.v}}`,
      `{${QUEUE}, serviceParams: {MessageBody: b, MessageAttributes: $.v}}`,
    ]) {
      expect(run(`- ${step}`, world)).toMatchObject({ status: "Failed", error: "FnF.InvalidInput", calls: [] });
    }
  });

  it("[PARAM-10] a flow takes Input and ExecutionName", () => {
    const { calls } = run(
      `- {type: task, name: t, resourceArn: "acs:fnf:::flow/child", serviceParams: {Input: {k: 1}, ExecutionName: run-1}}`,
      { flows: { child: `- {type: succeed, name: s}` } },
    );
    expect(calls).toEqual([expect.objectContaining({ kind: "flow", payload: { k: 1 }, executionName: "run-1" })]);
  });

  it("[MORE-05] queues and topics take the parameters of SQS and SNS", () => {
    expect(
      sent(`MessageBody: b, MessageAttributes: $.attributes, MessageGroupId: g, MessageDeduplicationId: $.id`, {
        attributes: { a: "1" },
        id: "d",
      }),
    ).toEqual({
      body: "b",
      attributes: { a: "1" },
      groupId: "g",
      deduplicationId: "d",
    });
    expect(sent(`MessageBody: b, Subject: s, MessageGroupId: g, MessageDeduplicationId: d`, {}, TOPIC)).toEqual({
      body: "b",
      subject: "s",
      groupId: "g",
      deduplicationId: "d",
    });
  });

  it("[PARAM-03] the cause names what is missing, in history too", () => {
    const { events } = run(`- {${QUEUE}, serviceParams: {MessageBody: $.a.b}}`, { queues: { q: () => ({}) } });
    expect(details(events, "TaskFailed")).toEqual([
      { error: "FnF.InvalidInput", cause: expect.stringContaining("$.a.b") },
    ]);
  });
});
