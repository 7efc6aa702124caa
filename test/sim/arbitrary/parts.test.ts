import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFlow } from "../../../lib/fdl/parse.ts";
import type { Weather } from "../../../lib/sim/plan.ts";
import { faults } from "./faults.ts";
import { flowTexts } from "./flows.ts";
import { STILL, weathers } from "./weathers.ts";

describe("flowTexts", () => {
  it("are definitions by name, `main` the first of up to three", () => {
    for (const flows of fc.sample(flowTexts, { numRuns: 200, seed: 3 })) {
      expect(["main", "kid", "grandkid"].slice(0, Object.keys(flows).length)).toEqual(Object.keys(flows));
      for (const text of Object.values(flows)) expect(parseFlow(text).problems).toEqual([]);
    }
  });

  it("shrink to one step", () => {
    const { counterexample } = fc.check(
      fc.property(flowTexts, () => false),
      { seed: 3 },
    );
    expect(counterexample).toEqual([
      { main: JSON.stringify({ version: "v1", type: "flow", steps: [{ type: "pass", name: "s0" }] }) },
    ]);
  });
});

describe("weathers", () => {
  const ALL = fc.sample(weathers, { numRuns: 2_000, seed: 3 });
  const badThings: readonly ((weather: Weather) => boolean)[] = [
    ({ latencyMs }) => latencyMs > 20,
    ({ copiedPercent }) => copiedPercent > 0,
    ({ queueLagMs }) => queueLagMs > 0,
    ({ skewMs }) => skewMs.length > 0,
    ({ timersLateMs, timersTwice }) => timersLateMs > 0 || timersTwice,
    ({ sweepMs }) => sweepMs > 0,
  ];

  /** The share of weathers with so many bad things. */
  function share(min: number, max: number): number {
    const counts = ALL.map((weather) => badThings.filter((is) => is(weather)).length);
    return counts.filter((count) => count >= min && count <= max).length / ALL.length;
  }

  it("are mostly bad in one or two ways, sometimes in none or in all", () => {
    expect(share(0, 0)).toBeGreaterThan(0.1);
    expect(share(0, 0)).toBeLessThan(0.35);
    expect(share(1, 2)).toBeGreaterThan(0.5);
    expect(share(4, 6)).toBeGreaterThan(0.05);
    expect(share(6, 6)).toBeGreaterThan(0);
  });

  it("shrink to the best", () => {
    const { counterexample } = fc.check(
      fc.property(weathers, () => false),
      { seed: 3 },
    );
    expect(counterexample).toEqual([STILL]);
  });
});

describe("faults", () => {
  it("strike within the calls of the run, or right behind them when all are struck", () => {
    for (const all of fc.sample(faults(5), { numRuns: 500, seed: 3 })) {
      const calls = all.flatMap((fault) =>
        ("when" in fault || fault.kind === "repeat") && !("of" in fault && fault.of !== undefined) ? [fault.at] : [],
      );
      expect(new Set(calls).size).toBe(calls.length);
      for (const at of calls) expect(at).toBeLessThanOrEqual(5 + all.length);
    }
  });

  it("shrink to none", () => {
    expect(
      fc.check(
        fc.property(faults(100), () => false),
        { seed: 3 },
      ).counterexample,
    ).toEqual([[]]);
  });
});
