/**
 * Power cuts as a command: `node test/power/main.ts [--short] [--seed N] [--lie fdatasync|fsync|dsync] [--unsettled]`. The
 * last line is the sum; the exit code is 1 when something acknowledged was lost or a store was not in order, 2 when there is
 * no C compiler. `--lie` and `--unsettled` are sabotages, which must be found.
 */
import { parseArgs } from "node:util";
import { bundleServer } from "../chaos/server-bundle.ts";
import { runBeginnings } from "./beginnings.ts";
import { type CutsRan, runCuts } from "./cuts.ts";
import { canForget, type Lie } from "./disk.ts";

/** Lines that are shown of each kind. */
const SHOWN = 20;

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    rounds: { type: "string" },
    lie: { type: "string", multiple: true, default: [] },
    unsettled: { type: "boolean", default: false },
  },
});

if (canForget()) process.exitCode = await run();
else {
  console.log("this needs Linux and a C compiler (cc), to see what a process writes and syncs: install gcc or clang");
  process.exitCode = 2;
}

async function run(): Promise<number> {
  const seed = Number(values.seed);
  console.log(`seed ${seed}`);
  const bundle = await bundleServer();
  const { program } = bundle;
  const lies = values.lie as Lie[];
  const { unsettled } = values;
  const rounds = Number(values.rounds ?? (values.short ? 20 : 200));
  try {
    const sabotaged = lies.length > 0 || unsettled;
    const all = sabotaged ? [] : [await told("beginnings", runBeginnings({ program, seed }))];
    all.push(await told("cuts", runCuts({ program, seed, rounds, lies, unsettled })));
    const sum = (of: (ran: CutsRan) => number) => all.reduce((total, ran) => total + of(ran), 0);
    console.log(
      `${sum((ran) => ran.rounds)} rounds, ${sum((ran) => ran.acknowledgements)} acknowledgements, ${sum((ran) => ran.lost)} lost`,
    );
    return sum((ran) => ran.lost + ran.violations.length) === 0 ? 0 : 1;
  } finally {
    bundle.remove();
  }
}

async function told(name: string, running: Promise<CutsRan>): Promise<CutsRan> {
  const began = performance.now();
  const ran = await running;
  for (const text of ran.losses.slice(0, SHOWN)) console.log(`LOST ${text}`);
  for (const text of ran.violations.slice(0, SHOWN)) console.log(`VIOLATION ${text}`);
  const starts = ran.starts.sort((one, other) => one - other);
  const start = starts.length === 0 ? "" : `, start to ready ${starts[starts.length >> 1]?.toFixed(0)} ms (median)`;
  const seconds = (performance.now() - began) / 1000 / ran.rounds;
  console.log(
    `${name}: ${ran.rounds} rounds, ${ran.sectors} sectors and ${ran.names} names taken back by ${ran.biting} cuts, ${ran.lost} lost, ${ran.violations.length} violations${start}, ${seconds.toFixed(2)} s a round`,
  );
  return ran;
}
