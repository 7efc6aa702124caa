/**
 * Runs the flows of the conformance suite: YAML in, outcome and history out. The suite asks the pure core, so that it says
 * what the language does and nothing of queues and journals.
 */
import type { Call, Verdict } from "../../lib/engine/index.ts";
import { type Played, type World as PlayWorld, play } from "../../lib/engine/testing/play.ts";
import type { Json, JsonObject } from "../../lib/fdl/json.ts";
import { document, flowOf } from "./definition.ts";
import type { HistoryLine } from "./events.ts";
import type { Script } from "./scripts.ts";

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
  /** What the addresses of callbacks begin with. */
  readonly callbacks?: string;
}

/** A call that a task made before the execution ended. */
interface MadeCall {
  readonly kind: Call["kind"];
  /** `service/function`, or the name of the function, queue, topic or flow. */
  readonly target: string;
  readonly payload: Json;
  readonly invocationType?: "Sync" | "Async";
  readonly executionName?: string;
  readonly call: Call;
}

interface Outcome {
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
    ...(flows && {
      flows: Object.fromEntries(Object.entries(flows).map(([name, text]) => [name, flowOf(document(text))])),
    }),
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
    calls: begun.flatMap(({ after: { effect } }) =>
      effect.kind === "invoke" || effect.kind === "submit" ? [madeCall(effect.call)] : [],
    ),
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
      return {
        kind: call.kind,
        target: flow,
        payload: input,
        ...(executionName !== undefined && { executionName }),
        call,
      };
    }
    default:
      return call satisfies never;
  }
}

function jsonObject(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
