/**
 * A store as another process sees it, in use or not: what is on disk, for tools that look and never touch (`explain`,
 * `journal export`, checkers). Each turn of the event loop reads one consistent state.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { StepwellError } from "../../fdl/errors.ts";
import type { Blobs } from "../../runtime/ports/blobs.ts";
import type { Journal } from "../../runtime/ports/journal.ts";
import { readBlobs } from "./blobs.ts";
import { settledSeq } from "./commits.ts";
import { blobsFolder, checkDirectory, journalFile } from "./directory.ts";
import { lmdbJournal } from "./journal.ts";
import type { Key } from "./keys.ts";
import { readLog } from "./log.ts";
import type { LogRecord } from "./log-record.ts";
import { type Overlay, type OverlayRow, overlay } from "./overlay.ts";
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
  const refuse = (): never => {
    throw new Error("a store that was opened for reading cannot be written");
  };
  const tables = tablesOf({ database, overlay: loggedRows(database, path), watch: new Set() });
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

/** How often the log is looked at again because its owner has gone on meanwhile. */
const LOOKS = 5;

/** The rows that only the log has. Those that its owner brings into LMDB later are the same there, or older than there. */
function loggedRows(database: RootDatabase<string, Key>, directory: string): Overlay {
  const rows = overlay(() => {});
  const seqs = new Map<OverlayRow, number>();
  for (const { seq, rows: changed } of unsettledRecords(database, directory)) {
    for (const { key, text } of changed) {
      rows.set(key, text);
      const row = rows.find(key);
      if (row !== undefined) seqs.set(row, seq);
    }
  }
  const isNews = (row: OverlayRow) => (seqs.get(row) ?? 0) > settledSeq(database);
  return {
    find(key) {
      const row = rows.find(key);
      return row !== undefined && isNews(row) ? row : undefined;
    },
    between: (low, high) => rows.between(low, high).filter(isNews),
    set: () => {
      throw new Error("a store that was opened for reading cannot be written");
    },
    take: () => [],
    settle: () => {},
  };
}

function unsettledRecords(database: RootDatabase<string, Key>, directory: string): readonly LogRecord[] {
  for (let look = 1; ; look++) {
    database.resetReadTxn();
    try {
      return readLog(directory, settledSeq(database));
    } catch (error) {
      // A segment was written again between the two reads: by then LMDB had what it held.
      if (look === LOOKS) throw error;
    }
  }
}
