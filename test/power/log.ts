/** The log that shim.c keeps of what was done to a folder: its records, as they stand in the file. */

/** As in shim.c. */
const KINDS = ["", "write", "sync", "synced", "create", "rename", "unlink", "mkdir", "rmdir", "mapped"] as const;
const HEAD_BYTES = 48;

export interface WriteRecord {
  readonly kind: "write";
  readonly seq: number;
  /** Inode. */
  readonly file: number;
  readonly offset: number;
  readonly count: number;
  /** Of the file before, bytes. */
  readonly size: number;
  /** What stood there, as far as the file went. */
  readonly old: Uint8Array;
}

/** A name was made, moved or removed. */
export interface NameRecord {
  readonly kind: "create" | "rename" | "unlink" | "mkdir" | "rmdir";
  readonly seq: number;
  readonly file: number;
  /** Inode of the folder that holds the name; of a rename the new one's. */
  readonly folder: number;
  readonly path: string;
  /** Of a rename: the new name. */
  readonly to: string;
  /** Where the file that lost its name is kept; "": there was none. */
  readonly kept: string;
}

export type LogRecord =
  | WriteRecord
  | NameRecord
  /** All that was done to the file, or the folder, up to record `covers` is on disk. */
  | { readonly kind: "sync"; readonly seq: number; readonly file: number; readonly covers: number }
  /** The one write `covers` is on disk. */
  | { readonly kind: "synced"; readonly seq: number; readonly covers: number }
  /** A file was mapped to be written: the log does not see that. */
  | { readonly kind: "mapped"; readonly seq: number };

/** Bytes of the log up to the end of its last whole record: the process may have died over one, before it did what that says. */
export function wholeBytes(bytes: Buffer): number {
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length) {
    const end = at + HEAD_BYTES + bytes.readUInt32LE(at + 4);
    if (end > bytes.length) break;
    at = end;
  }
  return at;
}

/** The records of a log. */
export function* readLog(bytes: Buffer): Generator<LogRecord> {
  const end = wholeBytes(bytes);
  for (let at = 0; at < end; ) {
    const kind = KINDS[bytes.readUInt32LE(at)];
    const length = bytes.readUInt32LE(at + 4);
    const number = (field: number) => Number(bytes.readBigUInt64LE(at + 8 + 8 * field));
    const [seq, file, offset, count, size] = [number(0), number(1), number(2), number(3), number(4)];
    const rest = bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length);
    at += HEAD_BYTES + length;
    switch (kind) {
      case "write":
        yield { kind, seq, file, offset, count, size, old: rest };
        break;
      case "sync":
        yield { kind, seq, file, covers: offset };
        break;
      case "synced":
        yield { kind, seq, covers: offset };
        break;
      case "mapped":
        yield { kind, seq };
        break;
      case "create":
      case "rename":
      case "unlink":
      case "mkdir":
      case "rmdir": {
        const [path = "", to = "", kept = ""] = rest.toString().split("\0");
        yield { kind, seq, file, folder: offset, path, to, kept };
        break;
      }
      default:
        throw new Error(`record ${seq} of the log is of no known kind`);
    }
  }
}
