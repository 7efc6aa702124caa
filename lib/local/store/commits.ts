/**
 * Group commit: what was written since the last transaction is the next one. Transactions follow each other in the order
 * of the writes, so that what is on disk is always all that had been written up to some moment: a crash loses the newest
 * writes, never one that another was built on. Whoever tells the outside of something waits for `durable` first.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { RootDatabase } from "lmdb";
import { StepwellError } from "../../fdl/errors.ts";
import type { Key } from "./keys.ts";
import { type Overlay, type OverlayRow, overlay } from "./overlay.ts";

export interface Commits {
  /** What was written and is not yet on disk. */
  readonly overlay: Overlay;
  /** Resolves when all that has been written by now is on disk; rejects with `StoreWriteFailed` when the disk refused. */
  durable(): Promise<void>;
  /** Why nothing is written any more. */
  readonly failure: () => StepwellError | undefined;
  /** Rejects with `StoreWriteFailed` when the disk has refused a transaction; never resolves. */
  readonly broken: Promise<never>;
}

/**
 * Commits to an environment. After one refused transaction nothing is written any more: what came after it was built on
 * it, and what the kernel still holds of it is unknown (a failed fdatasync cannot be repeated). The disk holds all that
 * was acknowledged; the directory must be opened again.
 */
export function commits(root: RootDatabase<string, Key>, directory: string): Commits {
  let failure: StepwellError | undefined;
  let committing = false;
  /** Of the transaction that is on its way, and of the one that collects. */
  let current: Promise<void> = Promise.resolve();
  let next = handled();
  let collecting = false;
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});

  const rows = overlay(() => {
    collecting = true;
    if (!committing) void commitAll();
  });

  async function commitAll(): Promise<void> {
    committing = true;
    while (collecting && failure === undefined) {
      // Lets those join who were woken by the same commit, or came in the same turn.
      await turn();
      const batch = rows.take();
      const done = next;
      [current, next, collecting] = [done.promise, handled(), false];
      try {
        await root.transaction(() => write(batch));
        // Else a reader of this turn would see neither the row here nor the one there.
        root.resetReadTxn();
        rows.settle(batch);
        done.resolve();
      } catch (error) {
        failure = await writeFailed(error, directory);
        done.reject(failure);
        next.reject(failure);
        broken.reject(failure);
      }
    }
    committing = false;
  }

  function write(batch: readonly OverlayRow[]): void {
    for (const { key, text } of batch) {
      if (text === null) root.remove(key);
      else root.put(key, text);
    }
  }

  return {
    overlay: rows,
    failure: () => failure,
    broken: broken.promise,
    durable() {
      if (failure !== undefined) return Promise.reject(failure);
      return collecting ? next.promise : current;
    },
  };
}

/** A promise that nobody need wait for. */
function handled(): PromiseWithResolvers<void> {
  const promise = Promise.withResolvers<void>();
  promise.promise.catch(() => {});
  return promise;
}

/** `StoreWriteFailed`, with what is behind an error of LMDB or of the file system. */
export async function writeFailed(error: unknown, directory: string): Promise<StepwellError> {
  const cause = await causeOf(error);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StepwellError(
    "StoreWriteFailed",
    `${directory} could not be written: ${reason}. What was acknowledged before is safe. Is the disk full, or the directory read-only? Start again when it can be written.`,
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
