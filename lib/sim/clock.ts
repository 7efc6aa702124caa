/**
 * Virtual time: it stands still until somebody moves it, and then jumps to the next sleeper. A simulation of a year takes
 * as long as its transitions do, and the same run wakes the same sleepers in the same order.
 *
 * Time may only be moved when nothing can happen without it, that is when all promises have settled. In one process
 * whose code waits for this clock and for other in-process promises, that is the case when the event loop takes its next
 * turn: `turn()`. Code that waits for real I/O is not covered; it has to be awaited by whoever moves the time.
 */
import { dueHeap } from "../memory/due-heap.ts";
import type { Clock } from "../runtime/ports/clock.ts";

export interface RunLimit {
  /** Jumps after which it gives up: a loop that sleeps for ever never settles. 100,000 unless told. */
  readonly limit?: number;
}

export interface VirtualClock extends Clock {
  /** Jumps to the time of the next sleeper and wakes that one (of several due then, the one that lay down first). False: nobody sleeps. */
  advance(): boolean;
  /** How many sleep. */
  pending(): number;
  /** Lets `ms` pass: wakes whoever is due in between, one after another, each after the one before has done what it can. */
  pass(ms: number): Promise<void>;
  /**
   * Moves the time until the promise settles (returns or throws what it does) or the predicate holds. Rejects when
   * nobody sleeps any more or the limit is reached.
   */
  runUntil<T>(promise: Promise<T>, limit?: RunLimit): Promise<T>;
  runUntil(predicate: () => boolean, limit?: RunLimit): Promise<void>;
}

/** A turn of the event loop: all promises that can settle without time or I/O have settled when it resolves. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A turn without the event loop, at a fraction of the cost: all promises that can settle without time or I/O have settled, but I/O and signals were not heard of. */
export function settled(): Promise<void> {
  // A tick comes when all promise jobs are done; it has to be asked for by one of them, or it would come before the others.
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}

/** A clock that shows `start` (ms since the epoch); `still` resolves when nothing happens any more without time. */
export function virtualClock(start: number, still: () => Promise<void> = turn): VirtualClock {
  const sleepers = dueHeap<() => void>();
  let now = start;

  function advance(): boolean {
    const next = sleepers.first();
    if (next === undefined) return false;
    sleepers.remove(next);
    now = next.due;
    next.value();
    return true;
  }

  async function advanceUntil(done: () => boolean, limit: number): Promise<void> {
    for (let jumps = 0; ; jumps++) {
      await still();
      if (done()) return;
      if (jumps === limit) throw new Error(`not done after ${limit} jumps in time, at ${new Date(now).toISOString()}`);
      if (!advance()) throw new Error("not done, and nobody sleeps who could bring it about");
    }
  }

  async function runUntil<T>(promise: Promise<T>, limit?: RunLimit): Promise<T>;
  async function runUntil(predicate: () => boolean, limit?: RunLimit): Promise<void>;
  async function runUntil(until: Promise<unknown> | (() => boolean), { limit = 100_000 }: RunLimit = {}) {
    if (typeof until === "function") return advanceUntil(until, limit);
    let settled = false;
    const settle = () => {
      settled = true;
    };
    until.then(settle, settle);
    await advanceUntil(() => settled, limit);
    return until;
  }

  return {
    now: () => now,
    sleep(ms, signal) {
      if (!(ms > 0) || signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        // Who sleeps for ever waits for the signal only; time must never jump there.
        const sleeper = Number.isFinite(ms) ? sleepers.add(now + ms, wake) : undefined;
        function wake(): void {
          if (sleeper !== undefined) sleepers.remove(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        }
        signal?.addEventListener("abort", wake, { once: true });
      });
    },
    advance,
    pending: () => sleepers.size(),
    async pass(ms) {
      const end = now + ms;
      await still();
      for (let next = sleepers.first(); next !== undefined && next.due <= end; next = sleepers.first()) {
        advance();
        await still();
      }
      now = end;
    },
    runUntil,
  };
}
