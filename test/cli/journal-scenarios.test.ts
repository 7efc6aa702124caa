/** Every scenario of the crash harness as `journal export`, `replay` and `explain` see it, while it runs and afterwards. */
import { describe, expect, test } from "vitest";
import { explanation } from "../../lib/cli/explain/explanation.ts";
import { exported } from "../../lib/cli/journal/testing/source.ts";
import { replay } from "../../lib/cli/replay/replay.ts";
import type { Trace } from "../../lib/runtime/index.ts";
import type { Fault } from "../../lib/sim/faults.ts";
import { simulatedWorld, type World } from "../../lib/sim/world.ts";
import { type Mode, QUEUES, type QueueName } from "../crash/case.ts";
import { deployFlows } from "../crash/deployed.ts";
import { ALIASES, functionsOf } from "../crash/functions.ts";
import { EXECUTION, type Scenario } from "../crash/scenario.ts";
import { SCENARIOS } from "../crash/scenarios.ts";

/** So many moments of a run are looked at, one after the other, before it may end. */
const MOMENTS = 40;
const JUMPS = 3_000;
/** The machine may be busy with other tests. */
const TIMEOUT_MS = 60_000;

const deployment = await deployFlows();

interface Watched {
  readonly world: World;
  readonly traces: readonly Trace[];
}

/** The process dies again and again: entries are taken over, calls are made again. */
const CRASHES: readonly Fault[] = [9, 14, 21, 33].map((at) => ({ at, when: "after", blow: { kind: "crash" } }));

function begin({ name, input, act }: Scenario, { mode, queue, faults }: Way): Watched {
  const traces: Trace[] = [];
  const world: World = simulatedWorld({
    deployment,
    scripts: functionsOf,
    aliases: ALIASES,
    settings: { mode, trace: (trace) => traces.push(trace) },
    hostility: QUEUES[queue],
    faults,
  });
  void world.callers.start({ flow: name, name: EXECUTION, input });
  if (act) void world.busy(act(world));
  return { world, traces };
}

/** Everything that a replay of each execution finds to differ, and what explaining it says. */
async function lookAt({ world, traces }: Watched): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const { ref } of world.witness.headers.values()) {
    if ((await world.observer.ports.journal.readHeader(ref)) === undefined) continue;
    const document = await exported(world.observer.ports, ref, traces);
    const { entries, end } = replay(document);
    found.push(
      ...end,
      ...entries.flatMap(({ entry, differences }) => (differences.length > 0 ? [entry, differences] : [])),
    );
    const { waiting, rows } = explanation(document, { now: world.clock.now(), inUse: true });
    if ((document.header.status === "Running") === (waiting.length === 0)) found.push(["waits for", waiting]);
    found.push(...waiting.filter((text) => /undefined|NaN|""|cannot be read/.test(text)));
    if (rows.length !== document.entries.length) found.push(["rows", rows.length]);
  }
  return found;
}

interface Way {
  readonly mode: Mode;
  readonly queue: QueueName;
  readonly faults: readonly Fault[];
}

const WAYS: readonly Way[] = [
  { mode: "fused", queue: "honest", faults: [] },
  { mode: "hop", queue: "twice", faults: [] },
  { mode: "fused", queue: "echo", faults: CRASHES },
];

describe.each(WAYS)("$mode, queue $queue, $faults.length crashes: what is exported replays to itself", (way) => {
  // A loop that waits for nothing has a thousand steps a transition, without end.
  const scenarios = SCENARIOS.filter(({ unending }) => !unending);
  test.each(scenarios.map((scenario) => ({ name: scenario.name, scenario })))(
    "$name",
    async ({ scenario }) => {
      const watched = begin(scenario, way);
      for (let moment = 0; moment < MOMENTS; moment++) {
        if ((await watched.world.run(1)) === "at rest") break;
        expect(await lookAt(watched)).toEqual([]);
      }
      await watched.world.run(JUMPS);
      expect(await lookAt(watched)).toEqual([]);
      expect(watched.world.witness.headers.size).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
