/**
 * Plays a whole flow on the core alone, against a scripted world and a virtual clock: no promise, no queue, no journal.
 *
 * @example
 * const { status, output } = play(flow, { input: { n: 1 }, functions: { double: ({ n }) => ({ n: 2 * n }) } });
 */
import type { Flow } from "../../fdl/definition.ts";
import type { Json, JsonObject } from "../../fdl/json.ts";
import {
  type Call,
  type Event,
  type MessageParams,
  type OutwardEffect,
  stepOf,
  type TaskEffect,
  type Verdict,
} from "../index.ts";
import { type Answers, drive, type Step, tokenOf } from "./drive.ts";
import { type FnfEvent, numbered } from "./timeline.ts";
import { type Attempt, functionFor, TaskError, type World } from "./world.ts";

export { type Answer, type Attempt, TaskError, type World } from "./world.ts";

export interface Played {
  readonly status: "Succeeded" | "Failed";
  /** Present when it succeeded. */
  readonly output?: JsonObject;
  /** Present when it failed. */
  readonly error?: string;
  readonly cause?: string;
  /** When it ended, ms. */
  readonly time: number;
  readonly history: readonly FnfEvent[];
  /** What the core warned of: "step: message". */
  readonly warnings: readonly string[];
  readonly steps: readonly Step[];
}

type Waits = Extract<OutwardEffect, { kind: "awaitVerdict" }>;

/** Plays a flow to its end. */
export function play(flow: Flow, world: World = {}): Played {
  const warnings: string[] = [];
  const driven = drive(flow, {
    names: { flow: world.flow ?? "flow", execution: world.execution ?? "execution" },
    started: {
      kind: "started",
      at: world.startedAt ?? 0,
      input: world.input ?? {},
      ...(world.callbacks !== undefined && { callbacks: world.callbacks }),
    },
    maxDataBytes: world.maxDataBytes ?? 50_000_000,
    maxTransitions: world.maxTransitions ?? 100_000,
    warn: (step, message) => warnings.push(`${step}: ${message}`),
    answers: answersOf(flow, world),
  });
  const { end, time, steps, timeline } = driven;
  const common = { time, history: numbered(timeline), warnings, steps };
  if (end.kind === "succeeded") return { status: "Succeeded", output: end.output, ...common };
  if (end.kind === "failed") return { status: "Failed", error: end.error, cause: end.cause, ...common };
  throw new Error(`The root ended as a branch: ${end.kind}.`);
}

/** Scripted answers to effects. What was submitted is remembered until its verdict. */
function answersOf(flow: Flow, world: World): Answers {
  const submitted = new Map<string, Submitted>();
  return (step, effect) => {
    const { branch } = step;
    const { state } = step.after;
    switch (effect.kind) {
      case "continue":
        return { kind: "continued", at: state.time };
      case "timer":
        return { kind: "elapsed", at: effect.due };
      case "invoke":
      case "submit": {
        const call = attempted(() => submit(world, attemptOf(flow, step, effect)));
        if ("error" in call) return { kind: "taskFailed", at: state.time, ...call };
        submitted.set(branch, call);
        return {
          kind: effect.kind === "invoke" ? "taskSucceeded" : "submitted",
          at: state.time,
          ...output(call.response),
        };
      }
      case "awaitVerdict":
        return reported(world, submitted.get(branch), effect, state.time);
    }
  };
}

/** A call that was accepted: what it answered, and the report that follows by itself, if one does. */
interface Submitted {
  readonly attempt: Attempt;
  readonly response: Json | undefined;
  readonly report?: Report | undefined;
}

interface Report {
  readonly at: number;
  readonly verdict: Verdict;
}

function attemptOf(flow: Flow, { branch, seq, after }: Step, { step, retryCount, pattern, call }: TaskEffect): Attempt {
  const definition = stepOf(flow, after.state);
  const resourceArn = definition?.type === "task" ? definition.resourceArn : "";
  return {
    step,
    resourceArn,
    retryCount,
    pattern,
    call,
    token: tokenOf(branch, seq),
    branch,
    seq,
    time: after.state.time,
  };
}

function submit(world: World, attempt: Attempt): Submitted {
  const { call, pattern, resourceArn } = attempt;
  switch (call.kind) {
    case "queue":
      return { attempt, response: (ownAnswer(world.queues, call.queue) ?? accept)(call.message, attempt) };
    case "topic":
      return { attempt, response: (ownAnswer(world.topics, call.topic) ?? accept)(call.message, attempt) };
    case "function": {
      const invoke = () => functionFor(world, call, resourceArn)(call.payload, attempt);
      if (call.invocationType === "Sync") return { attempt, response: invoke() };
      // What an asynchronous function ends with is seen by nobody unless the step waits for it.
      const verdict = verdictOf(() => invoke() ?? {});
      return { attempt, response: undefined, report: pattern === "sync" ? { at: attempt.time, verdict } : undefined };
    }
    case "flow":
      return { attempt, ...startChild(world, attempt, call) };
  }
}

function startChild(
  world: World,
  { time, branch, seq, pattern }: Attempt,
  call: Extract<Call, { kind: "flow" }>,
): Omit<Submitted, "attempt"> {
  const child = Object.hasOwn(world.flows ?? {}, call.flow) ? world.flows?.[call.flow] : undefined;
  if (child === undefined)
    throw new TaskError(`${call.action ? "fnf" : "FnF"}.FlowNotExists`, `Flow ${call.flow} does not exist.`);
  const execution = call.executionName ?? `${call.flow}:${branch}:${seq}`;
  const played = play(child, { ...world, input: call.input, flow: call.flow, execution, startedAt: time });
  const verdict: Verdict =
    played.output === undefined
      ? { kind: "failed", error: String(played.error), cause: String(played.cause) }
      : { kind: "succeeded", output: played.output };
  const report = pattern === "sync" ? { at: played.time, verdict } : undefined;
  return { response: { FlowName: call.flow, Name: execution }, report };
}

/** The verdict, or the time-out if that comes first. */
function reported(world: World, call: Submitted | undefined, effect: Waits, now: number): Event {
  if (call === undefined) throw new Error("Nothing was submitted.");
  const report = call.report ?? given(world, call, now);
  const heartbeat =
    effect.heartbeatSeconds === undefined ? Number.POSITIVE_INFINITY : now + effect.heartbeatSeconds * 1000;
  const due = Math.min(effect.due ?? Number.POSITIVE_INFINITY, heartbeat);
  if (report !== undefined && report.at < due) return { kind: "reported", ...report };
  if (due === Number.POSITIVE_INFINITY)
    throw new Error(`Nobody reports on step "${call.attempt.step}", and it has no time-out.`);
  return { kind: "reported", at: due, verdict: { kind: "timedOut" } };
}

function given({ verdicts }: World, { attempt, response }: Submitted, now: number): Report | undefined {
  const verdict = verdicts?.(attempt, response);
  if (verdict === undefined) return undefined;
  const { after = 0, ...rest } = verdict;
  return { at: now + after * 1000, verdict: rest };
}

function verdictOf(run: () => Json): Verdict {
  const result = attempted(() => ({ output: run() }));
  return "error" in result
    ? { kind: "failed", error: result.error, cause: result.cause }
    : { kind: "succeeded", ...result };
}

interface Failed {
  readonly error: string;
  readonly cause: string;
  readonly timedOut?: boolean;
}

function attempted<T extends object>(run: () => T): T | Failed {
  try {
    return run();
  } catch (thrown) {
    if (!(thrown instanceof TaskError)) throw thrown;
    const { error, message } = thrown;
    return { error, cause: message, ...(error === "FnF.TaskTimeout" && { timedOut: true }) };
  }
}

function output(response: Json | undefined): { readonly output?: Json } {
  return response === undefined ? {} : { output: response };
}

function ownAnswer<T>(answers: Readonly<Record<string, T>> = {}, name: string): T | undefined {
  return Object.hasOwn(answers, name) ? answers[name] : undefined;
}

/** What MNS answers to a message (fdl.md §3.1.5). */
function accept(message: MessageParams, { branch, seq }: Attempt): Json {
  return {
    MessageId: `message:${branch}:${seq}`,
    MessageBodyMD5: String(message.body.length),
    RequestId: `request:${branch}:${seq}`,
  };
}
