/**
 * `npm run bench`: what the engine, the command and the server cost on this machine, and the server beside a peer.
 * Medians of five runs; each row says what it measured. `npm run bench -- --help` lists the options.
 */
import { parseArgs } from "node:util";
import { builtCommand, oneStep } from "./command.ts";
import { commitMs } from "./commits.ts";
import { compare } from "./compare.ts";
import { chain } from "./in-memory.ts";
import { machine } from "./machine.ts";
import { NotQuiet, QUIET_CORES, quiet } from "./quiet.ts";
import { report } from "./report.ts";
import { installRestate, PEERS_FOLDER, startRestate } from "./restate.ts";
import { median } from "./statistics.ts";
import { startStepwell } from "./stepwell.ts";
import { FULL, QUICK, WORKLOADS } from "./workloads.ts";

const HELP = `npm run bench -- [options]
  --only A,B      of: chain, run, ${WORKLOADS.map(({ name }) => name).join(", ")}; all when not given
  --runs N        medians of that many runs; 5 when not given
  --quick         one run, fewer executions: to see that it works
  --no-peer       without Restate
  --peers DIR     where Restate is installed, from npm, when it is missing; ${PEERS_FOLDER} when not given
  --stepwell FILE the command that is measured, of another checkout perhaps; this one's, built anew, when not given
  --wait S        how long to wait for a quiet machine; 60 when not given
  --load CORES    foreign load that counts as quiet; ${QUIET_CORES} when not given. Figures taken under more are worth nothing.
Exit: 0 measured, 2 not measured because the machine is in use.

Beside it: node bench/suspended.ts, node bench/stored.ts, node bench/soak.ts`;

const OPTIONS = {
  only: { type: "string" },
  runs: { type: "string" },
  quick: { type: "boolean", default: false },
  "no-peer": { type: "boolean", default: false },
  peers: { type: "string", default: PEERS_FOLDER },
  stepwell: { type: "string" },
  wait: { type: "string", default: "60" },
  load: { type: "string", default: String(QUIET_CORES) },
  help: { type: "boolean", default: false },
} as const;

const options = parseOptions();

function parseOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exit(1);
  }
}

const runs = Number(options.runs ?? (options.quick ? 1 : 5));
const [cores, waitSeconds] = [Number(options.load), Number(options.wait)];
const only = options.only?.split(",");
const wanted = (name: string) => only?.includes(name) ?? true;

async function main(): Promise<void> {
  const installed = options["no-peer"] ? undefined : installRestate(options.peers);
  const program = await builtCommand(options.stepwell);
  console.log(`${machine()}; medians of ${runs} run${runs === 1 ? "" : "s"} [least–most]`);
  if (cores > QUIET_CORES) console.log(`indicative only: up to ${cores} cores of foreign load are allowed`);
  await quiet([], cores, waitSeconds);
  if (wanted("chain")) await measureChain();
  if (wanted("run")) measureRun(program);
  const workloads = WORKLOADS.filter(({ name }) => wanted(name));
  if (workloads.length === 0) return;
  const commit = await commitMs();
  console.log(`commit of one small write, to the disk  ${commit.toFixed(2)} ms (median of 400)\n`);
  const starts = [
    () => startStepwell({ program }),
    ...(installed === undefined ? [] : [() => startRestate(installed)]),
  ];
  const sizes = options.quick ? QUICK : FULL;
  const say = (line: string) => console.error(line);
  const { measured, stopped } = await compare(starts, { runs, sizes, workloads, cores, waitSeconds, say });
  for (const line of report(measured, commit)) console.log(line);
  if (stopped !== undefined) throw stopped;
}

async function measureChain(): Promise<void> {
  await chain(500); // warm-up: compiled code is what is measured
  const rates = [];
  for (let run = 0; run < runs; run++) rates.push(await chain(2_000));
  const rate = Math.round(median(rates)).toLocaleString("en");
  console.log(`unfused in-memory chain of ten tasks    ${rate} transitions/s`);
}

function measureRun(program: string): void {
  oneStep(program);
  const times = [];
  for (let run = 0; run < runs; run++) times.push(oneStep(program));
  console.log(`stepwell run, one step                  ${Math.round(median(times))} ms wall clock`);
}

if (options.help) {
  console.log(HELP);
} else {
  await main().catch((error: unknown) => {
    if (!(error instanceof NotQuiet)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  });
}
