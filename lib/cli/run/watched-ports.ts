/** The journal and the queue of a run, told on: which executions run, and when a message is done with. */
import type { MemoryQueue } from "../../memory/queue.ts";
import type { Header, Journal } from "../../runtime/ports/journal.ts";
import type { Queue } from "../../runtime/ports/queue.ts";

/** How long transitions may follow each other before timers and signals get their turn, ms. */
const BREATH_MS = 10;

/** A queue that tells when a message is done with. */
export function watchedQueue(queue: MemoryQueue, consumed: () => void): Queue {
  return {
    send: queue.send,
    async receive(max, signal) {
      const deliveries = await queue.receive(max, signal);
      return deliveries.map((delivery) => ({
        ...delivery,
        async consume() {
          await delivery.consume();
          consumed();
        },
      }));
    },
  };
}

/** A journal that tells which executions run, and that now and then lets the event loop turn: memory is always ready. */
export function watchedJournal(journal: Journal) {
  const running = new Set<string>();
  const waiting = new Set<() => void>();
  const statuses = new Map<string, Header["status"]>();
  let breath = performance.now();

  function until<T>(condition: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const value = condition();
        if (value === undefined) return;
        waiting.delete(look);
        resolve(value);
      };
      waiting.add(look);
      look();
    });
  }

  const watchedOne: Journal = {
    ...journal,
    async append(entry) {
      if (performance.now() - breath > BREATH_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        breath = performance.now();
      }
      return journal.append(entry);
    },
    async putHeader(header) {
      const existing = await journal.putHeader(header);
      if (existing === undefined && header.status === "Running") running.add(header.startId);
      return existing;
    },
    async endHeader(ref, startId, end) {
      const header = await journal.endHeader(ref, startId, end);
      if (header?.startId === startId && running.delete(startId)) {
        statuses.set(startId, header.status);
        for (const look of waiting) look();
      }
      return header;
    },
  };
  return {
    journal: watchedOne,
    /** The status that the execution ends with. */
    ended: (startId: string) => until(() => statuses.get(startId)),
    /** No execution runs. */
    idle: () => until(() => (running.size === 0 ? true : undefined)),
  };
}
