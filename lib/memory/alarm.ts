/**
 * One sleep for the earliest of many due times, on any clock. Queue and timers each hold thousands of due times but at
 * most one sleep, so that a virtual clock sees one sleeper and the system clock one timer, and so that nothing is left
 * behind (which would keep a process alive) once nobody waits.
 */
import type { Clock } from "../runtime/ports/clock.ts";
import { type Stopper, stopper } from "../runtime/stopper.ts";

export interface Alarm {
  /**
   * Asks for a ring at `due` (ms), or for none. Set to a later time it may still ring at the earlier one: whoever hears
   * it looks at the time and sets it again. That spares a new sleep for each message that is consumed in time.
   */
  set(due: number | undefined): void;
}

/** An alarm that calls `ring`, once for each time it goes off. */
export function alarm(clock: Clock, ring: () => void): Alarm {
  let armed: { readonly due: number; readonly sleep: Stopper } | undefined;

  async function sleepUntil(due: number): Promise<void> {
    const mine = { due, sleep: stopper() };
    armed = mine;
    await clock.sleep(due - clock.now(), mine.sleep.signal);
    if (armed !== mine) return;
    armed = undefined;
    ring();
  }

  return {
    set(due) {
      if (armed !== undefined && due !== undefined && armed.due <= due) return;
      const before = armed;
      armed = undefined;
      before?.sleep.stop();
      if (due !== undefined) void sleepUntil(due);
    },
  };
}
