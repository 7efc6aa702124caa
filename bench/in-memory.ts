/** The runtime without disk, processes and network: what a transition costs by itself. */
import { performance } from "node:perf_hooks";
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

/** Unfused chains of ten tasks: transitions a second through the real runtime and the memory adapters. */
export async function chain(executions: number): Promise<number> {
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
