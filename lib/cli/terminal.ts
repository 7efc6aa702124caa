/** What a command is given of the process it runs in: tests give it something else. */
import { constants } from "node:os";
import type { Readable } from "node:stream";

export interface Terminal {
  /** Results: what another program may read. */
  out(text: string): void;
  /** Everything said to a person. */
  err(text: string): void;
  /** A person watches stderr: lines may be drawn over. */
  readonly live: boolean;
  /** stderr takes colours. */
  readonly color: boolean;
  readonly stdin: Readable;
  /** Calls back when the user, or the system, wants the program to stop: once; the next time it ends at once. Returns what calls it off. */
  onInterrupt(listener: (signal: number, name: string) => void): () => void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A Ctrl-C may arrive twice: from the terminal, and passed on by the launcher. Signals that close together are one, ms. */
const SAME_SIGNAL_MS = 250;

/** This process's own. A reader that goes away (`stepwell … | head -1`) is no error. */
export function systemTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  const live = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    live,
    // https://no-color.org: set to anything but the empty text.
    color: live && (process.env.NO_COLOR ?? "") === "",
    get stdin() {
      return process.stdin;
    },
    onInterrupt(listener) {
      let first: number | undefined;
      const heard = (name: NodeJS.Signals) => {
        const signal = constants.signals[name];
        const now = performance.now();
        if (first === undefined) {
          first = now;
          listener(signal, name);
        } else if (now - first > SAME_SIGNAL_MS) {
          process.exit(128 + signal);
        }
      };
      for (const name of SIGNALS) process.on(name, heard);
      return () => {
        for (const name of SIGNALS) process.off(name, heard);
      };
    },
  };
}
