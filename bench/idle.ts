/** A server that has nothing to do: waiting until it does nothing, and how much it does then. */
import { setTimeout as sleep } from "node:timers/promises";
import { processorSeconds } from "./processes.ts";

/** Less than this is doing nothing, cores. */
const NOTHING = 0.02;

/** Resolves when a process and its descendants have done nothing for two seconds; with the seconds that took. */
export async function untilIdle(pid: number): Promise<number> {
  const begun = performance.now();
  while ((await coresOver(pid, 2)) > NOTHING);
  return (performance.now() - begun) / 1000 - 2;
}

/** Cores that a process and its descendants use over so many seconds. */
export async function coresOver(pid: number, seconds: number): Promise<number> {
  const [begun, before] = [performance.now(), processorSeconds([pid])];
  await sleep(seconds * 1000);
  return (processorSeconds([pid]) - before) / ((performance.now() - begun) / 1000);
}
