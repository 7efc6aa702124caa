import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFlow } from "../../../lib/fdl/parse.ts";
import type { Plan } from "../../../lib/sim/plan.ts";
import { featuresOf } from "./features.ts";
import { plans } from "./plans.ts";
import { undisturbed } from "./undisturbed.ts";

/** The smallest plan that the search ends at from one that is so. */
function smallest(seed: number, is: (plan: Plan) => boolean): Plan {
  const { counterexample } = fc.check(
    fc.property(plans(), (plan) => !is(plan)),
    { seed, numRuns: 5_000 },
  );
  if (counterexample === null) throw new Error("No plan is so.");
  return counterexample[0];
}

/** Steps of all flows. */
function sizeOf({ flows }: Plan): number {
  return Object.values(flows).reduce((sum, text) => sum + (text.match(/"name":/g)?.length ?? 0), 0);
}

const has =
  (...features: readonly string[]) =>
  (plan: Plan) => {
    const found = featuresOf(plan);
    return features.every((feature) => found.has(feature));
  };

describe.each([1, 2, 3, 4, 5])("a plan that fails a property, made smaller (seed %i)", (seed) => {
  it("keeps no more than a foreach with a catch in it, and the crash", () => {
    const plan = smallest(seed, has("inside:foreach>catch", "fault:crash"));
    expect(sizeOf(plan), JSON.stringify(plan)).toBeLessThanOrEqual(4);
    expect(plan.faults).toHaveLength(1);
    expect(plan).toMatchObject({ mode: "hop", seed: 0, weather: { latencyMs: 0, copiedPercent: 0, queueLagMs: 0 } });
    expect(plan.executions).toEqual([{ flow: "main", name: "run", input: {}, startMs: 0 }]);
  });

  it("keeps the two faults that are close together", () => {
    const is = ({ faults }: Plan) =>
      faults.some((one) => one.kind === "crash" && faults.some((two) => two.kind === "stall" && two.at > one.at));
    const plan = smallest(seed, is);
    expect(plan.faults).toHaveLength(2);
    expect(sizeOf(plan), JSON.stringify(plan)).toBeLessThanOrEqual(2);
  });

  it("keeps the loop around a sub-flow, and the stop", () => {
    const plan = smallest(seed, has("inside:loop>flow/sync", "executions:stopped"));
    expect(sizeOf(plan), JSON.stringify(plan)).toBeLessThanOrEqual(6);
    expect(plan.executions).toHaveLength(1);
    expect(plan.faults).toEqual([]);
    expect(Object.keys(plan.flows)).toEqual(["main", "kid"]);
  });

  it("takes steps out of what is around them", () => {
    const plan = smallest(seed, ({ flows }) => (flows.main?.match(/functions\/slow/g) ?? []).length >= 2);
    expect(sizeOf(plan), JSON.stringify(plan)).toBeLessThanOrEqual(2);
  });
});

describe("smaller plans", () => {
  it("end at the smallest of all", () => {
    for (const seed of [1, 2, 3]) {
      const plan = smallest(seed, () => true);
      expect(plan).toMatchObject({ seed: 0, mode: "hop", faults: [], executions: [{ flow: "main", input: {} }] });
      expect(sizeOf(plan)).toBe(1);
    }
  });

  it("keep the mode that was asked for", () => {
    const all = fc.property(plans({ mode: "fused" }), () => false);
    expect(fc.check(all, { seed: 1 }).counterexample).toMatchObject([{ mode: "fused" }]);
  });

  it("are as right as others: they parse, and they end", () => {
    const seen: Plan[] = [];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      // Which of them fail has nothing to do with what they are, so that the search goes many ways.
      const fails = fc.property(plans({ calm: true }), (plan) => {
        seen.push(plan);
        return JSON.stringify(plan.flows).length % 3 !== 0;
      });
      fc.check(fails, { seed });
    }
    expect(seen.length).toBeGreaterThan(100);
    for (const plan of seen.slice(0, 1_500)) {
      for (const text of Object.values(plan.flows)) expect(parseFlow(text).problems, text).toEqual([]);
      for (const execution of plan.executions) undisturbed(plan, execution);
    }
  });
});
