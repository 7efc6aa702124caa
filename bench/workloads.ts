/**
 * Six workloads that any durable workflow engine can run, through one adapter each (system.ts). Each gives its figures of
 * one run; compare.ts takes medians over runs.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { timed } from "./latency.ts";
import { meter } from "./processes.ts";
import { mean, percentile } from "./statistics.ts";
import { type Kind, STEPS, type System } from "./system.ts";

/** Figures by name; times in ms unless the name says otherwise. */
export type Figures = { readonly [figure: string]: number };

/** How often each workload does its thing. */
export interface Sizes {
  /** Executions one after another, of W1 and of W2. */
  readonly serial: number;
  /** Executions of W3 and W3b, and how many are in flight at a time. */
  readonly many: number;
  readonly lanes: number;
  readonly timers: number;
  readonly callbacks: number;
}

export const FULL: Sizes = { serial: 200, many: 2_000, lanes: 50, timers: 200, callbacks: 100 };
export const QUICK: Sizes = { serial: 50, many: 500, lanes: 50, timers: 50, callbacks: 30 };

export interface Workload {
  readonly name: string;
  /** What it does, for people. */
  readonly title: string;
  measure(system: System, sizes: Sizes): Promise<Figures>;
}

export const WORKLOADS: readonly Workload[] = [
  {
    name: "W1",
    title: "one step, one execution after another",
    measure: (system, sizes) => serial(system, "w1", sizes.serial),
  },
  {
    name: "W2",
    title: "ten steps, one execution after another",
    measure: (system, sizes) => serial(system, "w2", sizes.serial),
  },
  { name: "W3", title: "five steps, 50 executions at a time, each started and awaited", measure: throughput },
  { name: "W3b", title: "five steps, all started as fast as they are taken, then awaited", measure: burst },
  {
    name: "W4",
    title: "500 parallel steps, joined",
    measure: async (system) => ({ ms: await timed(() => system.run("fan", newKey("fan"))) }),
  },
  { name: "W5", title: "timers of two seconds, all at once: how late they are", measure: timers },
  { name: "W6", title: "callback: from the report to the end of the execution", measure: callbacks },
];

/** Compiles what will be measured: code that ran a few times only says little of a server that runs for days. */
export async function warmUp(system: System, sizes: Sizes): Promise<void> {
  await serial(system, "w1", sizes.serial);
  await inLanes(sizes.many / 2, sizes.lanes, () => system.run("w3", newKey("warm")));
}

async function serial(system: System, kind: Kind, count: number): Promise<Figures> {
  const commits = await system.commits?.();
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await timed(() => system.run(kind, newKey(kind))));
  return {
    p50: percentile(times, 50),
    p99: percentile(times, 99),
    ...(commits === undefined ? {} : { commits: (((await system.commits?.()) ?? Number.NaN) - commits) / count }),
  };
}

async function throughput(system: System, { many, lanes }: Sizes): Promise<Figures> {
  return costs(system, many, async () => {
    await inLanes(many, lanes, () => system.run("w3", newKey("w3")));
  });
}

async function burst(system: System, { many, lanes }: Sizes): Promise<Figures> {
  const handles: string[] = [];
  let accepted = 0;
  const figures = await costs(system, many, async () => {
    accepted = await timed(() =>
      inLanes(many, lanes, async () => {
        handles.push(await system.start("w3", newKey("w3b")));
      }),
    );
    await Promise.all(handles.map((handle) => system.wait(handle)));
  });
  return { ...figures, acceptedPerSecond: many / (accepted / 1000) };
}

/** Runs executions of w3 and says how fast that was and what it took: the system with all its processes, and this one, the client. */
async function costs(system: System, executions: number, work: () => Promise<void>): Promise<Figures> {
  const steps = executions * STEPS.w3;
  const own = process.cpuUsage();
  const commits = await system.commits?.();
  const stop = meter(system.groups);
  const seconds = (await timed(work)) / 1000;
  const groups = Object.entries(stop());
  const { user, system: kernel } = process.cpuUsage(own);
  const took = groups.reduce((sum, [, usage]) => sum + usage.seconds, 0);
  const perThousand = (spent: number) => spent / (steps / 1000);
  return {
    executionsPerSecond: executions / seconds,
    stepsPerSecond: steps / seconds,
    cpuPerThousand: perThousand(took),
    cpuPerThousandWithClient: perThousand(took + (user + kernel) / 1e6),
    peakMb: groups.reduce((sum, [, usage]) => sum + usage.peakMb, 0),
    ...(commits === undefined ? {} : { commits: (((await system.commits?.()) ?? Number.NaN) - commits) / executions }),
  };
}

async function timers(system: System, { timers: count }: Sizes): Promise<Figures> {
  const late = await Promise.all(
    Array.from({ length: count }, async () => (await timed(() => system.run("sleep", newKey("sleep")))) - 2_000),
  );
  return { mean: mean(late), max: Math.max(...late), min: Math.min(...late) };
}

async function callbacks(system: System, { callbacks: count }: Sizes): Promise<Figures> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const { token, done } = await system.callback(newKey("callback"));
    // The execution is suspended by then: else the report would be measured together with the submission.
    await sleep(20);
    times.push(
      await timed(async () => {
        await system.answer(token);
        await done;
      }),
    );
  }
  return { p50: percentile(times, 50), p99: percentile(times, 99) };
}

/** Does something `count` times, in so many lanes at a time. */
export async function inLanes(count: number, lanes: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (left-- > 0) await work();
    }),
  );
}

let keys = 0;
const era = Date.now().toString(36);

/** Unique, also among the keys of earlier runs. */
function newKey(prefix: string): string {
  return `${prefix}-${era}-${keys++}`;
}
