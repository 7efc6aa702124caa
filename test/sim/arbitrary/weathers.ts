/** The weather: mostly one or two things are bad, sometimes none, sometimes all. */
import * as fc from "fast-check";
import type { Weather } from "../../../lib/sim/plan.ts";
import { CALM } from "../../../lib/sim/weather.ts";
import { pick } from "./pick.ts";

/** The best weather. */
export const STILL: Weather = { ...CALM, batch: 1 };

/** At once, within seconds, past a lease and a visibility, hours later. */
const copied = pick<number>([3, 0], [2, 3_000], [3, 70_000], [1, 7_200_000]);

const changes: fc.Arbitrary<Partial<Weather>> = fc.oneof(
  pick<Partial<Weather>>([1, { latencyMs: 200 }], [1, { latencyMs: 3_000 }]),
  fc.record({
    copiedPercent: pick<number>([2, 10], [2, 30], [1, 60]),
    copies: pick<number>([2, 1], [1, 2]),
    copyMs: copied,
  }),
  pick<Partial<Weather>>([1, { queueLagMs: 1_000 }], [1, { queueLagMs: 30_000 }], [1, { queueLagMs: 65_000 }]),
  pick<Partial<Weather>>(
    [1, { skewMs: [50, -50] }],
    [1, { skewMs: [0, 2_000] }],
    [1, { skewMs: [0, -2_000] }],
    [1, { skewMs: [-500, 0, 700] }],
  ),
  pick<Partial<Weather>>(
    [1, { timersTwice: true }],
    [1, { timersLateMs: 60_000 }],
    [1, { timersLateMs: 5_000, timersTwice: true }],
  ),
  pick<Partial<Weather>>(
    [1, { sweepMs: 60_000 }],
    [2, { sweepMs: 300_000 }],
    [1, { listLagMs: 30_000, sweepMs: 60_000 }],
  ),
);

const base: fc.Arbitrary<Partial<Weather>> = fc.record({
  latencyMs: pick<number>([1, 0], [3, 20]),
  workers: pick<number>([2, 1], [4, 2], [1, 4]),
  batch: pick<number>([2, 1], [2, 3], [1, 10]),
});

const CLEAR: readonly Partial<Weather>[] = [];

/** What is not bad is as calm as can be. */
export const weathers: fc.Arbitrary<Weather> = fc
  .tuple(
    base,
    fc.oneof(
      { withCrossShrink: true },
      { weight: 2, arbitrary: fc.constant(CLEAR) },
      { weight: 6, arbitrary: fc.array(changes, { minLength: 1, maxLength: 2, size: "max" }) },
      { weight: 1, arbitrary: fc.array(changes, { minLength: 3, maxLength: 12, size: "max" }) },
    ),
  )
  .map(([few, bad]) => Object.assign({}, CALM, few, ...bad));
