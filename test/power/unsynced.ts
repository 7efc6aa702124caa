/**
 * What no sync covers yet, by a log. Content is kept by sector of 512 bytes, which a disk writes whole or not at all; each
 * sector may have reached the disk in any of the states that it went through since it was synced.
 */
import type { LogRecord, NameRecord, WriteRecord } from "./log.ts";

export const SECTOR_BYTES = 512;

/** One write's part in a sector: what to put back, and where in the sector. */
interface Patch {
  readonly seq: number;
  readonly at: number;
  readonly old: Uint8Array;
}

export interface UnsyncedFile {
  /** Number of the sector → what was done to it, oldest first. */
  readonly sectors: Map<number, Patch[]>;
  /** Sizes of the file before each of the writes, oldest first. */
  sizes: { readonly seq: number; readonly size: number }[];
}

export interface Unsynced {
  /** By inode. */
  readonly files: ReadonlyMap<number, UnsyncedFile>;
  /** In their order. */
  readonly names: readonly NameRecord[];
}

/** Throws when a file was written in a way that the log does not see. */
export function unsynced(records: Iterable<LogRecord>): Unsynced {
  const files = new Map<number, UnsyncedFile>();
  const writes = new Map<number, WriteRecord>();
  let names: NameRecord[] = [];
  for (const record of records) {
    switch (record.kind) {
      case "write":
        writes.set(record.seq, record);
        addWrite(files, record);
        break;
      case "sync": {
        const { file, covers } = record;
        const content = files.get(file);
        if (content !== undefined) settle(content, content.sectors.keys(), covers);
        names = names.filter(({ folder, seq }) => folder !== file || seq > covers);
        break;
      }
      case "synced": {
        const write = writes.get(record.covers);
        if (write === undefined) break;
        const content = files.get(write.file);
        if (content !== undefined) settle(content, sectorsOf(write), record.covers);
        break;
      }
      case "mapped":
        throw new Error("a file was mapped into memory to be written: what becomes of it cannot be seen");
      default:
        names.push(record);
    }
  }
  return { files, names };
}

function addWrite(files: Map<number, UnsyncedFile>, write: WriteRecord): void {
  const { file, seq, offset, count, size, old } = write;
  const content = files.get(file) ?? { sectors: new Map<number, Patch[]>(), sizes: [] };
  files.set(file, content);
  content.sizes.push({ seq, size });
  const before = new Uint8Array(count); // beyond the file's end: nothing, read as zeros
  before.set(old);
  for (const sector of sectorsOf(write)) {
    const from = Math.max(sector * SECTOR_BYTES, offset);
    const to = Math.min((sector + 1) * SECTOR_BYTES, offset + count);
    const patches = content.sectors.get(sector) ?? [];
    content.sectors.set(sector, patches);
    patches.push({ seq, at: from - sector * SECTOR_BYTES, old: before.subarray(from - offset, to - offset) });
  }
}

function* sectorsOf({ offset, count }: WriteRecord): Generator<number> {
  for (let sector = Math.floor(offset / SECTOR_BYTES); sector * SECTOR_BYTES < offset + count; sector++) yield sector;
}

/** Some sectors are on disk as they were after record `covers`. */
function settle(content: UnsyncedFile, sectors: Iterable<number>, covers: number): void {
  for (const sector of [...sectors]) {
    const left = (content.sectors.get(sector) ?? []).filter(({ seq }) => seq > covers);
    if (left.length > 0) content.sectors.set(sector, left);
    else content.sectors.delete(sector);
  }
  content.sizes = content.sizes.filter(({ seq }) => seq > covers);
}
