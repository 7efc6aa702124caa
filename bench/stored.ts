/**
 * `node bench/stored.ts`: a server whose store holds a million ended executions beside one whose store is empty. Both run
 * at the same time and are asked in turn.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { builtCommand } from "./command.ts";
import { addCopies, copyName } from "./copies.ts";
import { untilIdle } from "./idle.ts";
import { type Latencies, latencies, timed } from "./latency.ts";
import { machine } from "./machine.ts";
import { memoryKb } from "./processes.ts";
import { median } from "./statistics.ts";
import { type Stepwell, startStepwell } from "./stepwell.ts";
import { temporaryFolder } from "./temporary.ts";

const { values: options } = parseArgs({
  options: {
    executions: { type: "string", default: "1000000" },
    runs: { type: "string", default: "5" },
    /** Another command than this checkout's. */
    stepwell: { type: "string" },
  },
});
const [executions, runs] = [Number(options.executions), Number(options.runs)];
const SAMPLES = 400;
const ORIGINAL = { flow: "w1", name: "original" };
/** A full store may be slower than an empty one by this factor. */
const TARGET = 1.1;

/** Runs one execution, has it copied, and starts the server again. */
async function fill(folder: string): Promise<Stepwell> {
  const first = await startStepwell({ program, folder });
  await first.startFlow(ORIGINAL.flow, ORIGINAL.name);
  await first.describe(ORIGINAL.flow, ORIGINAL.name, 60);
  await first.stop();
  const wrote = await timed(() => addCopies(first.store, { ...ORIGINAL, count: executions }));
  const gigabytes = bytesIn(first.store) / 1e9;
  console.log(
    `${executions.toLocaleString("en")} ended executions written in ${(wrote / 1000).toFixed(0)} s: ${gigabytes.toFixed(2)} GB`,
  );
  let server = first;
  const ready = await timed(async () => {
    server = await startStepwell({ program, folder });
  });
  const idle = await untilIdle(server.pid);
  console.log(`ready ${(ready / 1000).toFixed(1)} s after its start, idle ${idle.toFixed(1)} s later`);
  return server;
}

/** Median of DescribeExecution of stored executions anywhere in the store, ms. */
async function describeStored(server: Stepwell): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const name = copyName(Math.floor(((i * 0.618_033_988_75) % 1) * executions)); // spread evenly
    times.push(await timed(() => server.describe(ORIGINAL.flow, name, 0)));
  }
  return median(times);
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

console.log(`${machine()}; medians of ${runs} runs of ${SAMPLES} calls`);
const program = await builtCommand(options.stepwell);
const folder = temporaryFolder("stepwell-stored-");
const empty = await startStepwell({ program });
const full = await fill(folder.path);
try {
  await latencies([empty, full], SAMPLES); // warm-up
  const measured: (readonly Latencies[])[] = [];
  for (let run = 0; run < runs; run++) measured.push(await latencies([empty, full], SAMPLES));
  let held = true;
  for (const call of ["start", "describe"] as const) {
    const [of0, of1] = [0, 1].map((server) => median(measured.map((run) => run[server]?.[call] ?? Number.NaN)));
    const ratio = (of1 ?? Number.NaN) / (of0 ?? Number.NaN);
    held &&= ratio <= TARGET;
    console.log(`${call.padEnd(10)} empty ${of0?.toFixed(3)} ms, full ${of1?.toFixed(3)} ms: ${ratio.toFixed(2)}`);
  }
  console.log(`describe of stored ones anywhere ${(await describeStored(full)).toFixed(3)} ms`);
  const memory = (server: Stepwell) => `${(memoryKb(server.pid).anonymous / 1024).toFixed(0)} MB`;
  console.log(`memory allocated: empty ${memory(empty)}, full ${memory(full)}`);
  console.log(`target: start and describe at most ${TARGET} times those of an empty store: ${held ? "met" : "MISSED"}`);
} finally {
  await empty.stop();
  await full.stop();
  folder.remove();
}
