/**
 * The timers port on disk: those in memory know when each is due, their bodies stand in the store. A timer leaves it
 * with or after its message: it fires although the process dies at its time, then perhaps twice.
 */
import { memoryTimers } from "../../memory/timers.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { Queue } from "../../runtime/ports/queue.ts";
import type { Timers } from "../../runtime/ports/timers.ts";
import { keyText } from "./keys.ts";
import type { Store } from "./store.ts";

export interface LmdbTimers extends Timers {
  /** Timers that did not fire yet. */
  pending(): number;
  /**
   * Stops them, so that a process with timers of next year can end; they fire when the store is opened again. Comes
   * before the store's own close.
   */
  close(): void;
}

/** The timers of a store, which send to `queue`: that of the same store. Those that are overdue fire now. */
export function lmdbTimers(
  store: Store,
  { clock, queue }: { readonly clock: Clock; readonly queue: Queue },
): LmdbTimers {
  const { timers } = store.tables;
  const due = memoryTimers({ clock, queue: { send: fire } });
  let closed = false;

  async function fire(key: string): Promise<void> {
    const timer = timers.get([key]);
    if (timer === undefined || closed) return;
    try {
      await queue.send(timer.body);
      store.write(() => timers.remove([key]));
    } catch {
      // The store is closed or has failed: it fires when it is opened again.
    }
  }

  function load(): void {
    const rows = [...timers.rows({})].sort((one, other) => one.value.due - other.value.due);
    for (const { key, value } of rows) void due.schedule(String(key[0]), value.due, String(key[0]));
  }

  load();
  return {
    async schedule(name, at, body) {
      const key = keyText(name);
      const fresh = store.write(() => {
        if (timers.get([key]) !== undefined) return false;
        timers.put([key], { due: at, body });
        return true;
      });
      if (fresh && !closed) await due.schedule(key, at, key);
    },
    pending: () => due.pending(),
    close() {
      closed = true;
      due.close();
    },
  };
}
