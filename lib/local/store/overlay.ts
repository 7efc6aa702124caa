/**
 * Rows that were written and are not yet in LMDB: this process reads them at once, the disk gets them in batches
 * (commits.ts). A row stays here until the batch that holds it is on disk.
 */
import { compareKeys } from "lmdb";
import type { Key } from "./keys.ts";

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
  const tags = new Map<string, Map<string, OverlayRow>>();
  let fresh = new Set<OverlayRow>();

  function rowsOf(key: Key): Map<string, OverlayRow> {
    const tag = String(key[0]);
    let rows = tags.get(tag);
    if (rows === undefined) {
      rows = new Map();
      tags.set(tag, rows);
    }
    return rows;
  }

  return {
    find: (key) => rowsOf(key).get(nameOf(key)),
    set(key, text) {
      const rows = rowsOf(key);
      const name = nameOf(key);
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
      for (const row of rowsOf(low).values()) {
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
        const rows = rowsOf(row.key);
        const name = nameOf(row.key);
        if (rows.get(name) === row) rows.delete(name);
      }
    },
  };
}

/** Tells keys of one tag apart: parts of keys hold no control characters (keys.ts), and numbers are marked. */
function nameOf(key: Key): string {
  let name = "";
  for (let at = 1; at < key.length; at++) {
    const part = key[at];
    name += typeof part === "number" ? `\u0001${part}` : `\u0000${part}`;
  }
  return name;
}
