/**
 * Group commit: the writes that come in while a transaction is on its way to the disk share the next one. A write is a
 * function that reads and writes inside LMDB's write transaction, so that what it read still holds when it writes,
 * whatever else goes on in this process or another.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { RootDatabase } from "lmdb";
import { StepwellError } from "../../fdl/errors.ts";
import type { Key } from "./keys.ts";

export interface GroupCommit {
  /**
   * Runs `change` in a write transaction; resolves with its result when that is on disk. Writes run in the order in
   * which they came; those of one turn of the event loop share a transaction. A change checks before it writes: what it
   * wrote stays when it throws. Rejects with `StoreWriteFailed` when the disk did not take it; nothing was written then.
   */
  write<T>(change: () => T): Promise<T>;
  /** Resolves when nothing is left to write, also by those who waited for what was written. */
  idle(): Promise<void>;
}

/** One write on its way. */
interface Pending {
  /** Runs the change; tells its caller once the transaction is on disk. */
  run(): () => void;
  fail(error: Error): void;
}

/** Group commit to an environment that was opened without turn batching (its own promise for it has no handler). */
export function groupCommit(root: RootDatabase<string, Key>, directory: string): GroupCommit {
  let pending: Pending[] = [];
  let committing: Promise<void> | undefined;

  async function commitAll(): Promise<void> {
    while (pending.length > 0) {
      // Lets those join who were woken by the same commit, or came in the same turn.
      await turn();
      const batch = pending;
      pending = [];
      try {
        const tell = await root.transaction(() => batch.map((one) => one.run()));
        for (const one of tell) one();
      } catch (error) {
        const failed = await writeFailed(error, directory);
        for (const one of batch) one.fail(failed);
      }
    }
    committing = undefined;
  }

  return {
    write(change) {
      return new Promise((resolve, reject) => {
        pending.push({
          run() {
            try {
              const result = change();
              return () => resolve(result);
            } catch (error) {
              return () => reject(error);
            }
          },
          fail: reject,
        });
        committing ??= commitAll();
      });
    },
    async idle() {
      while (committing !== undefined) {
        await committing;
        await turn();
      }
    },
  };
}

/** `StoreWriteFailed`, with what is behind an error of LMDB or of the file system. */
export async function writeFailed(error: unknown, directory: string): Promise<StepwellError> {
  const cause = await causeOf(error);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StepwellError(
    "StoreWriteFailed",
    `${directory} could not be written: ${reason}. What was acknowledged before is safe. Is the disk full, or the directory read-only? Writing goes on as soon as it can.`,
    { cause },
  );
}

/** LMDB rejects with an error that has the promise of the real one. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && "commitError" in error)) return error;
  try {
    return (await error.commitError) ?? error;
  } catch (cause) {
    return cause;
  }
}
