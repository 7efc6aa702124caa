/**
 * `npm run bench`: what the engine and the command cost on this machine. Medians of five runs; each row says what it measured.
 */
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { memoryBlobs } from "../lib/memory/blobs.ts";
import { recordingDestinations } from "../lib/memory/destinations.ts";
import { randomIds } from "../lib/memory/ids.ts";
import { memoryJournal } from "../lib/memory/journal.ts";
import { systemKeys } from "../lib/memory/keys.ts";
import { memoryQueue } from "../lib/memory/queue.ts";
import { scriptedFunctions } from "../lib/memory/scripted.ts";
import { systemClock } from "../lib/memory/system-clock.ts";
import { memoryTimers } from "../lib/memory/timers.ts";
import { createRuntime, deployFlow, startExecution, work } from "../lib/runtime/index.ts";

const RUNS = 5;
const root = fileURLToPath(new URL("..", import.meta.url));

/** Unfused chains of ten tasks: transitions a second through the real runtime and the memory adapters. */
async function chain(executions: number): Promise<number> {
  const [clock, ids] = [systemClock(), randomIds()];
  const queue = memoryQueue({ clock, ids });
  const ports = {
    journal: memoryJournal(),
    queue,
    timers: memoryTimers({ clock, queue }),
    functions: scriptedFunctions({ clock, functions: { "bench/step": (event) => event } }),
    destinations: recordingDestinations(),
    blobs: memoryBlobs(),
    clock,
    ids,
    keys: systemKeys({ id: "k", secret: "bench" }),
  };
  // No bound on a call, as in one process: nothing waits behind it.
  const runtime = createRuntime(ports, { maxCallMs: Number.POSITIVE_INFINITY });
  const step = (i: number) => `  - {type: task, name: step${i}, resourceArn: "acs:fc:::services/bench/functions/step"}`;
  await deployFlow(runtime.ports, {
    name: "chain",
    definition: ["version: v1", "type: flow", "steps:", ...Array.from({ length: 10 }, (_, i) => step(i))].join("\n"),
  });
  const headers = [];
  const begun = performance.now();
  for (let i = 0; i < executions; i++)
    headers.push(await startExecution(runtime, { flow: "chain", input: { order: i } }));
  const done = new AbortController();
  const worker = work(runtime, { concurrency: 64, signal: done.signal });
  for (const { ref } of headers)
    while ((await runtime.ports.journal.readHeader(ref))?.status === "Running") await clock.sleep(1);
  const seconds = (performance.now() - begun) / 1000;
  done.abort();
  await worker;
  return (executions * 11) / seconds;
}

/** Wall clock of `stepwell run` of a flow with one task, process start to exit. */
function oneStep(): number {
  const begun = performance.now();
  execFileSync(
    process.execPath,
    [
      "bin/stepwell.mjs",
      "run",
      "bench/one-step.yml",
      "--input",
      "{}",
      "--functions",
      "bench/one-step.fixture.mjs",
      "--json",
    ],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  return performance.now() - begun;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, medians of ${RUNS} runs`);
await chain(500); // warm-up: compiled code is what is measured
const rates = [];
for (let run = 0; run < RUNS; run++) rates.push(await chain(2_000));
console.log(`unfused in-memory chain of ten tasks   ${Math.round(median(rates)).toLocaleString("en")} transitions/s`);

oneStep();
const times = [];
for (let run = 0; run < RUNS; run++) times.push(oneStep());
console.log(`stepwell run, one step                 ${Math.round(median(times))} ms wall clock`);
