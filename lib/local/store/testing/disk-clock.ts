/** A virtual clock over a store: code that waits for the disk is done with it when time has passed (see lib/sim/clock.ts). */
import type { VirtualClock } from "../../../sim/clock.ts";
import type { Store } from "../store.ts";

/** The same clock; `pass` also waits for what it set off to be on disk. */
export function clockOverDisk(clock: VirtualClock, store: Store): VirtualClock {
  return {
    ...clock,
    async pass(ms) {
      await clock.pass(ms);
      await store.durable();
    },
  };
}
