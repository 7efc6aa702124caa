import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Played } from "../../../lib/engine/testing/play.ts";
import type { Plan } from "../../../lib/sim/plan.ts";
import { plans } from "./plans.ts";
import { undisturbed } from "./undisturbed.ts";

const PLANS: readonly Plan[] = fc.sample(plans(), { numRuns: 500, seed: 20_300_101 });

function played(plan: Plan, laterMs = 0): Played {
  const [first] = plan.executions;
  if (first === undefined) throw new Error("A plan without executions.");
  return undisturbed(plan, { ...first, startMs: first.startMs + laterMs });
}

const ALL = PLANS.map((plan) => ({ plan, run: played(plan) }));

describe("a planned execution that nothing disturbs", () => {
  it("ends within a bounded number of transitions, mostly within a few", () => {
    const counts = ALL.map(({ run }) => run.steps.length).sort((a, b) => a - b);
    expect(counts.at(-1)).toBeLessThanOrEqual(300);
    expect(counts[counts.length / 2]).toBeLessThanOrEqual(12);
    expect(counts[counts.length / 2]).toBeGreaterThanOrEqual(4);
  });

  it("succeeds in most cases, and fails in many", () => {
    const failed = ALL.filter(({ run }) => run.status === "Failed").length / ALL.length;
    expect(failed).toBeGreaterThan(0.15);
    expect(failed).toBeLessThan(0.5);
  });

  it("has no token, no time and no generated id in what it ends with", () => {
    for (const { plan, run } of ALL) {
      const text = JSON.stringify([run.output ?? null, run.error ?? null]);
      const generated = /token:|message:|request:|:[\d.]*:\d|20\d\d-\d\d-\d\d|\d{12}/.exec(text);
      expect(generated?.[0], JSON.stringify(plan.flows)).toBeUndefined();
    }
  });

  it("ends the same whenever it begins", () => {
    const hours = 37 * 3_600_000 + 1;
    for (const { plan, run } of ALL.slice(0, 200)) {
      expect(played(plan, hours).output).toEqual(run.output);
      expect(played(plan, hours).error).toBe(run.error);
    }
  });

  it("holds large values now and then, which never grow round by round", () => {
    const sizes = ALL.map(({ run }) => JSON.stringify(run.output ?? null).length);
    expect(Math.max(...sizes)).toBeLessThan(3_000_000);
    const large = ALL.filter(({ run }) => run.steps.some(({ event }) => JSON.stringify(event).length > 2_000));
    expect(large.length / ALL.length).toBeGreaterThan(0.08);
  });
});
