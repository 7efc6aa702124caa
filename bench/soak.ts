/**
 * `node bench/soak.ts --minutes N`: a server under constant mixed load. Each minute its memory; at the end how fast that
 * grew, which must be nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { builtCommand } from "./command.ts";
import { machine } from "./machine.ts";
import { memoryKb, processorSeconds } from "./processes.ts";
import { mean, slope } from "./statistics.ts";
import { startStepwell } from "./stepwell.ts";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    /** Executions a second. */
    rate: { type: "string", default: "50" },
    /** Another command than this checkout's. */
    stepwell: { type: "string" },
  },
});
const [minutes, rate] = [Number(options.minutes), Number(options.rate)];

/** More than that unfinished means that the load is not constant any more. */
const MOST_IN_FLIGHT = 2_000;
/** Heap and caches grow to their size at first: not counted. */
const SETTLING = 0.25;
/** Growth in an hour that is still flat, of the mean size; a run shorter than this, minutes, cannot tell. */
const FLAT = 0.03;
const ENOUGH_MINUTES = 30;

const server = await startStepwell({ program: await builtCommand(options.stepwell) });
const done = { executions: 0, failed: 0 };
let [inFlight, number] = [0, 0];
let emptied: (() => void) | undefined;

/** One execution of the mix: of each hundred one fan of 500, thirty that wait two seconds, twenty callbacks, chains else. */
async function one(): Promise<void> {
  const i = number++;
  const key = `soak-${i}`;
  const turn = i % 100;
  if (turn === 0) return server.run("fan", key);
  if (turn % 10 < 3) return server.run("sleep", key);
  if (turn % 10 < 5) {
    const { token, done: ended } = await server.callback(key);
    await server.answer(token);
    return ended;
  }
  return server.run(turn % 10 < 8 ? "w1" : "w3", key);
}

function launch(): void {
  if (inFlight >= MOST_IN_FLIGHT) throw new Error(`The server does not keep up with ${rate} executions/s.`);
  inFlight++;
  one()
    .then(
      () => done.executions++,
      (error: unknown) => {
        if (done.failed++ === 0) console.error(error);
      },
    )
    .finally(() => {
      if (--inFlight === 0) emptied?.();
    });
}

/** Resolves when nothing is in flight. */
function drained(): Promise<void> {
  return new Promise((resolve) => {
    emptied = resolve;
    if (inFlight === 0) resolve();
  });
}

/** Starts executions at a constant rate until `until`, ms of performance.now. */
async function load(until: number): Promise<void> {
  const begun = performance.now();
  for (let launched = 0; performance.now() < until; await sleep(10)) {
    const due = Math.min(performance.now(), until) - begun;
    for (; launched < (due / 1000) * rate; launched++) launch();
  }
}

console.log(`${machine()}; ${rate} executions/s for ${minutes} minutes`);
const points: { x: number; y: number }[] = [];
const begun = performance.now();
for (let minute = 1; minute <= minutes; minute++) {
  const [before, processor] = [done.executions, processorSeconds([server.pid])];
  await load(begun + minute * 60_000);
  const { anonymous, rss } = memoryKb(server.pid);
  points.push({ x: minute, y: anonymous / 1024 });
  const cores = (processorSeconds([server.pid]) - processor) / 60;
  console.log(
    `minute ${minute}: ${(anonymous / 1024).toFixed(1)} MB allocated, ${(rss / 1024).toFixed(0)} MB resident, ` +
      `${done.executions - before} executions ended, ${done.failed} failed, ${inFlight} in flight, ${cores.toFixed(2)} cores`,
  );
}
await drained();
await server.stop();

const settled = points.slice(Math.floor(points.length * SETTLING));
if (settled.length > 1) {
  const growth = slope(settled);
  const size = mean(settled.map(({ y }) => y));
  const verdict = growth * 60 <= size * FLAT ? "flat" : "NOT FLAT";
  console.log(
    `${size.toFixed(0)} MB, growing ${(growth * 60).toFixed(2)} MB an hour over the last ${settled.length} minutes: ` +
      `${minutes < ENOUGH_MINUTES ? "too short a run to tell" : verdict}; ${done.executions} executions, ${done.failed} failed`,
  );
}
process.exitCode = done.failed > 0 ? 1 : 0;
