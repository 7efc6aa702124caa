/**
 * Records of the write-ahead log. A record is what one group of writes changed: its length, a checksum, its number, then
 * a JSON key and a text for each row. Whatever does not check is not a record: the space of an older one, or one that was
 * cut off by a crash.
 */
import { crc32 } from "node:zlib";
import type { Key } from "./keys.ts";
import type { OverlayRow } from "./overlay.ts";

export interface LogRecord {
  /** Numbers of records follow each other without a gap, but for those that went to LMDB directly. */
  readonly seq: number;
  readonly rows: readonly OverlayRow[];
}

/** Length and checksum of what follows (32 bits each), and the number (64 bits, floating point). */
const HEAD_BYTES = 16;

/** The record as it is written. A text is never empty: an empty one stands for a row that was removed. */
export function encodeRecord({ seq, rows }: LogRecord): Buffer {
  const texts: string[] = [];
  for (const { name, text } of rows) texts.push(name, text ?? "");
  // JSON has no bare control characters: the separator is in no text.
  const body = texts.join("\n");
  const bytes = Buffer.byteLength(body);
  const record = Buffer.allocUnsafe(HEAD_BYTES + bytes);
  record.writeUInt32LE(bytes, 0);
  record.writeDoubleLE(seq, 8);
  record.write(body, HEAD_BYTES);
  record.writeUInt32LE(crc32(record.subarray(8)), 4);
  return record;
}

/** The records at the beginning of a segment, oldest first; they end where one does not check or is older than the one before. */
export function* decodeRecords(segment: Buffer): Generator<LogRecord> {
  let last = -1;
  for (let at = 0; at + HEAD_BYTES <= segment.length; ) {
    const end = at + HEAD_BYTES + segment.readUInt32LE(at);
    const seq = segment.readDoubleLE(at + 8);
    if (end > segment.length || !(seq > last)) return;
    if (crc32(segment.subarray(at + 8, end)) !== segment.readUInt32LE(at + 4)) return;
    yield { seq, rows: decodeRows(segment.toString("utf8", at + HEAD_BYTES, end)) };
    last = seq;
    at = end;
  }
}

function decodeRows(body: string): readonly OverlayRow[] {
  const texts = body === "" ? [] : body.split("\n");
  const rows: OverlayRow[] = [];
  for (let at = 0; at + 1 < texts.length; at += 2) {
    const name = texts[at] ?? "[]";
    const key: Key = JSON.parse(name);
    rows.push({ key, name, text: texts[at + 1] || null });
  }
  return rows;
}
