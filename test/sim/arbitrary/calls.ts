/** What tasks call: the functions, queues, topics and flows of the simulated world (lib/sim/behaviours.ts), with what each needs. */
import type { Json, JsonObject } from "../../../lib/fdl/json.ts";
import { pick } from "./pick.ts";
import type { Call, Sources } from "./sketch.ts";

const ASYNC = { serviceParams: { InvocationType: "Async" } };
const TOKEN = ["token", "$context.task.token"] as const;

/** Of a result that may be handed on as it is. */
const FREE: readonly (Sources | undefined)[] = [
  ...Array.from({ length: 10 }, () => undefined),
  [["n", "$local.n"]],
  [["a", "$local.n"]],
  [
    ["b", "$.n"],
    ["n", "$input.n"],
  ],
  [["n", "$local.missing"]],
  [
    ["flow", "$context.flow.name"],
    ["step", "$context.step.name"],
  ],
  [["__proto__", "$local.n"]],
];

/** Of a result with ids and times in it, or none. */
const OPAQUE: readonly Sources[] = [[["sent", true]], [["n", "$input.n"]], [["b", "sent"]]];

const ANSWER: readonly (Sources | undefined)[] = [
  undefined,
  undefined,
  [["n", "$local.answer"]],
  [["a", "$local.answer"]],
];

function fn(name: string, errors: readonly string[] = [], more: JsonObject = {}): Call {
  const service = name === "alias" ? "sim.live/functions/inc" : `sim/functions/${name}`;
  return {
    name,
    fields: { resourceArn: `acs:fc:::services/${service}`, ...more },
    errors: [...errors, "FC.Unknown"],
    outputs: FREE,
  };
}

/** A function that is handed over; `sync`: and waited for. */
function handedOver(name: string, sync: boolean, errors: readonly string[] = []): Call {
  const call = fn(name, errors, sync ? { ...ASYNC, pattern: "sync" } : ASYNC);
  return { ...call, name: `${name}:${sync ? "submitted" : "forgotten"}` };
}

/** A function that reports by token. */
function ask(how: string, errors: readonly string[], more: JsonObject): Call {
  const input: Sources = [TOKEN, ["how", how]];
  return {
    ...fn("ask", errors, { pattern: "waitForCallback", ...more }),
    name: `ask:${how}`,
    input,
    outputs: ANSWER,
  };
}

function echo(...input: Sources): Call {
  return { ...fn("echo"), input, outputs: [undefined, undefined, [["a", "$local.a"]], [["b", "$local.b"]]] };
}

const QUEUE = { resourceArn: "acs:mns:::/queues/desk/messages", serviceParams: { MessageBody: "$" } };
const TOPIC = { resourceArn: "acs:mns:::/topics/news/messages", serviceParams: { MessageBody: "$" } };

function message(name: string, fields: JsonObject): Call {
  return { name, fields, errors: ["FC.Unknown"], outputs: OPAQUE };
}

/** Somebody at the other end reports. */
function clerk(name: string, fields: JsonObject, more: JsonObject = {}): Call {
  const input: Sources = [TOKEN, ["n", "$.n"]];
  return {
    name: `${name}:answered`,
    fields: { ...fields, pattern: "waitForCallback", ...more },
    errors: ["FnF.TaskTimeout"],
    input,
    outputs: ANSWER,
  };
}

/** A flow of the plan. `Input` may stand in the service's parameters instead. */
function flow(sync: boolean, more: JsonObject = {}): Call {
  return {
    name: sync ? "flow:sync" : "flow:started",
    fields: { ...(sync && { pattern: "sync" }), ...more },
    errors: ["FnF.RuntimeError", "FnF.Timeout", "Broken", "Moody", "Left"],
    outputs: sync ? FREE : [[["child", "$local.FlowName"]], [["child", "started"]]],
  };
}

const TIMEOUT = "FnF.TaskTimeout";
const within = (timeoutSeconds: number): JsonObject => ({ timeoutSeconds });
const constant: Json = [1, { k: "$input.n" }, null];

/** The simplest call: it counts up. */
export const INC = fn("inc");

/** The call with a result of 70,000 characters. */
export const BIG: Call = { ...fn("big"), outputs: [undefined, undefined, [["n", "$local.n"]]] };

/** Calls by their weight. */
export const calls = pick<Call>(
  [16, INC],
  [2, fn("inc", [TIMEOUT], within(30))],
  [3, fn("alias")],
  [2, echo(["a", "$.n"], ["b", "$.b"])],
  [1, echo(["n", "$.answer"], ["b", "text"])],
  [1, echo(["a", constant], ["n", "$input.item"])],
  [1, echo(TOKEN, ["n", "$.total"])],
  [1, { ...fn("echo"), grows: true }],
  [2, { ...fn("sum"), input: [["numbers", "$.all"]], outputs: [undefined, [["n", "$local.total"]]] }],
  [1, { ...fn("sum"), input: [["numbers", "$.items"]], outputs: [undefined, [["n", "$local.total"]]] }],
  [4, fn("moody", ["Moody"])],
  [2, fn("moody", ["FC.Moody"])],
  [3, fn("flaky", ["Flaky"])],
  [3, { ...fn("flaky", ["Flaky"]), input: [["failures", 2]] }],
  [2, { ...fn("flaky", ["Flaky"]), input: [["failures", 3]] }],
  [2, fn("broken", ["Broken"])],
  [1, fn("die")],
  [3, fn("busy", ["FC.ResourceThrottled"])],
  [4, fn("slow")],
  [1, fn("slow", [TIMEOUT], within(30))],
  [1, fn("slow", [TIMEOUT], within(300))],
  [2, fn("hang", [TIMEOUT], within(5))],
  [1, fn("hang", [TIMEOUT], within(100))],
  [4, BIG],
  [1, { ...fn("text", ["FnF.InvalidLocal"]), outputs: [[["b", "$local"]], undefined] }],
  [1, { ...fn("list", ["FnF.InvalidLocal"]), outputs: [[["all", "$local"]], [["a", "$local[-1]"]], undefined] }],
  [1, { ...fn("none"), outputs: [undefined, [["n", "$input.n"]]] }],
  [4, handedOver("inc", true)],
  [2, handedOver("moody", true, ["Moody"])],
  [1, handedOver("broken", true, ["Broken"])],
  [2, handedOver("big", true)],
  [2, handedOver("inc", false)],
  [1, handedOver("broken", false)],
  [2, ask("yes", [], {})],
  [3, ask("yes", [TIMEOUT], within(3_000))],
  [2, ask("no", ["Refused"], {})],
  [3, ask("early", [TIMEOUT], within(1_000))],
  [2, ask("twice", [TIMEOUT], within(1_000))],
  [1, ask("never", [TIMEOUT], within(40))],
  [1, ask("never", [TIMEOUT], within(2_000))],
  [2, ask("late", [TIMEOUT], within(600))],
  [2, ask("beat", [TIMEOUT], { heartbeatSeconds: 100, timeoutSeconds: 3_000 })],
  [1, ask("beat", [TIMEOUT], { heartbeatSeconds: 60, timeoutSeconds: 3_000 })],
  [1, ask("beat", [TIMEOUT], { heartbeatSeconds: 100, timeoutSeconds: 200 })],
  [1, ask("faint", [TIMEOUT], { heartbeatSeconds: 100 })],
  [2, ask("crossed", ["Crossed"], within(1_000))],
  [3, message("queue", QUEUE)],
  [2, message("topic", TOPIC)],
  [2, clerk("queue", QUEUE)],
  [1, clerk("queue", QUEUE, within(500))],
  [2, clerk("topic", TOPIC, within(500))],
  [10, flow(true)],
  [3, flow(true, { serviceParams: { Input: "$" } })],
  [2, flow(true, within(200))],
  [3, flow(false)],
);

/** Counts up: what a loop knows its rounds by. */
export const COUNT: JsonObject = INC.fields;
