/**
 * The attempts that a function process has been given: it runs one after another, and gives back those that it has not
 * begun when it is asked to. Whoever asks and gets no answer (a function keeps the process busy) may run them elsewhere:
 * an attempt begins only when all that had arrived a moment ago is read.
 */
import type { AttemptMessage } from "./protocol.ts";

export interface LinedAttempt extends AttemptMessage {
  /** ms */
  readonly deadline: number;
}

export interface AttemptLine {
  add(attempt: LinedAttempt): void;
  /** Drops those that have not begun; their ids. */
  recall(): readonly number[];
}

/** Longer than this without a look at the channel, ms, and it is looked at before an attempt begins. A tenth of how long an answer is waited for (pool.ts). */
const LOOK_AFTER_MS = 100;

/** Runs attempts by `run`, which does not reject. */
export function attemptLine(run: (attempt: LinedAttempt) => Promise<void>): AttemptLine {
  let waiting: LinedAttempt[] = [];
  let busy = false;
  let looked = performance.now();

  async function runAll(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      if (performance.now() - looked > LOOK_AFTER_MS) await look();
      const next = waiting.shift();
      if (next !== undefined) await run(next);
    }
    busy = false;
  }

  /** Between two turns of the event loop all that has arrived is read. */
  async function look(): Promise<void> {
    for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setImmediate(resolve));
    looked = performance.now();
  }

  return {
    add(attempt) {
      waiting.push(attempt);
      if (!busy) void runAll();
    },
    recall() {
      const ids = waiting.map(({ id }) => id);
      waiting = [];
      return ids;
    },
  };
}
