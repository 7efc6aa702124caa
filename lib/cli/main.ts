/** The program of bin/stepwell.mjs. */
import { runCommand } from "./command.ts";
import { systemTerminal } from "./terminal.ts";

/** Runs the command line; the process ends by itself, with its exit code set, when all is done. */
export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await runCommand(argv, systemTerminal());
}
