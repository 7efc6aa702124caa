/**
 * Rows that were written and are not yet in LMDB: this process reads them at once, the log gets them in batches, and LMDB
 * later (commits.ts).
 */
import { compareKeys } from "lmdb";
import type { Key, KeyPart } from "./keys.ts";

/** A written row. */
export interface OverlayRow {
  /** With the table's tag as its first part. */
  readonly key: Key;
  /** The key as JSON. */
  readonly name: string;
  /** null: it was removed. */
  text: string | null;
  /** What the text says, where it was written by this process: not to be changed. */
  value?: unknown;
}

export interface Overlay {
  /** The row of a key, with its tag; undefined: LMDB has the truth. */
  find(key: Key): OverlayRow | undefined;
  /** Writes a row; null removes it. */
  set(key: Key, text: string | null, value?: unknown): void;
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
    find(key) {
      const rows = tags.get(key[0] ?? "")?.get(key[1] ?? "");
      return rows === undefined || rows.size === 0 ? undefined : rows.get(JSON.stringify(key));
    },
    set(key, text, value) {
      const rows = getOrAdd(getOrAdd(tags, key[0] ?? ""), key[1] ?? "");
      const name = JSON.stringify(key);
      const before = rows.get(name);
      if (before !== undefined && fresh.has(before)) {
        before.text = text;
        before.value = value;
        return;
      }
      const row = { key, name, text, value };
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
        const [tag = "", first = ""] = row.key;
        const groups = tags.get(tag);
        const rows = groups?.get(first);
        if (rows?.get(row.name) !== row) continue;
        rows.delete(row.name);
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
