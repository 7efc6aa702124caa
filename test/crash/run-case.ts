/** Runs one case to its end and tells what was wrong with it. */
import type { Deployment } from "../../lib/sim/deployment.ts";
import type { Call, Fault } from "../../lib/sim/faults.ts";
import { isRunning } from "../../lib/sim/witness.ts";
import { simulatedWorld, type World } from "../../lib/sim/world.ts";
import { type Case, type Disturbance, QUEUES } from "./case.ts";
import { ALIASES, functionsOf } from "./functions.ts";
import { type Interference, interference } from "./meanwhile.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { EXECUTION, type Scenario } from "./scenario.ts";
import { verify } from "./verify.ts";

/** No run needs more jumps in time. */
const JUMPS = 20_000;
/** The sweeper finds what was lost within so many rounds, so far apart. */
const ROUNDS = 12;
const ROUND_MS = 7 * 60_000;
/** The first of them come while the run goes on: it may have a time-out. */
const RESCUES_MS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((round) => round * ROUND_MS);

export interface Ran {
  readonly outcome: Outcome;
  /** What is wrong in itself, without comparing it to another run. */
  readonly wrong: readonly string[];
  readonly calls: number;
  readonly messages: number;
  readonly copies: number;
  readonly transitions: number;
  readonly interference: Interference;
  /** What the sweeper sent, by rule. */
  readonly swept: Readonly<Record<string, number>>;
}

export interface Watching {
  readonly onCall?: (call: Call) => void;
  readonly trace?: (line: string) => void;
  /** When the sweeper has a look while the run goes on, ms after its beginning. */
  readonly patrols?: readonly number[];
}

export async function runCase(
  deployment: Deployment,
  scenario: Scenario,
  { mode, queue, disturbances }: Case,
  watching: Watching = {},
): Promise<Ran> {
  const meanwhile = interference(scenario);
  const lost = disturbances.find((each) => each.kind === "lose");
  const world: World = simulatedWorld({
    deployment,
    scripts: (made) => functionsOf(made),
    aliases: ALIASES,
    settings: { mode },
    hostility: { ...QUEUES[queue], ...(lost && { lose: new Set([lost.at]) }) },
    faults: disturbances.flatMap((each) => faultOf(each, () => world, meanwhile.act)),
    ...(watching.onCall && { onCall: watching.onCall }),
    trace: watching.trace,
  });
  const swept: Record<string, number> = {};
  const patrol = async (): Promise<void> => {
    for (const [rule, times] of Object.entries(await world.callers.sweep())) swept[rule] = (swept[rule] ?? 0) + times;
  };
  for (const ms of lost === undefined ? (watching.patrols ?? []) : RESCUES_MS) void world.clock.sleep(ms).then(patrol);
  void world.callers.start({ flow: scenario.name, name: EXECUTION, input: scenario.input });
  if (scenario.act) void world.busy(scenario.act(world));
  let rest = await world.run(JUMPS);
  for (let round = 0; lost !== undefined && rest === "at rest" && round < ROUNDS && isRunning(world.witness); round++) {
    await world.clock.pass(ROUND_MS);
    await world.clock.runUntil(patrol());
    rest = await world.run(JUMPS);
  }
  const outcome = await outcomeOf(world);
  return {
    outcome,
    wrong: [
      ...(rest === "at rest" ? [] : [`the world is ${rest}`]),
      ...(await verify(world, outcome)),
      ...calledTwice(world, scenario),
    ],
    calls: world.gate.calls(),
    messages: world.queue.sent(),
    copies: world.queue.copies(),
    transitions: world.witness.entries.size,
    interference: meanwhile.done,
    swept,
  };
}

/** Attempts of a step with `onLost: fail` that were called more than once. */
function calledTwice({ witness }: World, { once }: Scenario): readonly string[] {
  const twice = [...witness.calls].filter(([, { step, owners }]) => step === once && owners.length > 1);
  return twice.map(([attempt, { owners }]) => `attempt ${attempt} was called by ${owners.join(" and ")}`);
}

function faultOf(
  disturbance: Disturbance,
  world: () => World,
  act: ReturnType<typeof interference>["act"],
): readonly Fault[] {
  switch (disturbance.kind) {
    case "lose":
      return [];
    case "crash":
    case "fail":
      return [{ at: disturbance.at, when: disturbance.when, blow: { kind: disturbance.kind } }];
    case "stall":
      return [{ at: disturbance.at, when: disturbance.when, blow: { kind: "stall", ms: disturbance.ms } }];
    default: {
      const { kind, at } = disturbance;
      return [{ at, when: "before", blow: { kind: "meanwhile", act: () => act(world(), kind) } }];
    }
  }
}
