/** The call of a task, everything evaluated (fdl.md §3.1.2 to §3.1.6, §12). */
import type { TaskStep } from "../fdl/definition.ts";
import type { JsonObject } from "../fdl/json.ts";
import { MAX_DELAY_SECONDS, MAX_PRIORITY, MIN_PRIORITY } from "../fdl/limits.ts";
import type { Call, MessageParams } from "./effect.ts";
import { InvalidInput } from "./invalid-input.ts";
import { asText, evaluateParams, numberParam, objectParam, type Params, textParam } from "./params.ts";

/**
 * The call that an attempt with this input makes.
 *
 * @throws {InvalidInput} when serviceParams cannot be evaluated or are not what the service takes
 */
export function callOf(step: TaskStep, input: JsonObject): Call {
  const { resource } = step;
  const params = evaluateParams(step, input);
  switch (resource.kind) {
    case "fc":
    case "function":
      return { kind: "function", resource, invocationType: invocationType(params), payload: input };
    case "queue":
    case "topic":
      return { ...resource, message: messageOf(params) };
    case "flow":
      return flowCall(step, resource.flow ?? textParam(params, "FlowName"), params, input);
    default:
      return resource satisfies never;
  }
}

/** Whether the attempt calls a function and does not wait for it (fdl.md §3.1.2). */
export function isAsync(step: TaskStep, input: JsonObject): boolean {
  return callsFunction(step) && evaluateParams(step, input).get("InvocationType") === "Async";
}

/** Whether the step calls a function, and not a queue, a topic or a flow. */
export function callsFunction({ resource }: TaskStep): boolean {
  return resource.kind === "fc" || resource.kind === "function";
}

function invocationType(params: Params): "Sync" | "Async" {
  const type = params.get("InvocationType") ?? "Sync";
  if (type !== "Sync" && type !== "Async")
    throw new InvalidInput("serviceParams.InvocationType must be Sync or Async.");
  return type;
}

function flowCall(step: TaskStep, flow: string | undefined, params: Params, mapped: JsonObject): Call {
  if (flow === undefined) throw new InvalidInput("serviceParams.FlowName is missing: it names the flow to start.");
  const executionName = textParam(params, "ExecutionName");
  // An `action:` task takes its parameters from serviceParams alone.
  const input = objectParam(params, "Input") ?? (step.action ? {} : mapped);
  return { kind: "flow", flow, input, action: step.action, ...(executionName !== undefined && { executionName }) };
}

function messageOf(params: Params): MessageParams {
  return {
    body: asText(params.get("MessageBody") ?? null),
    ...given("delaySeconds", numberParam(params, "DelaySeconds", 0, MAX_DELAY_SECONDS)),
    ...given("priority", numberParam(params, "Priority", MIN_PRIORITY, MAX_PRIORITY)),
    ...given("tag", textParam(params, "MessageTag")),
    ...given("subject", textParam(params, "Subject")),
    ...given("attributes", attributesOf(objectParam(params, "MessageAttributes"))),
    ...given("groupId", textParam(params, "MessageGroupId")),
    ...given("deduplicationId", textParam(params, "MessageDeduplicationId")),
  };
}

function given<K extends keyof MessageParams>(key: K, value: MessageParams[K] | undefined): Partial<MessageParams> {
  return value === undefined ? {} : { [key]: value };
}

function attributesOf(object: JsonObject | undefined): { readonly [name: string]: string } | undefined {
  if (object === undefined) return undefined;
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, asText(value)]));
}
