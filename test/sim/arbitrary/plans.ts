/** Whole plans: random flows, their executions, the weather, and what goes wrong. */
import * as fc from "fast-check";
import type { Plan } from "../../../lib/sim/plan.ts";
import { CALM } from "../../../lib/sim/weather.ts";
import { calmExecutionSketches, type ExecutionSketch, executionSketches, writeExecutions } from "./executions.ts";
import { type FaultsSketch, faultsSketches, writeFaults } from "./faults.ts";
import { flowSketches } from "./flows.ts";
import { pick } from "./pick.ts";
import type { FlowSketch } from "./sketch.ts";
import { shrinking } from "./smaller.ts";
import { smallerPlans } from "./smaller-plans.ts";
import { weathers } from "./weathers.ts";
import { withCalled, writeFlows } from "./write-flows.ts";

export interface PlanOptions {
  /** Only this mode. */
  readonly mode?: Plan["mode"];
  /** No bad weather and no faults, stops or rivals: nothing but the language. */
  readonly calm?: boolean;
}

/** Calls of ports that a transition makes: reading a header, appending, invoking, sending, consuming. */
const CALLS = { hop: 6, fused: 4 };

/** A plan before it is written. */
export interface PlanSketch extends Pick<Plan, "seed" | "mode" | "weather"> {
  readonly flows: readonly FlowSketch[];
  readonly executions: readonly ExecutionSketch[];
  readonly faults: FaultsSketch;
}

/** Sketches of `length` plans with the same flows and executions, and weather and faults of their own: to parse a flow takes longer than to run it. */
export function series(length: number): fc.Arbitrary<readonly PlanSketch[]> {
  const storms = fc.record({
    seed: fc.nat({ max: 0x7fffffff }),
    mode: pick<Plan["mode"]>([1, "hop"], [1, "fused"]),
    weather: weathers,
    faults: faultsSketches,
  });
  return fc
    .record({
      flows: flowSketches,
      executions: executionSketches,
      storms: fc.array(storms, { minLength: length, maxLength: length }),
    })
    .map(({ storms, ...same }) => storms.map((storm) => ({ ...same, ...storm })));
}

/** Plans that end, whatever goes wrong in them. */
export function plans({ mode, calm = false }: PlanOptions = {}): fc.Arbitrary<Plan> {
  const sketches = fc.record<PlanSketch>({
    seed: fc.nat({ max: 0x7fffffff }),
    mode: mode === undefined ? pick<Plan["mode"]>([1, "hop"], [1, "fused"]) : fc.constant(mode),
    flows: flowSketches,
    executions: calm ? calmExecutionSketches : executionSketches,
    weather: calm ? fc.constant(CALM) : weathers,
    faults: calm ? fc.constant({ from: 1, faults: [] }) : faultsSketches,
  });
  return shrinking(sketches, smallerPlans(mode)).map(writePlan);
}

/** The plan of a sketch. */
export function writePlan(sketch: PlanSketch): Plan {
  return planOf(sketch, sceneOf(sketch));
}

/** The plans of sketches with the same flows and executions, which are written once. */
export function writeSeries(sketches: readonly PlanSketch[]): readonly Plan[] {
  const [first] = sketches;
  if (first === undefined) return [];
  const scene = sceneOf(first);
  return sketches.map((sketch) => planOf(sketch, scene));
}

interface Scene extends Pick<Plan, "flows" | "executions"> {
  /** Of an undisturbed run, about. */
  readonly transitions: number;
}

function sceneOf({ flows, executions }: Pick<PlanSketch, "flows" | "executions">): Scene {
  const all = writeFlows(flows);
  const planned = writeExecutions(
    executions,
    all.map(({ name }) => name),
  );
  const written = withCalled(all, new Set(planned.map(({ flow }) => flow)));
  return {
    flows: Object.fromEntries(written.map(({ name, text }) => [name, text])),
    executions: planned,
    transitions: planned.reduce((sum, { flow }) => sum + transitionsOf(written, flow), 0),
  };
}

function planOf(
  { seed, mode, weather, faults }: Omit<PlanSketch, "flows" | "executions">,
  { transitions, ...scene }: Scene,
): Plan {
  return { seed, mode, weather, ...scene, faults: writeFaults(faults, Math.ceil(transitions * CALLS[mode])) };
}

function transitionsOf(
  flows: readonly { readonly name: string; readonly transitions: number }[],
  name: string,
): number {
  return flows.find((flow) => flow.name === name)?.transitions ?? 0;
}
