/**
 * The long runs of the simulation: `node test/sim/long.ts [--seed S] [--timers N]` lets two virtual years pass, a calm one and one
 * with weather and mishaps, which has a quarter of the timer events. The same seed says the same; only what goes to stderr tells of
 * real time and memory. The exit code is 1 when there was a violation.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { CALM, ROUGH } from "./long-world.ts";
import { longYear, type Year } from "./long-year.ts";

const HELP = `node test/sim/long.ts [options]
  --seed S      of all that is random; 1 unless told
  --timers N    timer events, about; 1000000 unless told
  --help`;

/** Most of what can be long is so in a calm year; what weather does to it shows in fewer. */
const YEARS = [
  { name: "calm", climate: CALM, share: 0.75 },
  { name: "rough", climate: ROUGH, share: 0.25 },
];

/** What the world may hold at the end: header, input and output of each execution, and some room for compiled code. Bytes. */
const HELD = { each: 4_000, room: 20_000_000 };

/** Violations that are shown. */
const SHOWN = 20;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    timers: { type: "string", default: "1000000" },
    help: { type: "boolean", default: false },
  },
});

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

if (values.help) console.log(HELP);
else process.exitCode = await runYears(whole("seed"), whole("timers"));

async function runYears(seed: number, timers: number): Promise<number> {
  const years: Year[] = [];
  for (const { name, climate, share } of YEARS) {
    const [began, user] = [performance.now(), process.cpuUsage().user];
    const year = await longYear({ seed, timers: timers * share, climate, measure: heldBytes });
    const { swept, mishaps } = year;
    const grown = year.held > HELD.room + HELD.each * year.executions;
    const violations = [...year.violations, ...(grown ? [`${year.held} bytes are held at the end`] : [])];
    years.push({ ...year, violations });
    console.log(
      `${name} year: ${year.timers} timer events, ${year.executions} executions (at most ${year.mostRunning} at once), ` +
        `${year.days} days, ${year.sweeps} sweeps, latest ${year.latestMs} ms`,
    );
    console.log(`  mishaps ${JSON.stringify(mishaps)}, swept ${JSON.stringify(swept)}`);
    for (const violation of violations.slice(0, SHOWN)) console.log(`VIOLATION: ${violation}`);
    if (violations.length > SHOWN) console.log(`… and ${violations.length - SHOWN} more`);
    const seconds = (performance.now() - began) / 1_000;
    const cpu = (process.cpuUsage().user - user) / 1_000_000;
    console.error(
      `  ${seconds.toFixed(1)} s (${cpu.toFixed(1)} s of CPU), ${Math.round(year.timers / seconds)} timer events a second, ` +
        `${Math.round(year.held / year.executions)} bytes held for each execution`,
    );
  }
  const sum = (of: (year: Year) => number) => years.reduce((total, year) => total + of(year), 0);
  const violations = sum((year) => year.violations.length);
  console.log(
    `${sum((year) => year.timers)} timer events, ${sum((year) => year.executions)} executions, ${violations} violations`,
  );
  return violations === 0 ? 0 : 1;
}

function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function whole(name: "seed" | "timers"): number {
  const text = values[name];
  if (!/^\d{1,9}$/.test(text)) {
    console.error(`--${name} has to be a whole number, not "${text}"\n\n${HELP}`);
    process.exit(2);
  }
  return Number(text);
}
