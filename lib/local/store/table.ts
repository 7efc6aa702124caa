/**
 * A table of the store: one named LMDB database whose values are JSON texts. JSON and not MessagePack, because JSON
 * gives back every text as it was (a lone surrogate in an error's cause too), and because the mark phase of the blob
 * sweep reads raw texts.
 */
import type { Database, RangeOptions, RootDatabase } from "lmdb";
import type { Key } from "./keys.ts";

export interface Range {
  /** Included. In a reverse range the highest key. */
  readonly start?: Key | undefined;
  /** Not included. */
  readonly end?: Key | undefined;
  readonly reverse?: boolean;
  readonly limit?: number;
  /** Leaves `start` itself out. */
  readonly afterStart?: boolean;
}

export interface Table<V> {
  get(key: Key): V | undefined;
  /** Inside a write of the store only, as is `remove`. */
  put(key: Key, value: V): void;
  remove(key: Key): void;
  /** Rows in the order of their keys. Read within one turn of the event loop: a range left open would hold pages back. */
  rows(range: Range): Iterable<{ readonly key: Key; readonly value: V }>;
  keys(range: Range): Iterable<Key>;
  /** Rows with the texts as they are stored. */
  texts(range: Range): Iterable<{ readonly key: Key; readonly value: string }>;
}

/** Sees each text that is written or removed, while there is one (the blob sweep's mark phase). */
export interface TextWatch {
  see: ((text: string) => void) | undefined;
}

/** Opens a table, or makes it. */
export function openTable<V>(root: RootDatabase<string, Key>, name: string, watch: TextWatch): Table<V> {
  const database: Database<string, Key> = root.openDB({ name, encoding: "string" });
  // The parse boundary: what is read was written by `put` below.
  const parse = (text: string): V => JSON.parse(text) as V;
  return {
    get(key) {
      const text = database.get(key);
      return text === undefined ? undefined : parse(text);
    },
    put(key, value) {
      const text = JSON.stringify(value);
      watch.see?.(text);
      database.put(key, text);
    },
    remove(key) {
      if (watch.see !== undefined) watch.see(database.get(key) ?? "");
      database.remove(key);
    },
    rows: (range) => database.getRange(options(range)).map(({ key, value }) => ({ key, value: parse(value) })),
    keys: (range) => database.getKeys(options(range)),
    texts: (range) => database.getRange(options(range)),
  };
}

function options({ start, end, reverse = false, limit, afterStart = false }: Range): RangeOptions {
  return {
    reverse,
    exclusiveStart: afterStart,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(limit === undefined ? {} : { limit }),
  };
}
