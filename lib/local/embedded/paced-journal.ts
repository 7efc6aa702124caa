/**
 * A journal whose appends let the event loop turn. Its writes are ready at once, so a flow that runs without waiting for
 * anything (an endless goto) would keep the process from all else, and would write faster than the disk takes it.
 */

import { setImmediate as turn } from "node:timers/promises";
import type { Journal } from "../../runtime/ports/journal.ts";

/** How long appends may follow each other, ms. */
const BREATH_MS = 10;

/** Every so often an append waits for a turn of the event loop and for the disk. */
export function pacedJournal(journal: Journal, durable: () => Promise<void>): Journal {
  let breath = performance.now();
  return {
    ...journal,
    async append(entry) {
      if (performance.now() - breath > BREATH_MS) {
        await turn();
        await durable();
        breath = performance.now();
      }
      return journal.append(entry);
    },
  };
}
