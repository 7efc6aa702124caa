/** A measurement means something only while nothing else uses the machine: how much does, and waiting until nothing does. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { processorSeconds } from "./processes.ts";

/** Foreign load up to this is quiet, cores. */
export const QUIET_CORES = 0.2;

const WINDOW_MS = 1_500;

/** The machine is in use. */
export class NotQuiet extends Error {
  constructor(foreign: number, cores: number, seconds: number) {
    super(
      `Other processes use ${foreign.toFixed(2)} cores, and did for the last ${seconds} s: nothing measured now would mean anything. ` +
        `Measure when the machine is idle (bound: ${cores} cores; --wait S waits longer, --load CORES allows more).`,
    );
  }
}

/** Measures what other processes use; the function that it returns gives their mean load since then, in cores. `ours`: processes measured, as they are at either end. */
export function foreignLoad(ours: readonly number[]): () => number {
  const took = (pids: readonly number[]) => busySeconds() - processorSeconds([process.pid, ...pids]);
  const [begun, before] = [performance.now(), took(ours)];
  return () => Math.max(0, (took(ours) - before) / ((performance.now() - begun) / 1000));
}

/** Waits until other processes use at most `cores`. Throws NotQuiet after `waitSeconds`. */
export async function quiet(ours: readonly number[], cores: number, waitSeconds: number): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const load = foreignLoad(ours);
    await sleep(WINDOW_MS);
    const foreign = load();
    if (foreign <= cores) return;
    if (performance.now() - begun > waitSeconds * 1000) throw new NotQuiet(foreign, cores, waitSeconds);
  }
}

/** Processor time of all processors so far: user, nice, system, interrupts; not idle, nor waiting for the disk. */
function busySeconds(): number {
  const fields = readFileSync("/proc/stat", "utf8").split("\n", 1)[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
  return [0, 1, 2, 5, 6].reduce((sum, field) => sum + (fields[field] ?? 0), 0) / 100;
}
