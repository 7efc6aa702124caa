/**
 * A table of the store: the rows of its one LMDB database whose keys begin with the table's tag, under those that were
 * written and are not yet there. Values are JSON texts. JSON and not MessagePack, because JSON gives back every text as it
 * was (a lone surrogate in an error's cause too), and because the mark phase of the blob sweep reads raw texts.
 */
import { compareKeys, type RootDatabase } from "lmdb";
import { type Key, LAST } from "./keys.ts";
import type { Overlay, OverlayRow } from "./overlay.ts";

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

export interface ReadTable<V> {
  get(key: Key): V | undefined;
  /** Rows in the order of their keys. Read within one turn of the event loop: a range left open would hold pages back. */
  rows(range: Range): Iterable<{ readonly key: Key; readonly value: V }>;
  keys(range: Range): Iterable<Key>;
  /** Rows with the texts as they are stored. */
  texts(range: Range): Iterable<{ readonly key: Key; readonly value: string }>;
}

export interface Table<V> extends ReadTable<V> {
  /** Inside a write of the store only, as is `remove`. */
  put(key: Key, value: V): void;
  remove(key: Key): void;
}

/** Those who see each text that is written or removed: the mark phases of blob sweeps. */
export type TextWatch = Set<(text: string) => void>;

export interface TableSource {
  readonly database: RootDatabase<string, Key>;
  readonly overlay: Overlay;
  readonly watch: TextWatch;
}

/** The table whose keys begin with `tag`. */
export function tableOf<V>({ database, overlay, watch }: TableSource, tag: string): Table<V> {
  // The parse boundary: what is read was written by `put` below.
  const parse = (text: string): V => JSON.parse(text) as V;

  function read(key: Key): string | undefined {
    const row = overlay.find(key);
    return row === undefined ? database.get(key) : (row.text ?? undefined);
  }

  /** Bounds with the tag: both as LMDB takes them in that direction. */
  function bounds({ start = [], end, reverse = false }: Range): readonly [Key, Key] {
    const [first, last]: [Key, Key] = [[tag], [tag, LAST]];
    return [
      start.length > 0 ? [tag, ...start] : reverse ? last : first,
      end !== undefined ? [tag, ...end] : reverse ? first : last,
    ];
  }

  /** The overlay's rows in the range, in its direction. */
  function fresh(start: Key, end: Key, reverse: boolean): readonly OverlayRow[] {
    if (!reverse) return overlay.between(start, end);
    const within = overlay.between(end, start).filter(({ key }) => compareKeys(key, end) > 0);
    const top = compareKeys(start, end) > 0 ? overlay.find(start) : undefined;
    return [...(top === undefined ? [] : [top]), ...within.reverse()];
  }

  /** Rows of both layers, the upper one where both have one. */
  function* merged(range: Range): Generator<{ readonly key: Key; readonly value: string }> {
    const { reverse = false, afterStart = false, limit = Number.POSITIVE_INFINITY } = range;
    const [start, end] = bounds(range);
    const over = fresh(start, end, reverse);
    let given = 0;
    let at = 0;
    const before = (one: Key, other: Key) => (reverse ? compareKeys(one, other) > 0 : compareKeys(one, other) < 0);
    const passes = ({ key, text }: OverlayRow) => text !== null && !(afterStart && compareKeys(key, start) === 0);
    for (const row of database.getRange({ start, end, reverse, exclusiveStart: afterStart })) {
      for (let next = over[at]; next !== undefined && before(next.key, row.key); next = over[++at]) {
        if (!passes(next)) continue;
        if (given++ >= limit) return;
        yield { key: next.key.slice(1), value: next.text ?? "" };
      }
      if (given >= limit) return;
      if (overlay.find(row.key) !== undefined) continue;
      given++;
      yield { key: row.key.slice(1), value: row.value };
    }
    for (let next = over[at]; next !== undefined; next = over[++at]) {
      if (!passes(next)) continue;
      if (given++ >= limit) return;
      yield { key: next.key.slice(1), value: next.text ?? "" };
    }
  }

  return {
    get(key) {
      const full: Key = [tag, ...key];
      const row = overlay.find(full);
      // The parse boundary, once more: its value was put here as a V.
      if (row?.value !== undefined) return row.value as V;
      const text = row === undefined ? database.get(full) : (row.text ?? undefined);
      return text === undefined ? undefined : parse(text);
    },
    put(key, value) {
      const text = JSON.stringify(value);
      for (const see of watch) see(text);
      overlay.set([tag, ...key], text, value);
    },
    remove(key) {
      const full: Key = [tag, ...key];
      if (watch.size > 0) for (const see of watch) see(read(full) ?? "");
      overlay.set(full, null);
    },
    *rows(range) {
      for (const { key, value } of merged(range)) yield { key, value: parse(value) };
    },
    *keys(range) {
      for (const { key } of merged(range)) yield key;
    },
    texts: merged,
  };
}
