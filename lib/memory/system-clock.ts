/** The clock port on the machine's own clock. */
import type { Clock } from "../runtime/ports/clock.ts";

/**
 * Longest single timer, ms. Node's timers hold at most 2^31 - 1 ms, and they stand still while a laptop sleeps: a long
 * sleep is made of short ones that look at the time of day in between, so that it ends at most this late.
 */
const LONGEST_TIMER_MS = 60_000;

export interface SystemClock extends Clock {
  /** Nobody who sleeps wakes any more, and no process is kept alive by it: what slept is not wanted any more. */
  stop(): void;
}

/** Time of day; a sleep never ends before its time, as a bare timer may by a millisecond. */
export function systemClock(): SystemClock {
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  return {
    now: () => Date.now(),
    sleep(ms, signal) {
      return new Promise((resolve) => {
        const until = Date.now() + ms;
        let timer: NodeJS.Timeout | undefined;
        function drop(): void {
          if (timer === undefined) return;
          clearTimeout(timer);
          timers.delete(timer);
        }
        function end(): void {
          drop();
          signal?.removeEventListener("abort", end);
          resolve();
        }
        function rest(): void {
          drop();
          const left = until - Date.now();
          if (left <= 0) {
            end();
            return;
          }
          timer = setTimeout(rest, Math.min(left, LONGEST_TIMER_MS));
          timers.add(timer);
        }
        if (signal?.aborted) return resolve();
        if (stopped) return;
        signal?.addEventListener("abort", end, { once: true });
        rest();
      });
    },
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
