/** Runs a plan to its end, and tells what was wrong with it. */

import { BEHAVIOUR_ALIASES, behaviourScripts, clerkOf } from "../../lib/sim/behaviour-scripts.ts";
import { type Deployment, deployment } from "../../lib/sim/deployment.ts";
import type { Fault } from "../../lib/sim/faults.ts";
import type { Place, Plan, PlannedFault } from "../../lib/sim/plan.ts";
import { isRunning } from "../../lib/sim/witness.ts";
import { BEGINNING, simulatedWorld, type World } from "../../lib/sim/world.ts";
import { type AnsweredStop, checkRefusals, checkStops } from "./answers.ts";
import { checkAttempts } from "./attempts.ts";
import { checkDeadlines } from "./deadlines.ts";
import { checkEnds, STOP } from "./ends.ts";
import { allTold, checkWorld } from "./invariants.ts";
import { checkLateCopies } from "./late-copies.ts";
import { checkPages } from "./pages.ts";

/** Smaller than usual: values that are set aside then cost a simulation little. */
const INLINE_BYTES = 2_000;

/** At the end of one run in so many all messages come once more. */
const LATE_ONE_IN = 16;
/** In one run in so many all histories are read in pages, of one to so many events. */
const PAGED_ONE_IN = 32;
const MOST_A_PAGE = 40;

/** No run needs more jumps in time. */
const JUMPS = 60_000;
/** What a handler fails at this often is a dead letter, as in serverless.yml. */
const MAX_RECEIVES = 5;
/** At the end the sweeper comes round until nothing is lost any more; when it finds nothing, later and later: a lost timer may be months away. */
const ROUNDS = 200;
const FIRST_ROUND_MS = 7 * 60_000;
const LAST_ROUND_MS = 5 * 86_400_000;
/** While the run goes on it comes after the weather's `sweepMs`, then after twice as long, and so on. */
const PATROLS = 14;

/** Deploys the flows of plans, once for all that have the same. */
export function deployPlan({ flows }: Pick<Plan, "flows">): Promise<Deployment> {
  return deployment(flows, BEGINNING);
}

export interface Ran {
  readonly wrong: readonly string[];
  /** Executions whose end the reference could not decide on: too many are right. */
  readonly undecided: number;
  readonly executions: number;
  readonly transitions: number;
  readonly calls: number;
  readonly copies: number;
  /** Faults that struck, by kind. */
  readonly faults: Readonly<Record<string, number>>;
}

export async function runPlan(plan: Plan, deployment: Deployment, trace?: (line: string) => void): Promise<Ran> {
  const faults: Record<string, number> = {};
  const struck = (kind: string) => {
    faults[kind] = (faults[kind] ?? 0) + 1;
  };
  const bodies = new Set<string>();
  const stops: AnsweredStop[] = [];
  const world: World = simulatedWorld({
    deployment,
    scripts: behaviourScripts,
    aliases: BEHAVIOUR_ALIASES,
    settings: { mode: plan.mode, inlineBytes: INLINE_BYTES },
    weather: plan.weather,
    seed: plan.seed,
    maxReceives: MAX_RECEIVES,
    unknownCalls: true,
    hostility: {
      lose: new Set(plan.faults.flatMap((fault) => (fault.kind === "lose" ? [fault.at] : []))),
      onSend: (body) => bodies.add(body),
    },
    faults: plan.faults.flatMap(blowOf),
    onSent: clerkOf(() => world),
    onFault: ({ blow }) => struck(blow.kind),
    trace,
  });
  for (const fault of plan.faults) befall(world, fault, struck);
  for (const { flow, name, input, startMs, stopMs, rival } of plan.executions) {
    at(world, startMs, () => world.callers.start({ flow, name, input }));
    if (rival !== undefined) at(world, rival.startMs, () => world.callers.start({ flow, name, input: rival.input }));
    if (stopMs !== undefined)
      at(world, stopMs, async () => {
        stops.push({ flow, name, answer: await world.callers.stop({ flow, name, ...STOP }) });
      });
  }
  const heals = plan.faults.some(({ kind }) => kind === "lose" || kind === "purge");
  // What was lost must not wait for the last of the other executions.
  patrol(world, plan.weather.sweepMs || (heals ? FIRST_ROUND_MS : 0));
  let rest = await world.run(JUMPS);
  let pause = FIRST_ROUND_MS;
  for (let round = 0; heals && rest === "at rest" && round < ROUNDS && isRunning(world.witness); round++) {
    await world.clock.pass(pause);
    const sent = await world.clock.runUntil(world.callers.sweep());
    pause = Object.keys(sent).length > 0 ? FIRST_ROUND_MS : Math.min(2 * pause, LAST_ROUND_MS);
    rest = await world.run(JUMPS);
  }
  const { wrong, undecided } = await checkEnds(world, plan, deployment.flows);
  const outcome = await allTold(world);
  const broken = await checkWorld(world, plan, outcome);
  const told = [
    ...checkStops(world, stops),
    ...(await checkRefusals(world)),
    ...checkAttempts(world, plan),
    ...checkDeadlines(world, plan),
  ];
  const paged =
    plan.seed % PAGED_ONE_IN === 0
      ? await checkPages(world, 1 + (Math.floor(plan.seed / PAGED_ONE_IN) % MOST_A_PAGE))
      : [];
  // A message that was lost comes for the first time then, and may still start what was over before it began.
  const late =
    plan.seed % LATE_ONE_IN === 0 && !heals
      ? await checkLateCopies(world, bodies, outcome, () => world.run(JUMPS))
      : [];
  return {
    wrong: [...(rest === "at rest" ? [] : [`the world is ${rest}`]), ...broken, ...wrong, ...told, ...paged, ...late],
    undecided,
    executions: world.witness.headers.size,
    transitions: world.witness.entries.size,
    calls: world.gate.calls(),
    copies: world.queue.copies(),
    faults,
  };
}

function blowOf(fault: PlannedFault): readonly Fault[] {
  switch (fault.kind) {
    case "crash":
    case "fail":
      return [{ ...placeOf(fault), when: fault.when, blow: { kind: fault.kind } }];
    case "repeat":
      return [{ ...placeOf(fault), when: "after", blow: { kind: "repeat" } }];
    case "stall":
      return [{ ...placeOf(fault), when: fault.when, blow: { kind: "stall", ms: fault.ms } }];
    default:
      return [];
  }
}

function placeOf({ at, of }: Place): Place {
  return of === undefined ? { at } : { at, of };
}

/** What befalls the whole world at a time. */
function befall(world: World, fault: PlannedFault, struck: (kind: string) => void): void {
  if (fault.kind === "purge")
    later(world, fault.atMs, () => {
      struck("purge");
      world.queue.purge();
    });
  if (fault.kind === "badDeploy")
    later(world, fault.atMs, () => {
      struck("badDeploy");
      world.breakFor(fault.ms);
    });
}

function later(world: World, ms: number, act: () => void): void {
  void world.clock.sleep(ms).then(act);
}

/** The world is not at rest before it has happened. */
function at(world: World, ms: number, act: () => Promise<unknown>): void {
  void world.busy(world.clock.sleep(ms).then(act));
}

function patrol(world: World, everyMs: number): void {
  if (everyMs === 0) return;
  for (let round = 0; round < PATROLS; round++) later(world, everyMs * 2 ** round, () => void world.callers.sweep());
}
