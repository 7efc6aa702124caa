/** The command that is measured, and what it takes to call it from a shell. */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { buildCommand } from "../scripts/build.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ONE_STEP = ["bench/one-step.yml", "--input", "{}", "--functions", "bench/one-step.fixture.mjs", "--json"];

/** The command's file: `given`, of another checkout perhaps, or this checkout's, built from what stands in it now. */
export async function builtCommand(given: string | undefined): Promise<string> {
  if (given !== undefined) return resolve(given);
  await buildCommand(join(root, "dist"));
  return join(root, "bin", "stepwell.mjs");
}

/** Wall clock of `stepwell run` of a flow with one task, process start to exit, ms. */
export function oneStep(program: string): number {
  const begun = performance.now();
  execFileSync(process.execPath, [program, "run", ...ONE_STEP], { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
  return performance.now() - begun;
}
