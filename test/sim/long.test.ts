import { describe, expect, test } from "vitest";
import { CALM, ROUGH } from "./long-world.ts";
import { longYear } from "./long-year.ts";

describe("a virtual year", () => {
  test("that is calm ends every execution at its time, to the second, and leaves nothing behind", async () => {
    const year = await longYear({ seed: 3, timers: 1_500, climate: CALM });
    expect(year.violations).toEqual([]);
    expect(year.latestMs).toBeLessThan(1_000);
    expect(year.timers).toBeGreaterThan(1_000);
    expect(year.swept).toEqual({ "deadline passed": 3 });
  });

  test("with weather, failing ports and lost messages ends them as late as those explain", async () => {
    const climate = { ...ROUGH, failsOneIn: 200, lostOneIn: 300 };
    const year = await longYear({ seed: 3, timers: 1_000, climate });
    expect(year.violations).toEqual([]);
    expect(year.mishaps.failed).toBeGreaterThan(0);
    expect(year.mishaps.lost).toBeGreaterThan(0);
  });

  test("is the same again from the same seed", async () => {
    const options = { seed: 8, timers: 300, climate: ROUGH };
    expect(await longYear(options)).toEqual(await longYear(options));
  });

  test("in which timers come later than the runtime allows for is found out", async () => {
    const year = await longYear({ seed: 3, timers: 300, climate: { ...CALM, timersLateMs: 300_000 } });
    expect(year.violations.join("\n")).toMatch(/too late/);
  });

  test("that loses messages and has no sweeper is found out", async () => {
    const year = await longYear({ seed: 3, timers: 300, climate: { ...CALM, lostOneIn: 50 }, sweepEveryMs: 0 });
    const [, left] = /not over: (\d+) executions run/.exec(year.violations.join("\n")) ?? [];
    expect(Number(left)).toBeGreaterThan(3);
  });
});
