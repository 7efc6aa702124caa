/**
 * Lists that are read newest first, a page at a time, out of an index by time: a page walks back from its cursor and
 * reads no row that it does not look at. A cursor names the row it stopped at, so rows that are added meanwhile make a
 * reader neither skip nor repeat one.
 */
import { StepwellError } from "../../../fdl/errors.ts";
import type { Page } from "../../../runtime/ports/journal.ts";
import { isKeyText, type Key, LAST } from "../keys.ts";
import type { Table } from "../table.ts";

export interface Reading<T> {
  /** What the index's keys begin with; then comes the time, then what tells rows of the same time apart. */
  readonly prefix: Key;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Both inclusive, ms. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** The item of a row, by what follows the prefix in its key; undefined: not in this list. */
  readonly item: (rest: Key) => T | undefined;
}

/** A page ends after this many rows, full or not: a filter that few rows pass must not stop everything else for long. */
const PAGE_ROWS = 5000;

/** One page of the list. Throws `InvalidArgument` for a cursor that is none of its. */
export function newestFirst(index: Table<1>) {
  return <T>({ prefix, limit, cursor, from, to, item }: Reading<T>): Page<T> => {
    const items: T[] = [];
    let last: Key = [];
    let looked = 0;
    const rows = index.keys({
      start: [...prefix, ...(cursor === undefined ? [to ?? LAST, LAST] : parseCursor(cursor))],
      end: from === undefined ? prefix : [...prefix, from],
      reverse: true,
      afterStart: true,
    });
    for (const key of rows) {
      const rest = key.slice(prefix.length);
      const found = item(rest);
      const full = items.length >= limit;
      if ((full && found !== undefined) || looked >= PAGE_ROWS) return { items, cursor: writeCursor(last) };
      looked++;
      if (found === undefined) {
        if (!full) last = rest;
        continue;
      }
      items.push(found);
      last = rest;
    }
    return { items };
  };
}

function writeCursor(rest: Key): string {
  return Buffer.from(JSON.stringify(rest)).toString("base64url");
}

function parseCursor(cursor: string): Key {
  const parts = parseParts(cursor);
  if (parts === undefined) {
    throw new StepwellError("InvalidArgument", `"${cursor}" does not continue this list; start again without it`);
  }
  return parts;
}

function parseParts(cursor: string): Key | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (!Array.isArray(parts) || typeof parts[0] !== "number" || parts.length > 3) return undefined;
    // Anything else was not written by us, and may be longer than a key can be.
    const names: unknown[] = parts.slice(1);
    return names.every(isKeyText) ? [parts[0], ...names] : undefined;
  } catch {
    return undefined;
  }
}
