/**
 * A virtual year: executions that wait for seconds to months are started all over it, and each one's end is held against what its
 * flow says. The sweeper comes round every day; where nothing was lost it must find nothing.
 */
import { isDeepStrictEqual } from "node:util";
import { StepwellError } from "../../lib/fdl/errors.ts";
import { deployFlow, heartbeat, reportTask, startExecution, sweep } from "../../lib/runtime/index.ts";
import type { Header, Packed } from "../../lib/runtime/ports/journal.ts";
import { readToken } from "../../lib/runtime/token.ts";
import { turn } from "../../lib/sim/clock.ts";
import { dice } from "../../lib/sim/dice.ts";
import { drawLong, forever, LONG_FLOWS, longFunctions, type PlannedLong, YEAR } from "./long-flows.ts";
import { type Climate, longWorld, type Mishap, NEW_YEAR, type Whom } from "./long-world.ts";

const DAY_MS = 86_400_000;

/** Timer events of an average execution. */
const TIMERS_EACH = 32;

/** Executions that only the sweeper ends. */
const FOREVER = 3;

/** A port that failed delays an execution by its message's visibility, at most two of them and a lease; the sweeper heals a loss at its next round, or the one after. */
const DELAY_MS: Record<Mishap, number> = { failed: 200_000, lost: 2.1 * DAY_MS };

/** "To the second". */
const SECOND_MS = 1_000;

export interface Year {
  /** Waits that were over, retries that were due, attempts and executions that timed out. */
  readonly timers: number;
  readonly executions: number;
  readonly sweeps: number;
  /** What the sweeper sent again, by rule. */
  readonly swept: Readonly<Record<string, number>>;
  readonly mishaps: Readonly<Record<Mishap, number>>;
  /** The latest end of an execution that nothing but the weather befell, ms after it should have been. */
  readonly latestMs: number;
  /** Most executions that ran at the same time. */
  readonly mostRunning: number;
  /** What the world holds at the end, by `measure`, less what there was before it began. */
  readonly held: number;
  /** How long it all took in virtual days, with the time until all was forgotten. */
  readonly days: number;
  readonly violations: readonly string[];
}

export interface YearOptions {
  readonly seed: number;
  /** About so many timer events. */
  readonly timers: number;
  readonly climate: Climate;
  /** 0: the sweeper never comes. A day unless told. */
  readonly sweepEveryMs?: number;
  /** Bytes in use now; 0 unless told. */
  readonly measure?: () => number;
}

interface Running extends PlannedLong {
  readonly mishaps: Record<Mishap, number>;
}

export async function longYear({
  seed,
  timers: wanted,
  climate,
  sweepEveryMs = DAY_MS,
  measure = () => 0,
}: YearOptions): Promise<Year> {
  // What an earlier year has left to settle is none of this one's.
  await turn();
  const before = measure();
  const chance = dice(seed);
  const violations: string[] = [];
  const running = new Map<string, Running>();
  const byStartId = new Map<string, Running>();
  const mishaps = { failed: 0, lost: 0 };
  const swept: Record<string, number> = {};
  let [timers, executions, sweeps, latestMs, mostRunning, unread] = [0, 0, 0, 0, 0, 0];
  let started = false;

  const world = longWorld({
    climate,
    dice: dice(seed + 1),
    functions: (clock) =>
      longFunctions({
        sleep: (ms) => clock.sleep(ms),
        report: (token, output) => told(reportTask(world.runtime, token, { kind: "succeeded", output })),
        beat: (token) => told(heartbeat(world.runtime, token)),
      }),
    settings: {
      observe({ event }) {
        if (event.kind === "elapsed" || (event.kind === "reported" && event.verdict.kind === "timedOut")) timers++;
      },
    },
    onMishap(kind, whom) {
      mishaps[kind]++;
      const hit = hitBy(whom);
      if (hit) hit.mishaps[kind]++;
    },
    onStart(header) {
      // What befalls a child delays its parent.
      const parent = header.parentToken === undefined ? undefined : hitBy(header);
      if (parent) byStartId.set(header.startId, parent);
    },
    onError: (error) => violations.push(`a handler threw ${error instanceof Error ? error.stack : error}`),
    onEnd(header, output) {
      unread++;
      void ended(header, output).finally(() => unread--);
    },
  });
  const { clock, journal, runtime } = world;

  /** Whose end is delayed by what befell this execution. */
  function hitBy({ startId = "", parentToken }: Whom): Running | undefined {
    const known = byStartId.get(startId);
    if (known !== undefined || parentToken === undefined) return known;
    return byStartId.get(readToken(runtime.ports.keys, parentToken).startId);
  }

  /** Ends of `header` as they should be, in time and in what it has to say. */
  async function ended(header: Header, packed: Packed | undefined): Promise<void> {
    const trueNow = clock.now();
    if (header.status === "TimedOut") timers++;
    const { ref, startId, flow, startedAt, endedAt = 0, status, error } = header;
    const plan = running.get(ref.name);
    byStartId.delete(startId);
    if (plan === undefined) {
      if (header.parentToken === undefined) violations.push(`${flow}/${ref.name} was never started, or ended twice`);
      return;
    }
    running.delete(ref.name);
    const { ifLost } = plan.expected;
    const expected = plan.mishaps.lost > 0 && ifLost?.status === status ? ifLost : plan.expected;
    const output = packed === undefined ? undefined : await runtime.claims.unpack(packed);
    if (
      !isDeepStrictEqual(
        { status, error, output },
        { status: expected.status, error: expected.error, output: expected.output },
      )
    )
      violations.push(
        `${flow}/${ref.name} ended ${status} ${error ?? ""} ${JSON.stringify(output)}, not ${JSON.stringify(expected)}`,
      );
    const late = endedAt - startedAt - expected.afterMs;
    const [ahead, allowed] = [Math.max(...climate.skewMs.map(Math.abs)), allowance(plan)];
    if (late < 0 || trueNow - startedAt - expected.afterMs < -ahead - 1) {
      violations.push(`${flow}/${ref.name} ended ${late} ms after its time, at ${trueNow - startedAt} ms: too early`);
    } else if (late > allowed) {
      violations.push(`${flow}/${ref.name} ended ${late} ms after its time, more than ${allowed} ms: too late`);
    }
    if (plan.mishaps.failed + plan.mishaps.lost === 0 && !expected.bySweeper) latestMs = Math.max(latestMs, late);
  }

  /** How late an execution may end, ms: by a second where nothing delays anything. */
  function allowance({ expected: { hops, bySweeper }, mishaps: { failed, lost } }: Running): number {
    // A message that a slow clock holds back comes twice, each time as late as the weather has it.
    const hop = 3 * climate.lagMs + 3 * (Math.max(...climate.skewMs) - Math.min(...climate.skewMs));
    const sweeper = bySweeper ? sweepEveryMs + DAY_MS / 2 : 0;
    return SECOND_MS + hops * hop + failed * DELAY_MS.failed + lost * DELAY_MS.lost + sweeper;
  }

  async function start(plan: PlannedLong): Promise<void> {
    const name = `e${++executions}`;
    const mine: Running = { ...plan, mishaps: { failed: 0, lost: 0 } };
    running.set(name, mine);
    mostRunning = Math.max(mostRunning, running.size);
    const lostBefore = mishaps.lost;
    const header = await startExecution(runtime, { flow: plan.flow, name, input: plan.input });
    // Its first message may be lost before anybody knows whose it was.
    mine.mishaps.lost += mishaps.lost - lostBefore;
    if (running.has(name)) byStartId.set(header.startId, mine);
  }

  async function startAll(): Promise<void> {
    for (let one = 0; one < FOREVER; one++) await start(forever());
    const count = Math.ceil(wanted / TIMERS_EACH);
    for (let one = 0; one < count; one++) {
      const at = NEW_YEAR + Math.floor(((one + chance.next()) / count) * YEAR * 1_000);
      await clock.sleep(at - clock.now());
      await start(drawLong(chance, clock.now(), (NEW_YEAR + YEAR * 1_000 - clock.now()) / 1_000));
    }
    started = true;
  }

  async function patrol(): Promise<void> {
    while (sweepEveryMs > 0) {
      await clock.sleep(sweepEveryMs);
      sweeps++;
      for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
        const round = await sweep(runtime, cursor === undefined ? {} : { cursor });
        for (const [rule, count] of Object.entries(round.sent)) swept[rule] = (swept[rule] ?? 0) + count;
        cursor = round.cursor;
      }
      journal.forget();
    }
  }

  for (const [name, definition] of Object.entries(LONG_FLOWS)) await deployFlow(runtime.ports, { name, definition });
  void startAll();
  void patrol();
  const over = () => started && running.size === 0 && unread === 0 && world.idle() && journal.held() === 0;
  if (!(await world.run(over, NEW_YEAR + 3 * YEAR * 1_000))) {
    const left = [...running.keys()].slice(0, 5).join(", ");
    violations.push(
      `not over: ${running.size} executions run (${left}), ${world.left()}, ${journal.held()} are remembered`,
    );
  }
  const held = measure() - before;
  world.close();
  const healed = Object.entries(swept).reduce((sum, [, count]) => sum + count, 0);
  if (healed > mishaps.lost + FOREVER)
    violations.push(`the sweeper sent ${JSON.stringify(swept)} where ${mishaps.lost} messages were lost`);
  const days = Math.round((clock.now() - NEW_YEAR) / DAY_MS);
  return { timers, executions, sweeps, swept, mishaps, latestMs, mostRunning, held, days, violations };
}

/** A report or a heartbeat; one that comes too late is refused, which is as it should be. */
async function told(report: Promise<unknown>): Promise<void> {
  try {
    await report;
  } catch (error) {
    if (!(error instanceof StepwellError) || error.code !== "TaskAlreadyCompleted") throw error;
  }
}
