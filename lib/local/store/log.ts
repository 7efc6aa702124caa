/**
 * The write-ahead log: what was written since LMDB's last transaction, on disk within one fdatasync of a file whose size
 * does not change. LMDB alone needs a new version of every page that it touches and two syncs; with the log before it
 * those come later, for many writes at once. Two segments take turns: one is written again from its beginning when all
 * that it holds is in LMDB.
 */
import { closeSync, existsSync, fdatasync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { StepwellError } from "../../fdl/errors.ts";
import { syncFolder } from "./directory.ts";
import { LOG_NAMES } from "./log-names.ts";
import { decodeRecords, encodeRecord, type LogRecord } from "./log-record.ts";
import type { OverlayRow } from "./overlay.ts";

export interface Log {
  /** Number of the last record. */
  readonly seq: () => number;
  /**
   * Appends a record; resolves with its size in bytes when it is on disk. 0, and nothing written: it has no room in a
   * segment, or none before all of the other segment is in LMDB (`settled`).
   */
  append(rows: readonly OverlayRow[]): Promise<number>;
  /** Counts a record that goes to LMDB directly. */
  skip(): number;
  /** Records up to this one are in LMDB. */
  settled(seq: number): void;
  close(): void;
}

/** Bytes of a segment. */
const SEGMENT_BYTES = 4 * 1024 * 1024;
const sync = promisify(fdatasync);

interface Segment {
  readonly file: number;
  /** Where the next record goes. */
  end: number;
  /** Number of its last record. */
  last: number;
}

/**
 * The records that LMDB does not have: those after number `after`, oldest first. Throws `StoreDamaged` when one between
 * is missing.
 */
export function readLog(directory: string, after: number): readonly LogRecord[] {
  const segments = LOG_NAMES.map((name) => join(directory, name))
    .filter((path) => existsSync(path))
    .map((path) => [...decodeRecords(readFileSync(path))].filter(({ seq }) => seq > after));
  const records = segments.flat().sort((one, other) => one.seq - other.seq);
  const gap = records.findIndex(({ seq }, index) => seq !== after + 1 + index);
  if (gap < 0) return records;
  throw new StepwellError(
    "StoreDamaged",
    `the log in ${directory} is damaged: its record ${after + 1 + gap} is missing. Put a copy of the whole directory in its place.`,
  );
}

/** Opens the log to write; all its records are in LMDB, the last one is number `seq`. Makes the segments where there are none. */
export function openLog(directory: string, seq: number): Log {
  const [first, second] = LOG_NAMES.map((name) => openSegment(join(directory, name), seq));
  if (first === undefined || second === undefined) throw new Error("a log has two segments");
  // A segment that an earlier process made may have no durable name yet.
  syncFolder(directory);
  let [current, other] = [first, second];
  let last = seq;
  let settled = seq;

  return {
    seq: () => last,
    async append(rows) {
      const record = encodeRecord({ seq: last + 1, rows });
      if (record.length > SEGMENT_BYTES) return 0;
      if (current.end + record.length > SEGMENT_BYTES) {
        if (other.last > settled) return 0;
        [current, other] = [other, current];
        current.end = 0;
      }
      write(current.file, record, current.end);
      await sync(current.file);
      last++;
      current.end += record.length;
      current.last = last;
      return record.length;
    },
    skip: () => ++last,
    settled(upTo) {
      settled = upTo;
    },
    close() {
      closeSync(current.file);
      closeSync(other.file);
    },
  };
}

function openSegment(path: string, seq: number): Segment {
  if (!existsSync(path)) {
    // Written, not only reserved: a block that was never written costs a second sync of the file system.
    const fresh = `${path}.new`;
    const file = openSync(fresh, "w");
    write(file, Buffer.alloc(SEGMENT_BYTES), 0);
    fsyncSync(file);
    closeSync(file);
    renameSync(fresh, path);
  }
  return { file: openSync(path, "r+"), end: 0, last: seq };
}

function write(file: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}
