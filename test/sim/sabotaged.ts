/** A build of the simulation with something of the source broken, and how soon random plans find it. */
import { buildSabotaged, runBuild } from "../crash/sabotaged.ts";
import type { Sabotage } from "./sabotages.ts";

const ENTRY = new URL("./main.ts", import.meta.url);

/** No sabotage may keep the simulation busy for longer. */
const TIMEOUT_MS = 600_000;

export interface Verdict {
  /** After so many runs; absent: none of them found it. */
  readonly foundIn?: number;
  /** The first thing that was wrong, or why there is none. */
  readonly text: string;
}

/** Builds the sabotaged simulation and runs plans of the seed, up to the first violation. */
export async function simulateSabotaged(
  { name, edits }: Sabotage,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): Promise<Verdict> {
  const file = await buildSabotaged(ENTRY, name, edits);
  const args = ["--seed", `${seed}`, "--runs", `${runs}`, "--jobs", "1", "--first"];
  const { code, output } = await runBuild(file, args, TIMEOUT_MS);
  const [, run, text] = /^VIOLATION in run (\d+):\n {2}(.*)$/m.exec(output) ?? [];
  if (code === 1 && run !== undefined && text !== undefined) return { foundIn: Number(run) + 1, text };
  return { text: code === 0 ? "no violation" : `ended with ${code}: ${output.slice(-500)}` };
}
