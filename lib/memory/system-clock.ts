/** The clock port on the machine's own clock. */
import type { Clock } from "../runtime/ports/clock.ts";

/**
 * Longest single timer, ms. Node's timers hold at most 2^31 - 1 ms, and they stand still while a laptop sleeps: a long
 * sleep is made of short ones that look at the time of day in between, so that it ends at most this late.
 */
const LONGEST_TIMER_MS = 60_000;

/** Time of day; a sleep never ends before its time, as a bare timer may by a millisecond. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    sleep(ms, signal) {
      return new Promise((resolve) => {
        const until = Date.now() + ms;
        let timer: NodeJS.Timeout | undefined;
        function end(): void {
          clearTimeout(timer);
          signal?.removeEventListener("abort", end);
          resolve();
        }
        function rest(): void {
          const left = until - Date.now();
          if (left > 0) timer = setTimeout(rest, Math.min(left, LONGEST_TIMER_MS));
          else end();
        }
        if (signal?.aborted) return resolve();
        signal?.addEventListener("abort", end, { once: true });
        rest();
      });
    },
  };
}
