/**
 * The store: one directory, one LMDB environment, one process at a time (architecture §8). Journal, queue and timers of
 * the embedded runtime are made over it; whatever they acknowledged is on disk.
 */
import { resolve } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { StepwellError } from "../../fdl/errors.ts";
import { blobsFolder, checkDirectory, journalFile, noteJournalSize } from "./directory.ts";
import { groupCommit, writeFailed } from "./group-commit.ts";
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
  /** Runs `change` in a write transaction, resolves with its result when that is on disk (group-commit.ts). */
  write<T>(change: () => T): Promise<T>;
  /** Resolves when nothing is left to write. */
  idle(): Promise<void>;
  /** Waits for what is being written and gives the directory free. */
  close(): Promise<void>;
}

const OWNER_KEY: Key = ["owner"];

/**
 * Opens the store of a directory; makes both where there are none. Throws StepwellError `DirectoryInUse` when another
 * process, or this one, has it open; `StoreFormat` when the directory is something else's or of a later version;
 * `StoreDamaged` when its file is; `StoreWriteFailed` when it cannot be written.
 */
export async function openStore(directory: string): Promise<Store> {
  const path = resolve(directory);
  await orWriteFailed(path, () => checkDirectory(path));
  const root = openRoot(path);
  const watch: TextWatch = new Set();
  const tables = tablesOf(root, watch);
  try {
    await orWriteFailed(path, () => {
      const other = takeDirectory(root, tables);
      if (other !== undefined) throw inUse(path, other);
      noteJournalSize(path);
    });
  } catch (error) {
    await root.close();
    throw error;
  }
  const { write, idle } = groupCommit(root, path);
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    await idle();
    try {
      await write(() => tables.owner.remove(OWNER_KEY));
      noteJournalSize(path);
    } finally {
      await root.close();
    }
  }

  return {
    directory: path,
    blobsFolder: blobsFolder(path),
    tables,
    watch,
    async write(change) {
      if (closing !== undefined) throw new StepwellError("StoreClosed", `The store in ${path} was closed.`);
      return write(change);
    },
    idle,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** What the file system refuses becomes an error for the user. */
async function orWriteFailed(path: string, work: () => void): Promise<void> {
  try {
    work();
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
      // Its promise of a turn's batch has no handler: a full disk would end the process. group-commit.ts does the same.
      eventTurnBatching: false,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StepwellError("StoreDamaged", `${journalFile(path)} cannot be opened: ${reason}.`, { cause: error });
  }
}

/** Makes this process the owner of the directory, or returns the one that is. */
function takeDirectory(root: RootDatabase<string, Key>, { owner }: Tables): Owner | undefined {
  return root.transactionSync(() => {
    const other = owner.get(OWNER_KEY);
    if (other !== undefined && isAlive(other)) return other;
    owner.put(OWNER_KEY, thisOwner());
    return undefined;
  });
}

function inUse(path: string, { pid }: Owner): StepwellError {
  const who = pid === process.pid ? `this process (pid ${pid})` : `the process with pid ${pid}`;
  return new StepwellError(
    "DirectoryInUse",
    `${path} is in use by ${who}. A directory serves one process at a time: end that one, or name another directory.`,
  );
}
