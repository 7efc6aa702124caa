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

/** What may be done to a stream: only a terminal can be drawn on, and people may not want colours. */
export function looks(
  stream: { readonly isTTY?: boolean },
  env: { readonly [name: string]: string | undefined },
): Pick<Terminal, "live" | "color"> {
  const live = stream.isTTY === true && env.TERM !== "dumb";
  // https://no-color.org: set to anything but the empty text.
  return { live, color: live && (env.NO_COLOR ?? "") === "" };
}

/** This process's own. A reader that goes away (`stepwell … | head -1`) is no error. */
export function systemTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    ...looks(process.stderr, process.env),
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
        // Once heard, the same signal may still be on its way a second time: it must not kill what is being said last.
        if (first !== undefined) return;
        for (const name of SIGNALS) process.off(name, heard);
      };
    },
  };
}
