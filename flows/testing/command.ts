/** Runs the commands that an example's README shows, each as a user would: in a shell, in the repository's root. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Json } from "../../lib/fdl/json.ts";

export interface Ran {
  readonly code: number | null;
  /** What `--json` prints. */
  readonly document: {
    readonly status: string;
    readonly output: Json;
    readonly error: string | null;
    readonly cause: string | null;
    readonly events: readonly { readonly EventId: number; readonly Type: string; readonly StepName: string }[];
  };
}

export const ROOT = join(import.meta.dirname, "../..");

/** The `stepwell run` commands of a README, in order. */
export function readmeCommands(folder: string): readonly string[] {
  return readFileSync(join(folder, "README.md"), "utf8").match(/^npx stepwell run .*$/gm) ?? [];
}

/** Runs the one command of the example's README that contains `part`, with `--json`. */
export async function runReadme(folder: string, part: string): Promise<Ran> {
  const [command, ...others] = readmeCommands(folder).filter((line) => line.includes(part));
  if (command === undefined || others.length > 0) throw new Error(`Not exactly one command in the README has ${part}.`);
  const launched = command.replace(/^npx stepwell/, '"$NODE" bin/stepwell.mjs');
  const shell = spawn("sh", ["-c", `${launched} --json`], {
    cwd: ROOT,
    env: { ...process.env, NODE: process.execPath },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise<number | null>((resolve) => shell.on("close", resolve));
  const [code, out, err] = await Promise.all([closed, text(shell.stdout), text(shell.stderr)]);
  if (out === "") throw new Error(`${command}\nexited with ${code} and printed nothing but:\n${err}`);
  return { code, document: JSON.parse(out) };
}

/** Type and step of each event, such as "StepEntered hello". */
export function eventTypes(events: readonly { readonly Type: string; readonly StepName: string }[]): readonly string[] {
  return events.map(({ Type, StepName }) => (StepName === "" ? Type : `${Type} ${StepName}`));
}
