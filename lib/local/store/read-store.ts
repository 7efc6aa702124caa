/**
 * A store as another process sees it, in use or not: what is on disk, for tools that look and never touch (`explain`,
 * `journal export`, checkers). Each turn of the event loop reads one consistent state.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { open } from "lmdb";
import { StepwellError } from "../../fdl/errors.ts";
import type { Blobs } from "../../runtime/ports/blobs.ts";
import type { Journal } from "../../runtime/ports/journal.ts";
import { readBlobs } from "./blobs.ts";
import { blobsFolder, checkDirectory, journalFile } from "./directory.ts";
import { lmdbJournal } from "./journal.ts";
import type { Key } from "./keys.ts";
import type { OverlayRow } from "./overlay.ts";
import { type ReadTables, tablesOf } from "./tables.ts";

/** The half of the journal port that changes nothing. */
export type ReadJournal = Pick<
  Journal,
  | "readEntry"
  | "readTip"
  | "readEntries"
  | "readSnapshot"
  | "readVerdict"
  | "readJoins"
  | "readOutputs"
  | "readHeader"
  | "readData"
  | "readArchive"
  | "listExecutions"
  | "listRunning"
  | "readFlow"
  | "readRevision"
  | "listFlows"
>;

export interface ReadStore {
  /** Absolute path. */
  readonly directory: string;
  readonly tables: ReadTables;
  readonly journal: ReadJournal;
  readonly blobs: Pick<Blobs, "get">;
  close(): Promise<void>;
}

/** Opens a directory to read. Throws StepwellError `StoreMissing` when there is no store, `StoreFormat` and `StoreDamaged` as `openStore` does. */
export function openStoreForReading(directory: string): ReadStore {
  const path = resolve(directory);
  if (!existsSync(journalFile(path))) {
    throw new StepwellError("StoreMissing", `${path} holds no store: nothing has run there. Name the data directory.`);
  }
  checkDirectory(path);
  const database = open<string, Key>({ path: journalFile(path), noSubdir: true, encoding: "string", readOnly: true });
  const nothing = { find: () => undefined, between: (): readonly OverlayRow[] => [] };
  const refuse = (): never => {
    throw new Error("a store that was opened for reading cannot be written");
  };
  const tables = tablesOf({
    database,
    overlay: { ...nothing, set: refuse, take: () => [], settle: () => {} },
    watch: new Set(),
  });
  const journal = lmdbJournal({
    directory: path,
    blobsFolder: blobsFolder(path),
    boot: "",
    tables,
    watch: new Set(),
    write: refuse,
    durable: async () => {},
    broken: new Promise(() => {}),
    close: async () => {},
  });
  return { directory: path, tables, journal, blobs: readBlobs(blobsFolder(path)), close: () => database.close() };
}
