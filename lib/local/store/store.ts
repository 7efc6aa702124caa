/**
 * The store: one directory, one LMDB environment, one process at a time (architecture §8). Journal, queue and timers of
 * the embedded runtime are made over it. A write is seen by this process at once and reaches the disk with the next
 * transaction, in the order of all writes; whoever tells the outside of it waits for `durable` first.
 */
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { StepwellError } from "../../fdl/errors.ts";
import { type Commits, commits, writeFailed } from "./commits.ts";
import { blobsFolder, checkDirectory, claimNewDirectory, inUse, journalFile, noteJournalSize } from "./directory.ts";
import type { Key } from "./keys.ts";
import { isAlive, type Owner, thisOwner } from "./owner.ts";
import type { TextWatch } from "./table.ts";
import { type Tables, tablesOf } from "./tables.ts";

export interface Store {
  /** Absolute path. */
  readonly directory: string;
  /** Where the large values that its texts refer to stand: for `fileBlobs`. */
  readonly blobsFolder: string;
  readonly tables: Tables;
  /** See what is written and removed. */
  readonly watch: TextWatch;
  /** Unique for this opening: what an earlier process left half done is told from what this one is doing. */
  readonly boot: string;
  /** Writes what `change` puts and removes, all of it or nothing; returns its result. Throws once the store is closed or has failed. A change checks before it writes: what it wrote stays when it throws. */
  write<T>(change: () => T): T;
  /** Resolves when all that was written by now is on disk. Rejects with `StoreWriteFailed` when the disk did not take it: then this store is done for, and the directory must be opened again. */
  durable(): Promise<void>;
  /** Rejects with `StoreWriteFailed` when the disk has not taken something; never resolves. */
  readonly broken: Promise<never>;
  /** Waits for what is being written and gives the directory free. */
  close(): Promise<void>;
}

/** The row of the owner: not one of the tables, since two processes fight for it. */
const OWNER_KEY: Key = ["me", "owner"];

/**
 * Opens the store of a directory; makes both where there are none. Throws StepwellError `DirectoryInUse` when another
 * process, or this one, has it open; `StoreFormat` when the directory is something else's or of a later version;
 * `StoreDamaged` when its file is; `StoreWriteFailed` when it cannot be written.
 */
export async function openStore(directory: string): Promise<Store> {
  const path = resolve(directory);
  const watch: TextWatch = new Set();
  const release = await orWriteFailed(path, () => claimNewDirectory(path));
  const { root, opened } = await orWriteFailed(path, () => openOwned(path)).finally(release);
  const { overlay, durable, failure, broken } = opened;
  const tables = tablesOf({ database: root, overlay, watch });
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    try {
      await opened.close();
      await root.remove(OWNER_KEY);
      noteJournalSize(path);
    } finally {
      await root.close();
    }
  }

  return {
    directory: path,
    blobsFolder: blobsFolder(path),
    boot: randomUUID(),
    tables,
    watch,
    write(change) {
      const failed = failure();
      if (failed !== undefined) throw failed;
      if (closing !== undefined) throw new StepwellError("StoreClosed", `The store in ${path} was closed.`);
      return change();
    },
    durable,
    broken,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** Opens LMDB's file and makes this process its owner. */
function openOwned(path: string): { readonly root: RootDatabase<string, Key>; readonly opened: Commits } {
  checkDirectory(path);
  const root = openRoot(path);
  try {
    const other = takeDirectory(root);
    if (other !== undefined) throw inUse(path, other);
    noteJournalSize(path);
    return { root, opened: commits(root, path) };
  } catch (error) {
    void root.close();
    throw error;
  }
}

/** What the file system refuses becomes an error for the user. */
async function orWriteFailed<T>(path: string, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    throw error instanceof StepwellError ? error : await writeFailed(error, path);
  }
}

function openRoot(path: string): RootDatabase<string, Key> {
  try {
    return open<string, Key>({
      path: journalFile(path),
      noSubdir: true,
      encoding: "string",
      // By default a reader would see what is not yet durable.
      overlappingSync: false,
      // Its promise of a turn's batch has no handler: a full disk would end the process. commits.ts does the same.
      eventTurnBatching: false,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StepwellError("StoreDamaged", `${journalFile(path)} cannot be opened: ${reason}.`, { cause: error });
  }
}

/** Makes this process the owner of the directory, or returns the one that is. */
function takeDirectory(root: RootDatabase<string, Key>): Owner | undefined {
  return root.transactionSync(() => {
    const text = root.get(OWNER_KEY);
    const other: Owner | undefined = text === undefined ? undefined : JSON.parse(text);
    if (other !== undefined && isAlive(other)) return other;
    root.put(OWNER_KEY, JSON.stringify(thisOwner()));
    return undefined;
  });
}
