/**
 * The virtual clock of contract suites, for an adapter that talks to an emulator: its time is the emulator's, and it stands
 * still while a request is under way. So a suite about delays of minutes takes as long as its requests do.
 */
import { dueHeap } from "../../lib/memory/due-heap.ts";
import { turn, type VirtualClock } from "../../lib/sim/clock.ts";
import type { TimedMinistack } from "./ministack.ts";

export interface EmulatorClock extends VirtualClock {
  /** Counts the requests of an SDK client as things that time waits for; returns the client. */
  watching<C extends Watchable>(client: C): C;
}

interface Watchable {
  readonly middlewareStack: {
    add(middleware: unknown, options: unknown): void;
  };
}

/** A clock at `start` (ms), which must be the emulator's time. Its millisecond is `scale` milliseconds of the emulator. */
export function emulatorClock(emulator: TimedMinistack, start: number, scale = 1): EmulatorClock {
  const sleepers = dueHeap<() => void>();
  let now = start;
  let underWay = 0;

  /** All that can happen at this moment has happened. */
  async function settled(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet = underWay === 0 ? quiet + 1 : 0) await turn();
  }

  async function moveTo(time: number): Promise<void> {
    now = time;
    await emulator.setTime(start + (time - start) * scale);
  }

  async function advanceUntil(done: () => boolean, limit: number): Promise<void> {
    for (let jumps = 0; ; jumps++) {
      await settled();
      if (done()) return;
      const next = sleepers.first();
      if (jumps === limit || next === undefined) throw new Error(`not done at ${new Date(now).toISOString()}`);
      sleepers.remove(next);
      await moveTo(next.due);
      next.value();
    }
  }

  async function runUntil<T>(promise: Promise<T>, limit?: { readonly limit?: number }): Promise<T>;
  async function runUntil(predicate: () => boolean, limit?: { readonly limit?: number }): Promise<void>;
  async function runUntil(until: Promise<unknown> | (() => boolean), { limit = 100_000 } = {}) {
    if (typeof until === "function") return advanceUntil(until, limit);
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    until.then(settle, settle);
    await advanceUntil(() => isSettled, limit);
    return until;
  }

  return {
    now: () => now,
    sleep(ms, signal) {
      if (!(ms > 0) || signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper = sleepers.add(now + ms, wake);
        function wake(): void {
          sleepers.remove(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        }
        signal?.addEventListener("abort", wake, { once: true });
      });
    },
    advance() {
      throw new Error("an emulator's time cannot be moved at once: use pass or runUntil");
    },
    pending: () => sleepers.size(),
    async pass(ms) {
      const end = now + ms;
      await settled();
      for (let next = sleepers.first(); next !== undefined && next.due <= end; next = sleepers.first()) {
        sleepers.remove(next);
        await moveTo(next.due);
        next.value();
        await settled();
      }
      await moveTo(end);
    },
    runUntil,
    watching(client) {
      const middleware = (next: (args: unknown) => Promise<unknown>) => async (args: unknown) => {
        underWay++;
        try {
          return await next(args);
        } finally {
          underWay--;
        }
      };
      client.middlewareStack.add(middleware, { step: "initialize", name: "timeWaits" });
      return client;
    },
  };
}
