/** Time for tests: waits under a minute's time-out end at once and are written down; time-outs end when the test says so. */
import type { Time } from "../time.ts";

export interface InstantTime extends Time {
  /** How long each wait was to be. */
  readonly waits: number[];
  /** Lets everything time out that waits for that long. */
  expire(ms: number): void;
}

/** `timeouts`: lengths that are time-outs and no waits. */
export function instantTime(timeouts: readonly number[] = [30_000, 5_000_000]): InstantTime {
  let now = Date.UTC(2026, 0, 1);
  const waits: number[] = [];
  const pending = new Map<() => void, number>();
  return {
    waits,
    now: () => now,
    random: () => 0,
    after(ms, call) {
      if (timeouts.includes(ms)) {
        pending.set(call, ms);
        return () => pending.delete(call);
      }
      let cancelled = false;
      waits.push(ms);
      now += ms;
      queueMicrotask(() => cancelled || call());
      return () => {
        cancelled = true;
      };
    },
    expire(ms) {
      for (const [call, length] of pending) {
        if (length !== ms) continue;
        pending.delete(call);
        call();
      }
    },
  };
}
