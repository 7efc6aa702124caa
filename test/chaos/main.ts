/**
 * Chaos as a command: `node test/chaos/main.ts [--short | --executions N --kills K] [--seed N] [--only kills|stop]`. Executions of all kinds while the
 * server is killed (SIGKILL) fifty times, and others while it is stopped (SIGSTOP) for a minute and a half. The last line is
 * the sum; the exit code is 1 when there was a violation.
 */
import { parseArgs } from "node:util";
import { runKills } from "./kills.ts";
import type { Ran } from "./ran.ts";
import { bundleServer } from "./server-bundle.ts";
import { runStop } from "./stop.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    only: { type: "string" },
    executions: { type: "string" },
    kills: { type: "string" },
  },
});
const seed = Number(values.seed);
const usual = values.short
  ? { executions: 120, kills: 6, stopped: 24, stopSeconds: 5 }
  : { executions: 1_000, kills: 50, stopped: 80, stopSeconds: 90 };
const extent = {
  ...usual,
  executions: Number(values.executions ?? usual.executions),
  kills: Number(values.kills ?? usual.kills),
};

console.log(`seed ${seed}`);
const bundle = await bundleServer();
const { program } = bundle;
const runs: Promise<Ran>[] = [];
if (values.only !== "stop") runs.push(told("kills", runKills({ program, seed, ...extent })));
// A stopped process needs no processor: the two go together.
if (values.only !== "kills")
  runs.push(told("stop", runStop({ program, seed, executions: extent.stopped, seconds: extent.stopSeconds })));
const all = await Promise.all(runs).finally(bundle.remove);
const sum = (of: (ran: Ran) => number) => all.reduce((total, ran) => total + of(ran), 0);
const violations = sum((ran) => ran.violations.length);
console.log(`${sum((ran) => ran.executions)} executions, ${sum((ran) => ran.kills)} kills, ${violations} violations`);
process.exitCode = violations === 0 ? 0 : 1;

async function told(name: string, run: Promise<Ran>): Promise<Ran> {
  const began = performance.now();
  const ran = await run;
  for (const violation of ran.violations.slice(0, 50)) console.log(`VIOLATION ${name}: ${violation}`);
  const { executions, kills, reports, entries, attempts, starts } = ran;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${name}: ${executions} executions, ${kills} kills, ${reports} reports, ${entries} entries, ${attempts.attempts} attempts, ${attempts.reruns} reruns, ${seconds} s`,
  );
  const sorted = [...starts].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(0);
  console.log(`${name}: start to ready ${at(0.5)} ms (median), ${at(1)} ms (longest)`);
  return ran;
}
