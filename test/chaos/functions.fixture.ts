/**
 * The task functions of the chaos flows. Each run of an attempt writes a line to the file that CHAOS_LOG names when it begins and one when it ends (O_APPEND: whole,
 * in order, and there whoever is killed): what really ran, seen from outside of the journal.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

interface Context {
  readonly clientContext: {
    readonly custom: {
      readonly attemptId: string;
      readonly execution: string;
      readonly step: string;
      readonly retryCount: number;
    };
  };
}

const log = process.env.CHAOS_LOG ?? "/dev/null";
const slowMs = Number(process.env.CHAOS_TASK_MS ?? 40);

function note(what: object): void {
  appendFileSync(log, `${JSON.stringify({ ...what, at: Date.now(), server: process.ppid })}\n`);
}

/** Wraps a function: notes its runs, and takes its time, a different one for each input. */
function noted<E extends { readonly n: number }>(work: (event: E, context: Context) => object) {
  return async (event: E, context: Context): Promise<object> => {
    const { attemptId, execution, step, retryCount } = context.clientContext.custom;
    note({ kind: "begin", attemptId, execution, step, n: event.n, retryCount });
    await sleep((event.n * 7) % slowMs);
    try {
      return work(event, context);
    } finally {
      note({ kind: "end", attemptId });
    }
  };
}

class Busy extends Error {
  override readonly name = "Busy";
}

export default {
  "chaos/square": noted(({ n }) => ({ square: n * n })),
  "chaos/add": noted(({ n, numbers }: { n: number; numbers: readonly number[] }) => ({
    sum: numbers.reduce((sum, one) => sum + one, n),
  })),
  /** Fails in the first attempt for every other input. */
  "chaos/flaky": noted(({ n }, { clientContext }) => {
    if (n % 2 === 1 && clientContext.custom.retryCount === 0) throw new Busy("try again");
    return { next: n + 1 };
  }),
  "chaos/refuse": noted(() => {
    throw new Error("no truck");
  }),
  /** Hands its token to whoever reads the log. */
  "chaos/ask": noted(({ n, token }: { n: number; token: string }) => {
    note({ kind: "token", token, n });
    return {};
  }),
  /** Large enough to be stored apart (claim check). */
  "chaos/grow": noted(({ n }) => ({ text: "x".repeat(70_000 + n) })),
  /** Not quite: it goes with every message and entry. */
  "chaos/swell": noted(({ n }) => ({ text: "x".repeat(50_000 + n) })),
  "chaos/measure": noted(({ n: _, text }: { n: number; text: string }) => ({ length: text.length })),
};
