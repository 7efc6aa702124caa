/**
 * Commits to the database of queues and topics. What is done in one turn of the event loop is one transaction: many senders
 * share one flush to the disk, and what belongs together (a publication and its pushes) is kept together or not at all.
 */
import type { DatabaseSync } from "node:sqlite";

export interface Commits {
  /** To be called before the first change of a turn; resolves when everything changed in this turn is on disk. Throws after a commit that failed. */
  begin(): Promise<void>;
  /** Resolves when everything changed so far is on disk. */
  settled(): Promise<void>;
}

/** After a commit that failed there is no other: what the stores hold in memory is then more than what is on disk. */
export function groupCommits(database: DatabaseSync, failed: (error: unknown) => void): Commits {
  let open: Promise<void> | undefined;
  let broken: { readonly error: unknown } | undefined;

  function commit(): void {
    open = undefined;
    try {
      database.exec("COMMIT");
    } catch (error) {
      broken = { error };
      failed(error);
      throw error;
    }
  }

  function begin(): Promise<void> {
    if (broken !== undefined) throw broken.error;
    if (open !== undefined) return open;
    database.exec("BEGIN");
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    open = promise;
    // Those who wait for it hear of it.
    promise.catch(() => {});
    setImmediate(() => {
      try {
        commit();
        resolve();
      } catch (error) {
        reject(error);
      }
    });
    return promise;
  }

  return { begin, settled: async () => open };
}
