/** Runs all cases of a scenario and compares each with the undisturbed run. */
import type { Deployment } from "../../lib/sim/deployment.ts";
import { type Case, caseText, type Disturbance, MODES, type Mode, QUEUE_NAMES, type QueueName } from "./case.ts";
import { judge } from "./expect.ts";
import type { Outcome } from "./outcome.ts";
import { brokenInterferences, crashes, failures, interferences, losses, type Point, pairs, stalls } from "./points.ts";
import { type Ran, runCase } from "./run-case.ts";
import type { Scenario } from "./scenario.ts";
import { walk } from "./walk.ts";

export interface Totals {
  runs: number;
  executions: number;
  transitions: number;
  /** Points at which something went wrong. */
  points: number;
  /** Runs with one crash and nothing else, and with two. */
  singles: number;
  pairs: number;
  /** Second copies of messages. */
  copies: number;
  /** Lost messages. */
  lost: number;
}

export interface Difference {
  readonly scenario: string;
  readonly case: Case;
  readonly wrong: readonly string[];
}

export interface Extent {
  readonly modes: readonly Mode[];
  /** One of so many cases is run: of crashes while the queue is honest; of all others. 1 and 1 is everything. */
  readonly crashStride: number;
  readonly otherStride: number;
  /** No more cases than this of one kind, mode and queue: a flow with many calls has fewer of them tried. */
  readonly most: number;
}

export const EVERYTHING: Extent = { modes: MODES, crashStride: 1, otherStride: 1, most: Number.POSITIVE_INFINITY };
/** Every crash while the queue is honest, and a sample of all else. */
export const SAMPLE: Extent = { modes: MODES, crashStride: 1, otherStride: 11, most: 1_000 };
/** A sample of all. */
export const SHORT: Extent = { modes: MODES, crashStride: 4, otherStride: 41, most: 50 };

/** When the sweeper has a look at an undisturbed run, ms after its beginning: it must find nothing, however long a flow waits. */
const PATROLS_MS = [360_000, 1_200_000, 3_700_000, 21_000_000, 172_000_000, 2_600_000_000, 17_000_000_000];

/** A takeover makes this many calls more than an undisturbed run, at most, before the run is as it was. */
const HORIZON = 24;

/** An unending run is stopped before this call at the latest. */
const LAST_STOP = 40;

/** There are few such points, and each run is long. */
const UNENDING_STRIDE = 29;

export function noTotals(): Totals {
  return { runs: 0, executions: 0, transitions: 0, points: 0, singles: 0, pairs: 0, copies: 0, lost: 0 };
}

/** Adds what another part of the work counted. */
export function addTotals(totals: Totals, more: Totals): void {
  for (const key of Object.keys(totals) as (keyof Totals)[]) totals[key] += more[key];
}

/** Of processes that share the work: which one this is, from 0, and how many there are. */
export interface Share {
  readonly job: number;
  readonly jobs: number;
}

export const ALONE: Share = { job: 0, jobs: 1 };

/** Those of the cases that are this process's to run. */
export function shareOf<T>(all: readonly T[], { job, jobs }: Share): readonly T[] {
  return all.filter((_, index) => index % jobs === job);
}

/** Runs the cases of a scenario; adds to the totals; yields each case that came out wrong. */
export async function* explore(
  deployment: Deployment,
  scenario: Scenario,
  extent: Extent,
  totals: Totals,
  share: Share = ALONE,
): AsyncGenerator<Difference> {
  const usual = await usualOutcome(deployment, scenario);
  for (const mode of extent.modes) {
    for (const queue of QUEUE_NAMES) {
      const { points, messages } = await walk(deployment, scenario, { mode, queue, disturbances: stopsOf(scenario) });
      for (const one of shareOf(casesIn(scenario, mode, queue, points, messages, extent), share)) {
        yield* await differencesOf(deployment, scenario, usual, one, totals);
      }
    }
  }
}

/** Runs a case, adds it to the totals, and tells what was wrong with it: nothing, or one difference. */
export async function differencesOf(
  deployment: Deployment,
  scenario: Scenario,
  usual: Outcome | undefined,
  one: Case,
  totals: Totals,
): Promise<readonly Difference[]> {
  const patrols = one.disturbances.length === 0 ? PATROLS_MS : [];
  const ran = await runCase(deployment, scenario, one, { patrols });
  count(totals, one, ran);
  const wrong = [...judge(scenario, usual, one, ran), ...restless(one, ran)];
  return wrong.length === 0 ? [] : [{ scenario: scenario.name, case: one, wrong }];
}

/** What comes of the scenario when nothing goes wrong at all; undefined when it never ends by itself. */
export async function usualOutcome(deployment: Deployment, scenario: Scenario): Promise<Outcome | undefined> {
  if (scenario.unending) return undefined;
  const { outcome } = await runCase(deployment, scenario, { mode: "hop", queue: "honest", disturbances: [] });
  return outcome;
}

/** What must be done to an undisturbed run for it to end: stop it, when nothing else does. */
function stopsOf({ unending }: Scenario): readonly Disturbance[] {
  return unending ? [{ kind: "stop", at: LAST_STOP }] : [];
}

function casesIn(
  scenario: Scenario,
  mode: Mode,
  queue: QueueName,
  points: readonly Point[],
  messages: number,
  extent: Extent,
): readonly Case[] {
  const { crashStride, otherStride, most } = extent;
  const cases = (disturbances: readonly (readonly Disturbance[])[]): readonly Case[] =>
    disturbances.map((each) => ({ mode, queue, disturbances: each }));
  const some = <T>(all: readonly T[], least: number): readonly T[] => {
    const stride = Math.max(least, Math.ceil(all.length / most));
    const phase = phaseOf(`${scenario.name}/${mode}/${queue}`, stride);
    return all.filter((_, index) => index % stride === phase);
  };
  if (scenario.unending) {
    const born = points.find(({ name }) => name === "journal.putHeader")?.at ?? 0;
    const stops = interferences(
      points.filter(({ at }) => at > born && at <= LAST_STOP),
      scenario,
    );
    return cases(some(stops, Math.min(otherStride, UNENDING_STRIDE)).map((each) => [each]));
  }
  const broken = queue === "honest" || queue === "newest" ? brokenInterferences(points, scenario) : [];
  if (queue !== "honest") {
    return [...cases([[]]), ...cases(some([...crashes(points).map((each) => [each]), ...broken], otherStride))];
  }
  const others = [
    ...[...failures(points), ...stalls(points), ...interferences(points, scenario), ...losses(messages)].map((each) => [
      each,
    ]),
    ...broken,
    ...(scenario.pairs ? pairs(points, HORIZON) : []),
  ];
  return [
    ...cases([[]]),
    ...cases(some(crashes(points), crashStride).map((each) => [each])),
    ...cases(some(others, otherStride)),
  ];
}

/** Which of `stride` cases is the first: spread over the scenarios, the same each time. */
function phaseOf(text: string, stride: number): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum % stride;
}

/** While nothing is lost the sweeper is quiet. */
function restless({ disturbances }: Case, { swept }: Ran): readonly string[] {
  if (disturbances.length > 0) return [];
  return Object.entries(swept).map(
    ([rule, times]) => `the sweeper sent ${times} messages for "${rule}", though nothing was lost`,
  );
}

function count(totals: Totals, { disturbances }: Case, ran: Ran): void {
  totals.runs += 1;
  totals.executions += ran.outcome.size;
  totals.transitions += ran.transitions;
  totals.copies += ran.copies;
  const lost = disturbances.filter(({ kind }) => kind === "lose").length;
  totals.lost += lost;
  totals.points += disturbances.length - lost;
  const crashed = disturbances.filter(({ kind }) => kind === "crash").length;
  if (crashed === 1 && disturbances.length === 1) totals.singles += 1;
  if (crashed === 2) totals.pairs += 1;
}

export function differenceText({ scenario, case: one, wrong }: Difference): string {
  return `${scenario} ${caseText(one)}: ${wrong.join("; ")}`;
}
