/**
 * A table of the store: the rows of its one LMDB database whose keys begin with the table's tag. Values are JSON texts. JSON and not MessagePack, because JSON
 * gives back every text as it was (a lone surrogate in an error's cause too), and because the mark phase of the blob
 * sweep reads raw texts.
 */
import type { RangeOptions, RootDatabase } from "lmdb";
import { type Key, LAST } from "./keys.ts";

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

/** Those who see each text that is written or removed: the mark phases of blob sweeps. */
export type TextWatch = Set<(text: string) => void>;

/** The table whose keys begin with `tag` in the database. */
export function tableOf<V>(database: RootDatabase<string, Key>, tag: string, watch: TextWatch): Table<V> {
  // The parse boundary: what is read was written by `put` below.
  const parse = (text: string): V => JSON.parse(text) as V;

  function options({ start = [], end, reverse = false, limit, afterStart = false }: Range): RangeOptions {
    const [first, last]: [Key, Key] = [[tag], [tag, LAST]];
    return {
      start: start.length > 0 ? [tag, ...start] : reverse ? last : first,
      end: end !== undefined ? [tag, ...end] : reverse ? first : last,
      reverse,
      exclusiveStart: afterStart,
      ...(limit === undefined ? {} : { limit }),
    };
  }

  return {
    get(key) {
      const text = database.get([tag, ...key]);
      return text === undefined ? undefined : parse(text);
    },
    put(key, value) {
      const text = JSON.stringify(value);
      for (const see of watch) see(text);
      database.put([tag, ...key], text);
    },
    remove(key) {
      if (watch.size > 0) {
        const text = database.get([tag, ...key]) ?? "";
        for (const see of watch) see(text);
      }
      database.remove([tag, ...key]);
    },
    rows: (range) =>
      database.getRange(options(range)).map(({ key, value }) => ({ key: key.slice(1), value: parse(value) })),
    keys: (range) => database.getKeys(options(range)).map((key) => key.slice(1)),
    texts: (range) => database.getRange(options(range)).map(({ key, value }) => ({ key: key.slice(1), value })),
  };
}
