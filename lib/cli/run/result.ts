/** How a run ended: its output or one JSON document for programs, a few words for people. */
import type { Terminal } from "../terminal.ts";
import { causeLines } from "./cause.ts";
import { duration } from "./duration.ts";
import type { Ended } from "./engine.ts";
import { printable } from "./screen.ts";

export interface ResultOptions {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Its status, error and cause on stderr; its output, or the whole document, on stdout. */
export async function printResult(terminal: Terminal, ended: Ended, { json, quiet }: ResultOptions): Promise<void> {
  const { name, status, output, error, cause, elapsedMs } = ended;
  const elapsed = duration(elapsedMs);
  if (status === "Succeeded") {
    if (!quiet) terminal.err(`${printable(name)} succeeded in ${elapsed}\n`);
  } else {
    terminal.err(`${printable(name)} ended ${status} after ${elapsed}\n`);
    if (error !== undefined && error !== "") terminal.err(`error: ${printable(error)}\n`);
    if (cause !== undefined && cause !== "") for (const line of causeLines(cause)) terminal.err(`${printable(line)}\n`);
  }
  if (json) {
    const document = {
      status,
      output: output ?? null,
      error: error ?? null,
      cause: cause ?? null,
      events: await ended.events(),
    };
    terminal.out(`${JSON.stringify(document, null, 2)}\n`);
  } else if (output !== undefined) {
    terminal.out(`${JSON.stringify(output, null, 2)}\n`);
  }
}
