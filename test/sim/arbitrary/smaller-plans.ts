/** Smaller sketches of plans: what can be left out first, then calmer weather, then smaller flows. */
import { isArray, type Json, type JsonObject } from "../../../lib/fdl/json.ts";
import type { PlannedFault, Weather } from "../../../lib/sim/plan.ts";
import type { ExecutionSketch } from "./executions.ts";
import type { FaultSketch, FaultsSketch } from "./faults.ts";
import type { PlanSketch } from "./plans.ts";
import { absent, fields, firstly, items, number, optional, type Smaller, same, towards } from "./smaller.ts";
import { smallerFlows } from "./smaller-flows.ts";
import { STILL } from "./weathers.ts";

const weather: Smaller<Weather> = firstly(
  towards(STILL),
  fields<Weather>({
    copiedPercent: towards(0),
    copies: towards(1),
    copyMs: towards(0),
    queueLagMs: towards(0),
    skewMs: towards<readonly number[]>([]),
    timersLateMs: towards(0),
    timersTwice: towards(false),
    listLagMs: towards(0),
    sweepMs: towards(0),
    workers: number(1),
    batch: number(1),
    latencyMs: firstly(towards(0), (ms) => (ms > 20 ? [20] : [])),
  }),
);

/** An input without one of its keys, or with fewer items. */
function* input(value: JsonObject): Iterable<JsonObject> {
  for (const key of Object.keys(value)) {
    const { [key]: left, ...others } = value;
    yield others;
    if (isArray(left)) for (const fewer of items<Json>(0, same)(left)) yield { ...value, [key]: fewer };
    if (typeof left === "number") for (const less of number()(left)) yield { ...value, [key]: less };
  }
}

const executions: Smaller<readonly ExecutionSketch[]> = items(
  1,
  fields<ExecutionSketch>({
    rival: optional(fields<NonNullable<ExecutionSketch["rival"]>>({ afterMs: number(), input: absent })),
    stopAfterMs: optional(number()),
    startMs: number(),
    flow: number(),
    input,
  }),
);

const crash = towards<Extract<FaultSketch, { kind: "blow" }>["blow"]>({ kind: "crash", when: "before" });

const fault: Smaller<FaultSketch> = (sketch) => {
  switch (sketch.kind) {
    case "blow":
      return fields<typeof sketch>({ behind: number(), blow: crash })(sketch);
    case "aimed":
      return fields<typeof sketch>({ at: number(1), blow: crash })(sketch);
    case "other":
      return fields<typeof sketch>({ fault: otherFault })(sketch);
    default:
      return sketch satisfies never;
  }
};

const otherFault: Smaller<PlannedFault> = (fault) => {
  switch (fault.kind) {
    case "lose":
      return fields<typeof fault>({ at: number(1) })(fault);
    case "purge":
      return fields<typeof fault>({ atMs: number() })(fault);
    case "badDeploy":
      return fields<typeof fault>({ atMs: number(), ms: number(1) })(fault);
    default:
      return [];
  }
};

const faults: Smaller<FaultsSketch> = fields<FaultsSketch>({ faults: items(0, fault), from: number(1) });

/** Smaller plans, of that mode only if one is given. */
export function smallerPlans(mode?: PlanSketch["mode"]): Smaller<PlanSketch> {
  return fields<PlanSketch>({
    executions,
    faults,
    weather,
    mode: towards<PlanSketch["mode"]>(mode ?? "hop"),
    flows: smallerFlows,
    seed: towards(0),
  });
}
