/** What a task calls, and what is answered (fdl.md §3.1, rules TASK, PAT, PARAM, SUB). */
import type { TaskStep } from "../../fdl/definition.ts";
import type { Json, JsonObject } from "../../fdl/json.ts";
import { type Behaviour, behaviour, CLERK_MS, CLERKS_ANSWER } from "../behaviours.ts";
import { parameter } from "./mappings.ts";
import { type Failure, failure, inTime, type Run, type Said } from "./run.ts";
import { UNSPECIFIED } from "./unspecified.ts";
import { isMap, jsonIn } from "./value.ts";

/** An attempt that is about to make its call. */
export interface Attempt {
  readonly run: Run;
  readonly step: TaskStep;
  readonly input: JsonObject;
  readonly retryCount: number;
  readonly token: string;
  readonly at: number;
  /** When its time is over, ms. */
  readonly due: number;
}

/** The call was accepted. */
export interface Answered {
  readonly kind: "done";
  readonly response: Json | undefined;
  readonly at: number;
  /** What will be said by itself, without anybody having the token: the end of what was handed over. */
  readonly said?: Said;
}

/** No function may run longer, ms: the service stops it. */
const CALL_LIMIT_MS = 13 * 60_000;
/** Limits of the services, bytes (MORE-13). */
const LIMITS = { sync: 6 * 2 ** 20, async: 2 ** 20, queue: 2 ** 20, topic: 256 * 2 ** 10 };

export function call(attempt: Attempt): Answered | Failure {
  const { step, input, at } = attempt;
  const params: Record<string, Json> = {};
  for (const [key, param] of Object.entries(step.serviceParams ?? {})) {
    const value = parameter(param, input);
    if (value === undefined) return unusable(at);
    params[key] = value;
  }
  const answered = made(attempt, params);
  const uncalled = answered.kind === "failed" && answered.error === "FnF.InvalidInput" && !answered.thrown;
  return (uncalled ? undefined : abandoned(attempt)) ?? answered;
}

function made(attempt: Attempt, params: JsonObject): Answered | Failure {
  const { resource } = attempt.step;
  switch (resource.kind) {
    case "fc":
      return callFunction(attempt, `${resource.service}/${resource.function}`, params);
    case "function":
      return callFunction(attempt, resource.function, params);
    case "queue":
    case "topic":
      return send(attempt, LIMITS[resource.kind], params);
    case "flow":
      return start(attempt, resource.flow ?? params.FlowName, params);
    default:
      return resource satisfies never;
  }
}

/** The worker was lost while the call ran, and the call may not be made again (MORE-07); undefined: it was not, or it may. */
function abandoned({ run, step, at }: Attempt): Failure | undefined {
  if (step.onLost !== "fail" || !(run.world.late || run.world.lost > 0) || run.choose(2) === 0) return undefined;
  return failure("FnF.TaskLost", UNSPECIFIED, at);
}

function unusable(at: number): Failure {
  return failure("FnF.InvalidInput", UNSPECIFIED, at);
}

function callFunction(attempt: Attempt, name: string, { InvocationType = "Sync" }: JsonObject): Answered | Failure {
  const { run, step, input, at } = attempt;
  if (InvocationType !== "Sync" && InvocationType !== "Async") return unusable(at);
  const called = (run.world.functions ?? simulated)(name);
  if (called === undefined) return failure("FC.FunctionNotFound", UNSPECIFIED, at);
  const limit = InvocationType === "Sync" ? LIMITS.sync : LIMITS.async;
  if (bytesOf(input) > limit) return failure("FnF.DataLimitExceeded", UNSPECIFIED, at);
  say(attempt, called);
  const result = ended(attempt, called, InvocationType === "Async");
  const isLost = lost(attempt);
  if (isLost !== undefined) return isLost;
  if (InvocationType === "Sync") return result;
  const accepted = { kind: "done", response: undefined, at } as const;
  // Handed over: its end is seen where the step waits for it, and nowhere else (PAT-02, PAT-03).
  if (step.pattern !== "sync") return accepted;
  if (result.kind === "done") {
    return { ...accepted, said: { kind: "succeeded", output: result.response ?? {}, at: result.at } };
  }
  return { ...accepted, said: { ...result, kind: "failed" } };
}

function simulated(name: string): Behaviour | undefined {
  return name.startsWith("sim/") ? behaviour(name.slice("sim/".length)) : undefined;
}

/** The end of a function that was called. */
function ended({ run, input, retryCount, at, due }: Attempt, called: Behaviour, async: boolean): Answered | Failure {
  if (async && called.refusals > 0) return failure("FC.ResourceThrottled", UNSPECIFIED, at);
  const limit = Math.min(due, at + CALL_LIMIT_MS);
  const over = at + called.takesMs;
  // Whoever calls a function hangs up when the time is over: nothing comes from it any more.
  if (over >= limit || !inTime(run, over, due)) return failure("FnF.TaskTimeout", UNSPECIFIED, limit);
  const outcome = called.outcome(input, retryCount);
  switch (outcome.kind) {
    case "returns":
      return { kind: "done", response: outcome.value, at: over };
    case "throws":
      return failure(outcome.error, outcome.cause, over, true);
    case "dies":
      return failure("FC.Unknown", UNSPECIFIED, over);
    case "hangs":
      return { kind: "done", response: {}, at: over };
    default:
      return outcome satisfies never;
  }
}

/** Nobody knows what became of the call; undefined when its answer did arrive. */
function lost({ run, at }: Attempt): Failure | undefined {
  if (run.lost === 0 || run.choose(2) === 0) return undefined;
  run.lost--;
  return failure("FC.Unknown", UNSPECIFIED, at);
}

/** What a function has somebody say to the token in its payload. */
function say({ run, input, retryCount, at }: Attempt, called: Behaviour): void {
  const { token } = input;
  if (typeof token !== "string") return;
  for (const { afterMs, ...report } of called.reports(input, retryCount))
    run.said.get(token)?.push({ ...report, at: at + afterMs });
}

function send({ run, at }: Attempt, limit: number, params: JsonObject): Answered | Failure {
  const { MessageBody: message = null, MessageAttributes = {}, DelaySeconds = 0, Priority = 8 } = params;
  const usable = within(DelaySeconds, 0, 604_800) && within(Priority, 1, 16);
  if (!usable || objectOf(MessageAttributes) === undefined) return unusable(at);
  const body = typeof message === "string" ? message : JSON.stringify(message);
  if (Buffer.byteLength(body) > limit) return failure("FnF.DataLimitExceeded", UNSPECIFIED, at);
  const answer = run.world.clerk === undefined ? CLERKS_ANSWER : run.world.clerk();
  if (answer !== undefined) {
    const order = objectOf(body) ?? {};
    const token = Object.values(order).find((value) => typeof value === "string" && run.said.has(value));
    if (typeof token === "string") run.said.get(token)?.push({ kind: "succeeded", output: answer, at: at + CLERK_MS });
  }
  const response = { MessageId: UNSPECIFIED, MessageBodyMD5: UNSPECIFIED, RequestId: UNSPECIFIED };
  return { kind: "done", response, at };
}

function within(value: Json, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

function start({ run, step, input, at }: Attempt, flow: Json | undefined, params: JsonObject): Answered | Failure {
  const { Input = step.action ? {} : input, ExecutionName } = params;
  const prefix = step.action ? "fnf" : "FnF";
  const given = objectOf(Input);
  if (typeof flow !== "string" || given === undefined) return unusable(at);
  if (ExecutionName !== undefined && typeof ExecutionName !== "string") return unusable(at);
  const definition = Object.hasOwn(run.world.flows, flow) ? run.world.flows[flow] : undefined;
  if (definition === undefined) return failure(`${prefix}.FlowNotExists`, UNSPECIFIED, at);
  const response = {
    FlowName: flow,
    Name: ExecutionName ?? UNSPECIFIED,
    Status: UNSPECIFIED,
    StartedTime: UNSPECIFIED,
  };
  const taken = `${flow}/${ExecutionName}`;
  if (ExecutionName !== undefined && run.started.has(taken)) {
    // One that is still running is the answer to who only wants it started (fdl.md §7.1).
    const endedAt = run.started.get(taken);
    const running = step.pattern !== "sync" && (endedAt === undefined ? run.choose(2) === 0 : at < endedAt);
    return running ? { kind: "done", response, at } : failure(`${prefix}.ExecutionAlreadyExists`, UNSPECIFIED, at);
  }
  run.started.set(taken, undefined);
  if (step.pattern === "requestResponse") return { kind: "done", response, at };
  const child = run.child(definition, { flow, execution: ExecutionName ?? UNSPECIFIED }, given, at);
  run.started.set(taken, child.at);
  if (step.pattern === "waitForCallback") return { kind: "done", response, at };
  const { end } = child;
  const said: Said =
    end.status === "Succeeded"
      ? { kind: "succeeded", output: end.output, at: child.at }
      : { kind: "failed", error: end.error || "FnF.RuntimeError", cause: end.cause ?? UNSPECIFIED, at: child.at };
  return { kind: "done", response, at, said };
}

/** An object, or the JSON text of one (PARAM-12). */
function objectOf(value: Json): JsonObject | undefined {
  const object = typeof value === "string" ? jsonIn(value) : value;
  return isMap(object) ? object : undefined;
}

function bytesOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
