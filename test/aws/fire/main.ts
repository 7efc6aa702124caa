/**
 * Fire as a command: `node test/aws/fire/main.ts [--executions N] [--kills N] [--seed N] [--flows mixed|chains]`. Executions of
 * all kinds on the handlers in an emulator, behind the fault proxy; the workers are killed besides when it is said how often.
 * The last line is the sum; the exit code is 1 when there was a violation.
 */
import { parseArgs } from "node:util";
import { FIRE } from "./fire.ts";
import { CHAINS, MIXED } from "./fire-work.ts";
import { runFire, summaryOf } from "./run.ts";

const { values } = parseArgs({
  options: {
    executions: { type: "string", default: "2000" },
    kills: { type: "string", default: "0" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    flows: { type: "string", default: "mixed" },
    within: { type: "string" },
  },
});
const [seed, executions, kills] = [Number(values.seed), Number(values.executions), Number(values.kills)];
const flows = values.flows === "chains" ? CHAINS : MIXED;
const within = Number(values.within ?? 120 + executions);
console.log(`seed ${seed}`);
const began = performance.now();
const ran = await runFire({ seed, executions, kills, flows, rates: FIRE, within });
for (const violation of ran.violations.slice(0, 50)) console.log(`VIOLATION ${violation}`);
console.log(summaryOf(ran));
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
console.log(`${ran.executions} executions, ${ran.kills} kills, ${ran.violations.length} violations`);
process.exitCode = ran.violations.length === 0 ? 0 : 1;
