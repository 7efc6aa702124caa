/**
 * Every crash, and every pair of crashes: all flows in both modes with one crash at each point of their undisturbed run, and
 * the small ones with a second one after it. A run goes another way after its first crash (a successor takes over, a
 * caller asks again), so that it is walked once for each first crash, and the second one strikes at each point of that.
 * Crashes that leave the same world are tried once (distinct.ts); the queue is honest. A flow without end has no undisturbed
 * run: it is stopped at each point instead (explore.ts).
 */
import type { Deployment } from "../../lib/sim/deployment.ts";
import type { Case, Crash, Disturbance, Mode } from "./case.ts";
import { crashClasses } from "./distinct.ts";
import { ALONE, type Difference, differencesOf, type Share, shareOf, type Totals, usualOutcome } from "./explore.ts";
import { crashes } from "./points.ts";
import type { Scenario } from "./scenario.ts";
import { type Walk, walk } from "./walk.ts";

/** Pairs are tried for flows that record fewer transitions than this. */
export const SMALL = 10;

/** Of flows with large values, whose runs take up to fifty times as long as others', one pair in so many is tried. */
const STRIDES: Readonly<Record<string, number>> = { "big-fork": 24, "long-lane": 12, big: 12 };

export interface Depth {
  readonly modes: readonly Mode[];
  /** Single crashes as well. */
  readonly singles: boolean;
  /** All pairs of all small flows, however long it takes. */
  readonly whole: boolean;
}

/** Tries every crash and every pair of crashes of a scenario; adds to the totals; yields each case that came out wrong. */
export async function* exhaust(
  deployment: Deployment,
  scenario: Scenario,
  { modes, singles, whole }: Depth,
  totals: Totals,
  share: Share = ALONE,
): AsyncGenerator<Difference> {
  if (scenario.unending) return;
  const usual = await usualOutcome(deployment, scenario);
  const stride = whole ? 1 : (STRIDES[scenario.name] ?? 1);
  for (const mode of modes) {
    const caseOf = (...some: readonly Disturbance[]): Case => ({ mode, queue: "honest", disturbances: some });
    const undisturbed = await walk(deployment, scenario, caseOf());
    if (singles) {
      const cases = [caseOf(), ...crashes(undisturbed.points).map((crash) => caseOf(crash))];
      for (const one of shareOf(cases, share)) yield* await differencesOf(deployment, scenario, usual, one, totals);
    }
    if (undisturbed.transitions >= SMALL) continue;
    for (const [index, { crash: first }] of shareOf([...crashClasses(undisturbed).entries()], share)) {
      const again = await walk(deployment, scenario, caseOf(first));
      for (const second of seconds(again, first).filter((_, nth) => (index + nth) % stride === 0))
        yield* await differencesOf(deployment, scenario, usual, caseOf(first, second), totals);
    }
  }
}

/** Of the crashes that come after the first one in the run that it made, one of each class. Who is dead does not die again. */
export function seconds(walked: Walk, first: Crash): readonly Crash[] {
  const dead = walked.points[first.at - 1]?.process;
  return crashClasses({ ...walked, points: walked.points.filter(({ process }) => process !== dead) })
    .map(({ crash }) => crash)
    .filter(({ at }) => at > first.at);
}
