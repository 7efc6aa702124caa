/**
 * Runs the flows of the conformance suite: YAML in, outcome and history out. The suite asks the pure core, so that it says
 * what the language does and nothing of queues and journals.
 */
import { expect } from "vitest";
import type { Call, Verdict } from "../../lib/engine/index.ts";
import { type Attempt, type Played, play, TaskError, type World as PlayWorld } from "../../lib/engine/testing/play.ts";
import type { Flow } from "../../lib/fdl/definition.ts";
import type { Json, JsonObject } from "../../lib/fdl/json.ts";
import { parseFlow } from "../../lib/fdl/parse.ts";

/** What a function, queue or topic answers; throws TaskError. */
export type Script = (input: Json, attempt: Attempt) => Json | undefined;

export interface World {
  readonly input?: object;
  /** Names of the flow and the execution. */
  readonly flow?: string;
  readonly execution?: string;
  /** By `service/function`. */
  readonly functions?: Readonly<Record<string, Script>>;
  readonly queues?: Readonly<Record<string, Script>>;
  readonly topics?: Readonly<Record<string, Script>>;
  /** Definitions of child flows, as for `run`. */
  readonly flows?: Readonly<Record<string, string>>;
  /** Who reports on a callback task, `after` some seconds or never. */
  readonly verdicts?: () => (Verdict & { readonly after?: number }) | "never";
  readonly maxDataBytes?: number;
}

export interface HistoryLine {
  readonly id: number;
  /** ScheduleEventId. */
  readonly cause: number;
  readonly type: string;
  readonly step: string;
  /** ms. */
  readonly time: number;
  readonly detail: JsonObject;
}

/** A call that a task made before the execution ended. */
export interface MadeCall {
  readonly kind: Call["kind"];
  /** `service/function`, or the name of the function, queue, topic or flow. */
  readonly target: string;
  readonly payload: Json;
  readonly invocationType?: "Sync" | "Async";
  readonly executionName?: string;
  readonly call: Call;
}

export interface Outcome {
  readonly status: Played["status"];
  readonly output: JsonObject | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** How long it took by the virtual clock. */
  readonly seconds: number;
  readonly events: readonly HistoryLine[];
  readonly calls: readonly MadeCall[];
  /** How often a branch slept. */
  readonly timers: number;
  /** "step: message". */
  readonly warnings: readonly string[];
}

/** When every execution of the suite starts, ms. */
export const START = Date.UTC(2030, 0, 1);

/** A whole definition out of a list of steps, or out of a document that lacks `version` and `type`. Steps begin in line 4, column 3. */
export function document(text: string): string {
  const lines = dedent(text).split("\n");
  if (/^[-[]/.test(lines[0] ?? "")) return `version: v1\ntype: flow\nsteps:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
  return `version: v1\ntype: flow\n${lines.join("\n")}\n`;
}

/** The flow of a definition that is expected to be right; its warnings do not matter. */
function flowOf(definition: string): Flow {
  const { flow, problems } = parseFlow(definition);
  if (flow === undefined) throw new Error(`The definition is wrong: ${problems.map(({ message }) => message).join("; ")}\n${definition}`);
  return flow;
}

/** The column of a part of the first line of a list of steps, in the whole definition. */
export function columnOf(text: string, part: string): number {
  const column = document(text).split("\n")[3]?.indexOf(part) ?? -1;
  if (column < 0) throw new Error(`"${part}" does not stand in the text.`);
  return column + 1;
}

/** Problems of a text as `line:column severity step: message`. */
export function problems(text: string): readonly string[] {
  return problemsOf(document(text));
}

/** Problems of a whole definition. */
export function problemsOf(definition: string): readonly string[] {
  return parseFlow(definition).problems.map(
    ({ line, column, severity, step, message }) => `${line}:${column} ${severity}${step === undefined ? "" : ` ${step}`}: ${message}`,
  );
}

/** Runs an execution of a flow to its end. */
export function run(text: string, world: World = {}): Outcome {
  return runDefinition(document(text), world);
}

/** The same for a whole definition. */
export function runDefinition(definition: string, world: World = {}): Outcome {
  return outcomeOf(play(flowOf(definition), played(world)));
}

function played({ input, flows, verdicts, ...same }: World): PlayWorld {
  return {
    ...same,
    startedAt: START,
    ...(input && { input: jsonObject(input) }),
    ...(flows && { flows: Object.fromEntries(Object.entries(flows).map(([name, text]) => [name, flowOf(document(text))])) }),
    ...(verdicts && {
      verdicts: () => {
        const verdict = verdicts();
        return verdict === "never" ? undefined : verdict;
      },
    }),
  };
}

function outcomeOf({ status, output, error, cause, time, history, warnings, steps }: Played): Outcome {
  const begun = steps.filter(({ after }) => after.state.time <= time);
  return {
    status,
    output,
    error,
    cause,
    seconds: (time - START) / 1000,
    events: history.map((event) => ({
      id: event.EventId,
      cause: event.ScheduleEventId,
      type: event.Type,
      step: event.StepName,
      time: Date.parse(event.Time),
      detail: event.EventDetail,
    })),
    calls: begun.flatMap(({ after: { effect } }) => (effect.kind === "invoke" || effect.kind === "submit" ? [madeCall(effect.call)] : [])),
    timers: begun.filter(({ after: { effect } }) => effect.kind === "timer").length,
    warnings,
  };
}

function madeCall(call: Call): MadeCall {
  switch (call.kind) {
    case "function": {
      const { resource, invocationType, payload } = call;
      const target = resource.kind === "fc" ? `${resource.service}/${resource.function}` : resource.function;
      return { kind: call.kind, target, payload, invocationType, call };
    }
    case "queue":
      return { kind: call.kind, target: call.queue, payload: call.message.body, call };
    case "topic":
      return { kind: call.kind, target: call.topic, payload: call.message.body, call };
    case "flow": {
      const { flow, input, executionName } = call;
      return { kind: call.kind, target: flow, payload: input, ...(executionName !== undefined && { executionName }), call };
    }
    default:
      return call satisfies never;
  }
}

/** Step names of all events of a type, in order. */
export function trace(events: readonly HistoryLine[], type: string): readonly string[] {
  return events.filter((event) => event.type === type).map((event) => event.step);
}

/** Details of all events of a type, of all steps or of one, in order. */
export function details(events: readonly HistoryLine[], type: string, step?: string): readonly JsonObject[] {
  return events.filter((event) => event.type === type && (step === undefined || event.step === step)).map((event) => event.detail);
}

/** The detail of the only event of a type and step. */
export function detail(events: readonly HistoryLine[], type: string, step: string): JsonObject {
  const found = details(events, type, step);
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** A function that fails for ever. */
export function fails(error: string, cause = ""): Script {
  return () => {
    throw new TaskError(error, cause);
  };
}

/** A function that fails with one error after another, then answers. */
export function failing(errors: readonly string[], answer: Json): Script {
  const left = [...errors];
  return () => {
    const error = left.shift();
    if (error !== undefined) throw new TaskError(error, "");
    return answer;
  };
}

/** A function that does not answer within the step's `timeoutSeconds`. */
export const timesOut: Script = () => {
  throw new TaskError("FnF.TaskTimeout", "the attempt passed its time");
};

function jsonObject(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

function dedent(text: string): string {
  const lines = text.replace(/^\n+|\s+$/g, "").split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join("\n");
}
