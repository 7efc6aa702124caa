/** The runs of a seed: run K of a seed is the same plan, and the same run, everywhere and always. */
import * as fc from "fast-check";
import type { Deployment } from "../../lib/sim/deployment.ts";
import type { Plan } from "../../lib/sim/plan.ts";
import { type PlanSketch, series, writeSeries } from "./arbitrary/plans.ts";
import { deployPlan, type Ran, runPlan } from "./run-plan.ts";

/** Runs that share their flows. */
export const SERIES = 8;

const arbitrary = series(SERIES);

/** Sketches of the runs `SERIES * number` and those after it. */
function seriesOf(seed: number, number: number): readonly PlanSketch[] {
  const [sketches] = fc.sample(arbitrary, { seed: mixed(seed, number), numRuns: 1 });
  return sketches ?? [];
}

export function sketchOf(seed: number, run: number): PlanSketch {
  const sketch = seriesOf(seed, Math.floor(run / SERIES))[run % SERIES];
  if (sketch === undefined) throw new Error(`there is no run ${run}`);
  return sketch;
}

/** Another seed for each number, 32 bits. */
function mixed(seed: number, number: number): number {
  let mix = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35);
  mix = Math.imul(mix ^ (mix >>> 15), 0x2c1b3c6d);
  return mix ^ (mix >>> 13);
}

export interface Result extends Ran {
  readonly run: number;
}

/** Runs those, which are in order; the series that they are of are written and deployed once. */
export async function* resultsOf(seed: number, runs: readonly number[]): AsyncGenerator<Result> {
  let [number, plans]: [number, readonly Plan[]] = [-1, []];
  let deployment: Deployment | undefined;
  for (const run of runs) {
    if (Math.floor(run / SERIES) !== number) {
      number = Math.floor(run / SERIES);
      plans = writeSeries(seriesOf(seed, number));
      deployment = undefined;
    }
    const plan = plans[run % SERIES];
    if (plan === undefined) throw new Error(`there is no run ${run}`);
    deployment ??= await deployPlan(plan);
    yield { run, ...(await tried(plan, deployment)) };
  }
}

/** A run; what it threw is wrong as well. */
export async function tried(plan: Plan, deployment: Deployment, trace?: (line: string) => void): Promise<Ran> {
  try {
    return await runPlan(plan, deployment, trace);
  } catch (error) {
    const wrong = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    return { wrong, undecided: 0, executions: 0, transitions: 0, calls: 0, copies: 0, faults: {} };
  }
}
