/** Runs an example as its README says: through the stepwell command, as a process of its own. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Json } from "../../lib/fdl/json.ts";

export interface Ran {
  readonly code: number | null;
  /** What `--json` prints. */
  readonly document: Document;
}

interface Document {
  readonly status: string;
  readonly output: Json;
  readonly error: string | null;
  readonly cause: string | null;
  readonly events: readonly { readonly EventId: number; readonly Type: string; readonly StepName: string }[];
}

const LAUNCHER = join(import.meta.dirname, "../../bin/stepwell.mjs");

/** `stepwell run FLOW … --json` in the example's folder. */
export async function stepwellRun(folder: string, flow: string, ...options: readonly string[]): Promise<Ran> {
  const command = spawn(process.execPath, [LAUNCHER, "run", flow, ...options, "--json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise<number | null>((resolve) => command.on("close", resolve));
  const [code, out, err] = await Promise.all([closed, text(command.stdout), text(command.stderr)]);
  if (out === "") throw new Error(`stepwell run exited with ${code} and printed nothing but:\n${err}`);
  return { code, document: JSON.parse(out) };
}

/** Type and step of each event, such as "StepEntered hello". */
export function eventTypes(events: readonly { readonly Type: string; readonly StepName: string }[]): readonly string[] {
  return events.map(({ Type, StepName }) => (StepName === "" ? Type : `${Type} ${StepName}`));
}
