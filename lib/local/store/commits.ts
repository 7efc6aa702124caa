/**
 * Group commit: what was written since the last record of the log is the next one, and LMDB gets what many records hold
 * in one transaction. Records follow each other in the order of the writes, so that what is on disk is always all that
 * had been written up to some moment: a crash loses the newest writes, never one that another was built on. Whoever tells
 * the outside of something waits for `durable` first.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { RootDatabase } from "lmdb";
import { StepwellError } from "../../fdl/errors.ts";
import type { Key } from "./keys.ts";
import { openLog, readLog } from "./log.ts";
import { type Overlay, type OverlayRow, overlay } from "./overlay.ts";

export interface Commits {
  /** What was written and is not yet in LMDB. */
  readonly overlay: Overlay;
  /** Resolves when all that has been written by now is on disk; rejects with `StoreWriteFailed` when the disk refused. */
  durable(): Promise<void>;
  /** Why nothing is written any more. */
  readonly failure: () => StepwellError | undefined;
  /** Rejects with `StoreWriteFailed` when the disk has refused something; never resolves. */
  readonly broken: Promise<never>;
  /** Brings all that is on disk into LMDB and closes the log; nothing may be written any more. */
  close(): Promise<void>;
}

/** LMDB holds the log's records up to this one. */
const SETTLED_KEY: Key = ["log"];
/** LMDB is brought up to date after so many rows or bytes, or when this long nobody asked for it, ms. */
const SETTLE_ROWS = 2_000;
const SETTLE_BYTES = 1024 * 1024;
const SETTLE_AFTER_MS = 1_000;

/** Number of the log's last record that LMDB has. */
export function settledSeq(root: RootDatabase<string, Key>): number {
  return Number(root.get(SETTLED_KEY) ?? 0);
}

/**
 * Commits to an environment that this process owns; what the log holds of an earlier one is brought into LMDB first.
 * After one refused write nothing is written any more: what came after it was built on it, and what the kernel still
 * holds of it is unknown (a failed fdatasync cannot be repeated). The disk holds all that was acknowledged; the directory
 * must be opened again. Throws `StoreDamaged`.
 */
export function commits(root: RootDatabase<string, Key>, directory: string): Commits {
  const log = openLog(directory, recover(root, directory));
  let failure: StepwellError | undefined;
  let committing = false;
  /** Of the record that is on its way, and of the one that collects. */
  let current: Promise<void> = Promise.resolve();
  let next = handled<void>();
  let collecting = false;
  /** Rows by key that are in the log alone, the newest of each key. */
  let logged = new Map<string, OverlayRow>();
  let loggedBytes = 0;
  let settling: Promise<void> = Promise.resolve();
  let busy = false;
  let timer: NodeJS.Timeout | undefined;
  const broken = handled<never>();

  const rows = overlay(() => {
    collecting = true;
    if (!committing) void commitAll();
  });

  async function commitAll(): Promise<void> {
    committing = true;
    while (collecting && failure === undefined) {
      // Lets those join who were woken by the same record, or came in the same turn.
      await turn();
      const batch = rows.take();
      const done = next;
      [current, next, collecting] = [done.promise, handled(), false];
      try {
        await persist(batch);
        done.resolve();
      } catch (error) {
        await fail(error);
        if (failure !== undefined) done.reject(failure);
      }
    }
    committing = false;
  }

  async function persist(batch: readonly OverlayRow[]): Promise<void> {
    let bytes = await log.append(batch);
    if (bytes === 0) {
      await settle([]);
      bytes = await log.append(batch);
    }
    if (bytes === 0) return settle(batch);
    for (const row of batch) logged.set(row.name, row);
    loggedBytes += bytes;
    if (busy) return;
    if (logged.size >= SETTLE_ROWS || loggedBytes >= SETTLE_BYTES) void settle([]).catch(fail);
    else timer ??= setTimeout(() => void settle([]).catch(fail), SETTLE_AFTER_MS).unref();
  }

  /** Brings what is in the log alone into LMDB, with a batch that is too large for the log. One after another. */
  function settle(batch: readonly OverlayRow[]): Promise<void> {
    busy = true;
    settling = settling.then(async () => {
      clearTimeout(timer);
      timer = undefined;
      const all = [...logged.values(), ...batch];
      logged = new Map();
      loggedBytes = 0;
      const seq = batch.length > 0 ? log.skip() : log.seq();
      if (all.length > 0) {
        await root.transaction(() => {
          writeRows(root, all);
          root.put(SETTLED_KEY, String(seq));
        });
        // Else a reader of this turn would see a row neither here nor there.
        root.resetReadTxn();
        rows.settle(all);
      }
      log.settled(seq);
      busy = false;
    });
    settling.catch(() => {});
    return settling;
  }

  async function fail(error: unknown): Promise<void> {
    failure ??= await writeFailed(error, directory);
    next.reject(failure);
    broken.reject(failure);
  }

  function durable(): Promise<void> {
    if (failure !== undefined) return Promise.reject(failure);
    return collecting ? next.promise : current;
  }

  return {
    overlay: rows,
    failure: () => failure,
    broken: broken.promise,
    durable,
    async close() {
      try {
        await durable();
        await settle([]);
      } finally {
        clearTimeout(timer);
        log.close();
      }
    },
  };
}

/** Brings into LMDB what only the log has; returns the number of the last record. */
function recover(root: RootDatabase<string, Key>, directory: string): number {
  const settled = settledSeq(root);
  const records = readLog(directory, settled);
  const seq = settled + records.length;
  if (records.length > 0) {
    root.transactionSync(() => {
      for (const record of records) writeRows(root, record.rows);
      root.put(SETTLED_KEY, String(seq));
    });
  }
  return seq;
}

function writeRows(root: RootDatabase<string, Key>, rows: readonly OverlayRow[]): void {
  for (const { key, text } of rows) {
    if (text === null) root.remove(key);
    else root.put(key, text);
  }
}

/** A promise that nobody need wait for. */
function handled<T>(): PromiseWithResolvers<T> {
  const promise = Promise.withResolvers<T>();
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
