/** What an execution of a plan does when nothing goes wrong: played on the pure core, with the functions' behaviours for answers. */

import { flowOf } from "../../../lib/engine/testing/flow.ts";
import { type Attempt, type Played, play, type World } from "../../../lib/engine/testing/play.ts";
import { isObject, type Json, type JsonObject, own } from "../../../lib/fdl/json.ts";
import {
  BEHAVIOUR_NAMES,
  type Behaviour,
  behaviour,
  CLERK_MS,
  CLERKS_ANSWER,
  type Reported,
} from "../../../lib/sim/behaviours.ts";
import type { Plan, PlannedExecution } from "../../../lib/sim/plan.ts";
import { scriptOf } from "../../../lib/sim/reference/testing/played.ts";
import { BEGINNING } from "../../../lib/sim/world.ts";

/** Plays the execution. Of stops, rivals and time-outs of flows it knows nothing. */
export function undisturbed(plan: Plan, { flow, name, input, startMs }: PlannedExecution): Played {
  const flows = Object.fromEntries(Object.entries(plan.flows).map(([key, text]) => [key, flowOf(inTime(text))]));
  const definition = flows[flow];
  if (definition === undefined) throw new Error(`The plan has no flow ${flow}.`);
  const world: World = {
    input,
    flow,
    execution: name,
    functions: Object.fromEntries(BEHAVIOUR_NAMES.map((key) => [`sim/${key}`, scriptOf(behaviourOf(key))])),
    flows,
    verdicts,
    startedAt: BEGINNING + startMs,
    maxTransitions: 1_000,
  };
  return play(definition, world);
}

/** How long calls take is not played: a function that takes longer than its task's time-out hangs. */
function inTime(text: string): string {
  const flow: unknown = JSON.parse(text, (_, value: Json) => {
    if (!isObject(value) || own(value, "type") !== "task") return value;
    const { timeoutSeconds, resourceArn } = value;
    const slow = typeof resourceArn === "string" && resourceArn.endsWith("/functions/slow");
    const tooSlow = slow && typeof timeoutSeconds === "number" && timeoutSeconds < 70;
    return tooSlow ? { ...value, resourceArn: "acs:fc:::services/sim/functions/hang" } : value;
  });
  return JSON.stringify(flow);
}

function behaviourOf(name: string): Behaviour {
  const found = behaviour(name);
  if (found === undefined) throw new Error(`No function ${name}.`);
  return found;
}

/** The first report that is no heartbeat. */
function verdicts({ call, retryCount }: Attempt): ReturnType<NonNullable<World["verdicts"]>> {
  if (call.kind !== "function") return { kind: "succeeded", output: CLERKS_ANSWER, after: CLERK_MS / 1000 };
  const payload = call.payload as JsonObject;
  const reports = behaviourOf("ask").reports(payload, retryCount);
  const first = reports.find((report): report is Exclude<Reported, { kind: "beats" }> => report.kind !== "beats");
  if (first === undefined) return undefined;
  const { afterMs, ...verdict } = first;
  // The heartbeats in between are not played.
  return { ...verdict, after: own(payload, "how") === "beat" ? 0 : afterMs / 1000 };
}
