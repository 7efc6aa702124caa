/**
 * Rows that were written and are not yet in LMDB: this process reads them at once, the log gets them in batches, and LMDB
 * later (commits.ts).
 */
import { compareKeys } from "lmdb";
import type { Key, KeyPart } from "./keys.ts";

/** A written row. `text` null: it was removed. */
export interface OverlayRow {
  /** With the table's tag as its first part. */
  readonly key: Key;
  text: string | null;
}

export interface Overlay {
  /** The row of a key, with its tag; undefined: LMDB has the truth. */
  find(key: Key): OverlayRow | undefined;
  /** Writes a row; null removes it. */
  set(key: Key, text: string | null): void;
  /** Rows of a tag between two keys: from `low` (included) to `high` (not included), in their order. */
  between(low: Key, high: Key): readonly OverlayRow[];
  /** Rows written since the last call. */
  take(): readonly OverlayRow[];
  /** Forgets rows that LMDB has by now, but for those that were written again since. */
  settle(rows: readonly OverlayRow[]): void;
}

/** `written` is called after the first row since the last `take`. */
export function overlay(written: () => void): Overlay {
  // By tag, then by the first part of the key (an execution, mostly), then by the rest: ranges lie within an execution.
  const tags = new Map<KeyPart, Map<KeyPart, Map<string, OverlayRow>>>();
  let fresh = new Set<OverlayRow>();

  function* candidates(low: Key, high: Key): Iterable<OverlayRow> {
    const [tag = "", first] = low;
    const groups = tags.get(tag);
    if (groups === undefined) return;
    if (first !== undefined && first === high[1]) yield* groups.get(first)?.values() ?? [];
    else for (const rows of groups.values()) yield* rows.values();
  }

  return {
    find: ([tag = "", first = "", ...rest]) => tags.get(tag)?.get(first)?.get(nameOf(rest)),
    set(key, text) {
      const [tag = "", first = "", ...rest] = key;
      const rows = getOrAdd(getOrAdd(tags, tag), first);
      const name = nameOf(rest);
      const before = rows.get(name);
      if (before !== undefined && fresh.has(before)) {
        before.text = text;
        return;
      }
      const row = { key, text };
      rows.set(name, row);
      fresh.add(row);
      if (fresh.size === 1) written();
    },
    between(low, high) {
      const found: OverlayRow[] = [];
      for (const row of candidates(low, high)) {
        if (compareKeys(row.key, low) >= 0 && compareKeys(row.key, high) < 0) found.push(row);
      }
      return found.sort((one, other) => compareKeys(one.key, other.key));
    },
    take() {
      const rows = [...fresh];
      fresh = new Set();
      return rows;
    },
    settle(settled) {
      for (const row of settled) {
        const [tag = "", first = "", ...rest] = row.key;
        const groups = tags.get(tag);
        const rows = groups?.get(first);
        const name = nameOf(rest);
        if (rows?.get(name) !== row) continue;
        rows.delete(name);
        if (rows.size === 0) groups?.delete(first);
      }
    },
  };
}

function getOrAdd<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key);
  if (inner === undefined) {
    inner = new Map();
    map.set(key, inner);
  }
  return inner;
}

/** Tells the ends of keys apart: parts of keys hold no control characters (keys.ts), and numbers are marked. */
function nameOf(rest: Key): string {
  let name = "";
  for (const part of rest) name += typeof part === "number" ? `\u0001${part}` : `\u0000${part}`;
  return name;
}
