import { expect, test } from "vitest";
import type { Json } from "../../fdl/json.ts";
import type { Behaviour } from "../behaviours.ts";
import { UNSPECIFIED } from "./ends.ts";
import { end, ends, failed, succeeded } from "./testing/flow.ts";

const ARN = "acs:fc:::services/sim/functions/";
const KEPT = "outputMappings: [{target: r, source: $local}]";
const TOKEN = "{target: token, source: $context.task.token}";
const task = (name: string, rest = "") => `[{type: task, name: t, resourceArn: "${ARN}${name}", ${rest}}]`;
const ask = (how: string, rest = "") =>
  task("ask", `pattern: waitForCallback, inputMappings: [{target: how, source: ${how}}, ${TOKEN}], ${rest}`);
const message = (to: string, rest: string) =>
  `[{type: task, name: t, resourceArn: "acs:mns:::/${to}/messages", ${rest}}]`;
const flow = (name: string, rest = "") => `[{type: task, name: t, resourceArn: "acs:fnf:::flow/${name}", ${rest}}]`;

const gives = (value: Json | undefined): (() => Behaviour) => {
  return () => ({ takesMs: 1, refusals: 0, outcome: () => ({ kind: "returns", value }), reports: () => [] });
};

test("[TASK-02] [TASK-03] a function is called with the step's input, and its result is the local", () => {
  expect(end(task("inc"), { input: { n: 1 } })).toEqual(succeeded({ n: 2 }));
  expect(end(task("inc", "inputMappings: [{target: n, source: 7}]"), { input: { n: 1 } })).toEqual(succeeded({ n: 8 }));
});

test.each<[Json | undefined, Json]>([
  ['{"a": 1}', { a: 1 }],
  [undefined, {}],
  [null, {}],
  ["", {}],
  ["null", {}],
  [{ a: "{}" }, { a: "{}" }],
])("[TASK-04] [TASK-05] the result %j is the local %j", (value, local) => {
  expect(end(task("f"), { functions: gives(value) })).toEqual({ status: "Succeeded", output: local });
});

test.each<[Json, Json]>([
  [[1], [1]],
  [5, 5],
  ["5", 5],
  [false, false],
  ["plain", "plain"],
])("[TASK-06] [TASK-07] the result %j is the local only where outputMappings pick from it", (value, local) => {
  expect(end(task("f"), { functions: gives(value) })).toEqual(failed("FnF.InvalidLocal"));
  expect(end(task("f", KEPT), { functions: gives(value) })).toEqual(succeeded({ r: local }));
});

test("[TASK-08] an attempt that takes longer than its time fails", () => {
  expect(end(task("slow", "timeoutSeconds: 30"))).toEqual(failed("FnF.TaskTimeout"));
  expect(end(task("slow", "timeoutSeconds: 300"))).toEqual(succeeded({ slow: true }));
  expect(end(task("hang", "timeoutSeconds: 300"))).toEqual(failed("FnF.TaskTimeout"));
});

test("close to its time an attempt may end in either way, the usual one first", () => {
  expect(ends(task("slow", "timeoutSeconds: 75"))).toEqual([succeeded({ slow: true }), failed("FnF.TaskTimeout")]);
});

test("a function that is not there is an error", () => {
  expect(end(task("nobody"))).toEqual(failed("FC.FunctionNotFound"));
});

test("[PAT-02] [PAT-03] [PAT-04] what is handed over is waited for with sync only", () => {
  const async = "serviceParams: {InvocationType: Async}";
  expect(end(task("broken", async))).toEqual(succeeded({}));
  expect(end(task("inc", `pattern: sync, ${async}`))).toEqual(succeeded({ n: 1 }));
  expect(end(task("broken", `pattern: sync, ${async}`))).toMatchObject(failed("Broken"));
  expect(end(task("broken", "pattern: sync"))).toMatchObject(failed("Broken"));
});

test("[CB-01] to [CB-09] who waits for a callback gets the first report, when the call has returned", () => {
  expect(end(ask("yes"))).toEqual(succeeded({ answer: 1 }));
  expect(end(ask("no"))).toEqual(failed("Refused", "not today"));
  expect(end(ask("early"))).toEqual(succeeded({ answer: 1 }));
  expect(end(ask("twice"))).toEqual(succeeded({ answer: 1 }));
  expect(end(ask("crossed"))).toMatchObject(failed("Crossed"));
  expect(end(ask("never", "timeoutSeconds: 60"))).toEqual(failed("FnF.TaskTimeout"));
  expect(end(ask("late", "timeoutSeconds: 600"))).toEqual(failed("FnF.TaskTimeout"));
  expect(end(ask("late"))).toEqual(succeeded({ answer: 1 }));
});

test("a report may be late where reports may be late, a call that was cut off has nothing to say any more", () => {
  expect(ends(ask("late", "timeoutSeconds: 600"), { late: true })).toEqual([
    failed("FnF.TaskTimeout"),
    succeeded({ answer: 1 }),
  ]);
  expect(ends(task("slow", "timeoutSeconds: 30"), { late: true })).toEqual([failed("FnF.TaskTimeout")]);
});

test("[MORE-08] a task that is not reported alive in time has failed", () => {
  expect(end(ask("beat", "heartbeatSeconds: 100"))).toEqual(succeeded({ answer: 1 }));
  expect(end(ask("beat", "heartbeatSeconds: 20"))).toEqual(failed("FnF.TaskTimeout"));
  expect(end(ask("beat", "heartbeatSeconds: 100, timeoutSeconds: 150"))).toEqual(failed("FnF.TaskTimeout"));
});

test("nobody reports to a token that was not handed over", () => {
  expect(end(task("ask", "pattern: waitForCallback, timeoutSeconds: 60"), { input: { how: "yes" } })).toEqual(
    failed("FnF.TaskTimeout"),
  );
});

test("[CTX-05] each attempt has a token of its own", () => {
  const text = ask("no", "retry: [{errors: [Refused], maxAttempts: 1}]");
  expect(end(text)).toEqual(failed("Refused", "not today"));
});

test("[PARAM-01] to [PARAM-05] parameters come from the step's input and are checked before the call", () => {
  const queue = (params: string) =>
    end(message("queues/desk", `serviceParams: {${params}}, ${KEPT}`), { input: { a: 1 } });
  const receipt = { MessageId: UNSPECIFIED, MessageBodyMD5: UNSPECIFIED, RequestId: UNSPECIFIED };
  expect(queue("MessageBody: $.a")).toEqual(succeeded({ r: receipt }));
  expect(queue("MessageBody: $.b")).toEqual(failed("FnF.InvalidInput"));
  expect(queue("MessageBody: x, DelaySeconds: $.a, Priority: $.a")).toEqual(succeeded({ r: receipt }));
  expect(queue("MessageBody: x, Priority: $")).toEqual(failed("FnF.InvalidInput"));
});

test("a clerk answers messages that hold a token", () => {
  const asked = `pattern: waitForCallback, timeoutSeconds: 300, inputMappings: [${TOKEN}], serviceParams: {MessageBody: $}`;
  expect(end(message("queues/desk", asked))).toEqual(succeeded({ answer: 7 }));
  expect(end(message("topics/news", asked), { clerk: () => ({ ok: true }) })).toEqual(succeeded({ ok: true }));
  expect(end(message("queues/desk", asked.replace(": $}", ": text}")))).toEqual(failed("FnF.TaskTimeout"));
});

test("[MORE-13] what is larger than a service takes is an error", () => {
  const big = "x".repeat(300 * 1024);
  const body = "serviceParams: {MessageBody: $.big}";
  expect(end(message("topics/news", body), { input: { big } })).toEqual(failed("FnF.DataLimitExceeded"));
  expect(end(message("queues/desk", body), { input: { big } }).status).toBe("Succeeded");
  expect(end(task("none"), { input: { big: big.repeat(20) } }).status).toBe("Succeeded");
  expect(end(task("none"), { input: { big: big.repeat(21) } })).toEqual(failed("FnF.DataLimitExceeded"));
});

test("[SUB-01] to [SUB-11] sub-flows are started, or waited for and give their output or their error", () => {
  const children = {
    adds: task("inc"),
    breaks: task("broken"),
    fails: "[{type: fail, name: f, cause: why}]",
    waits: `timeoutSeconds: 1\nsteps: [{type: wait, name: w, duration: 60}]`,
    asks: `[{type: task, name: t, resourceArn: "${ARN}ask"}]`,
  };
  const sub = (name: string, rest = "pattern: sync") => ends(flow(name, rest), { input: { n: 1 }, children });
  expect(sub("adds")).toEqual([succeeded({ n: 2 })]);
  expect(sub("adds", "pattern: sync, serviceParams: {Input: {n: 5}}")).toEqual([succeeded({ n: 6 })]);
  expect(sub("adds", `pattern: sync, serviceParams: {Input: '{"n": 6}'}`)).toEqual([succeeded({ n: 7 })]);
  expect(sub("adds", "pattern: sync, serviceParams: {Input: $.n}")).toEqual([failed("FnF.InvalidInput")]);
  expect(sub("breaks")).toMatchObject([failed("Broken")]);
  expect(sub("fails")).toEqual([failed("FnF.RuntimeError", "why")]);
  expect(sub("waits")).toEqual([failed("FnF.Timeout")]);
  expect(sub("nobody")).toEqual([failed("FnF.FlowNotExists")]);
  expect(sub("breaks", `serviceParams: {ExecutionName: kid}, ${KEPT}`)).toEqual([
    succeeded({ r: { FlowName: "breaks", Name: "kid", Status: UNSPECIFIED, StartedTime: UNSPECIFIED } }),
  ]);
  const asking = `pattern: waitForCallback, inputMappings: [{target: how, source: yes}, ${TOKEN}]`;
  expect(ends(flow("asks", asking), { children })).toEqual([succeeded({ answer: 1 })]);
});

test("[SUB-10] a name of an execution that has ended is taken", () => {
  const named = (pattern: string) =>
    flow("breaks", `pattern: ${pattern}, serviceParams: {ExecutionName: kid}, retry: [{errors: [Broken]}]`);
  expect(ends(named("sync"), { children: { breaks: task("broken") } })).toEqual([failed("FnF.ExecutionAlreadyExists")]);
});

test("[TASK-10] [TASK-11] [CATCH-05] an action takes all from its parameters, and its errors have a name of their own", () => {
  const action = (params: string, rest = "") =>
    `[{type: task, name: t, action: "fnf:StartExecution", serviceParams: {${params}}, ${rest}}, {type: pass, name: z}]`;
  const children = { adds: task("inc") };
  expect(end(action("FlowName: adds", "pattern: sync"), { input: { n: 4 }, children })).toEqual(succeeded({ n: 1 }));
  expect(end(action("FlowName: nobody"), { children })).toEqual(failed("fnf.FlowNotExists"));
  expect(end(action("FlowName: nobody", "catch: [{errors: [FnF.ALL], goto: z}]"), { children })).toEqual(
    succeeded({ error: "fnf.FlowNotExists", cause: UNSPECIFIED }),
  );
});
