/**
 * `node bench/suspended.ts`: many executions that wait, half of them for days, half for a callback: what they cost while
 * they do, and what they cost the others.
 */
import { parseArgs } from "node:util";
import { builtCommand } from "./command.ts";
import { coresOver, untilIdle } from "./idle.ts";
import { type Latencies, latencies, timed } from "./latency.ts";
import { machine } from "./machine.ts";
import { memoryKb } from "./processes.ts";
import { type Stepwell, startStepwell } from "./stepwell.ts";
import { temporaryFolder } from "./temporary.ts";
import { inLanes } from "./workloads.ts";

const { values: options } = parseArgs({
  options: {
    executions: { type: "string", default: "10000" },
    /** How long the idle server is watched, s. */
    seconds: { type: "string", default: "30" },
    /** Another command than this checkout's. */
    stepwell: { type: "string" },
  },
});
const [executions, seconds] = [Number(options.executions), Number(options.seconds)];
const LANES = 50;
const SAMPLES = 200;
/** Timers and heaps of an idle process come to this much; ten thousand polls a minute would not, cores. */
const TARGET_CORES = 0.005;

/** Starts them and waits until each is suspended. */
async function suspend(server: Stepwell): Promise<void> {
  let number = 0;
  await inLanes(executions, LANES, async () => {
    const i = number++;
    if (i % 2 === 0) await server.startFlow("days", `days-${i}`);
    else await server.token("cb-days", `callback-${i}`);
  });
  await untilIdle(server.pid);
}

async function measure(server: Stepwell): Promise<{ cores: number; anonymousMb: number } & Latencies> {
  const [times] = await latencies([server], SAMPLES);
  await untilIdle(server.pid);
  const cores = await coresOver(server.pid, seconds);
  return { cores, anonymousMb: memoryKb(server.pid).anonymous / 1024, ...(times ?? { start: 0, describe: 0 }) };
}

const program = await builtCommand(options.stepwell);
const folder = temporaryFolder("stepwell-suspended-");
let server = await startStepwell({ program, folder: folder.path });
try {
  console.log(`${machine()}; server with its function processes, idle for ${seconds} s`);
  await latencies([server], SAMPLES); // warm-up
  const none = await measure(server);
  const took = await timed(() => suspend(server));
  const count = executions.toLocaleString("en");
  console.log(`${count} executions started and suspended in ${(took / 1000).toFixed(1)} s`);
  const many = await measure(server);
  await server.stop();
  const back = await timed(async () => {
    server = await startStepwell({ program, folder: folder.path });
  });
  const settled = await untilIdle(server.pid);
  const again = await measure(server);
  const row = (label: string, ...cells: readonly string[]) =>
    console.log(`${label.padEnd(32)}${cells.map((cell) => cell.padStart(16)).join("")}`);
  const all = [none, many, again];
  row("", "none suspended", count, "after a restart");
  row("cores while idle", ...all.map(({ cores }) => cores.toFixed(4)));
  row("StartExecution, median ms", ...all.map(({ start }) => start.toFixed(2)));
  row("DescribeExecution, median ms", ...all.map(({ describe }) => describe.toFixed(2)));
  row("memory allocated, MB", ...all.map(({ anonymousMb }) => anonymousMb.toFixed(0)));
  console.log(`ready again after ${(back / 1000).toFixed(1)} s, idle ${settled.toFixed(1)} s later`);
  const met = Math.max(many.cores, again.cores) <= TARGET_CORES;
  console.log(`target: at most ${TARGET_CORES} cores while idle: ${met ? "met" : "MISSED"}`);
} finally {
  await server.stop();
  folder.remove();
}
