/** Tells those who wait for an execution when it has ended: long polls, `run --dir`. */
import type { Header, Journal } from "../../runtime/ports/journal.ts";

export interface EndWatch {
  readonly journal: Journal;
  /** Resolves with the header when the running execution with that start id ends; rejects with the signal's reason. */
  wait(startId: string, signal?: AbortSignal): Promise<Header>;
}

type Waiter = (header: Header) => void;

/** A journal that is watched. */
export function watchEnds(journal: Journal): EndWatch {
  const waiters = new Map<string, Set<Waiter>>();

  function forget(startId: string, waiter: Waiter): void {
    const all = waiters.get(startId);
    all?.delete(waiter);
    if (all?.size === 0) waiters.delete(startId);
  }

  return {
    journal: {
      ...journal,
      async endHeader(ref, startId, end) {
        const header = await journal.endHeader(ref, startId, end);
        const waiting = header?.startId === startId ? waiters.get(startId) : undefined;
        if (header !== undefined && waiting !== undefined) {
          waiters.delete(startId);
          for (const tell of waiting) tell(header);
        }
        return header;
      },
    },
    wait(startId, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abandon = () => {
          forget(startId, waiter);
          reject(signal?.reason);
        };
        const waiter: Waiter = (header) => {
          signal?.removeEventListener("abort", abandon);
          resolve(header);
        };
        signal?.addEventListener("abort", abandon, { once: true });
        const all = waiters.get(startId) ?? new Set();
        waiters.set(startId, all.add(waiter));
      });
    },
  };
}
