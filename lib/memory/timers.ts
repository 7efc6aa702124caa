/** The timers port in memory: far timers for as long as the process lives. */
import type { Clock } from "../runtime/ports/clock.ts";
import type { Queue } from "../runtime/ports/queue.ts";
import type { Timers } from "../runtime/ports/timers.ts";
import { alarm } from "./alarm.ts";
import { dueHeap } from "./due-heap.ts";

export interface MemoryTimers extends Timers {
  /** Timers that did not fire yet. */
  pending(): number;
  /** When the next one fires (ms). */
  nextDue(): number | undefined;
  /** Drops all of them, so that a process with timers of next year can end. */
  close(): void;
}

/**
 * Timers that send to `queue`. A name belongs to its timer until that fires and may then be used again, as with a
 * scheduler that deletes a schedule once it is done.
 */
export function memoryTimers({ clock, queue }: { readonly clock: Clock; readonly queue: Queue }): MemoryTimers {
  const heap = dueHeap<{ readonly name: string; readonly body: string }>();
  const names = new Set<string>();
  const wake = alarm(clock, fire);

  function fire(): void {
    const now = clock.now();
    for (let next = heap.first(); next !== undefined && next.due <= now; next = heap.first()) {
      heap.remove(next);
      names.delete(next.value.name);
      void queue.send(next.value.body);
    }
    wake.set(heap.first()?.due);
  }

  return {
    async schedule(name, due, body) {
      if (names.has(name)) return;
      if (due <= clock.now()) return queue.send(body);
      names.add(name);
      heap.add(due, { name, body });
      wake.set(heap.first()?.due);
    },
    pending: () => heap.size(),
    nextDue: () => heap.first()?.due,
    close() {
      for (let next = heap.first(); next !== undefined; next = heap.first()) heap.remove(next);
      names.clear();
      wake.set(undefined);
    },
  };
}
