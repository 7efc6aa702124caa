/**
 * Rows that were written and are not yet in LMDB: this process reads them at once, the log gets them in batches, and LMDB
 * later (commits.ts).
 */
import { compareKeys } from "lmdb";
import type { Key } from "./keys.ts";

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
  /** By name. A few thousand at most (commits.ts), so that a range may look at all of them. */
  const rows = new Map<string, OverlayRow>();
  let fresh = new Set<OverlayRow>();

  return {
    find: (key) => (rows.size === 0 ? undefined : rows.get(JSON.stringify(key))),
    set(key, text, value) {
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
      const common = commonName(low, high);
      for (const row of rows.values()) {
        if (!row.name.startsWith(common)) continue;
        if (compareKeys(row.key, low) >= 0 && compareKeys(row.key, high) < 0) found.push(row);
      }
      return found.sort((one, other) => compareKeys(one.key, other.key));
    },
    take() {
      const taken = [...fresh];
      fresh = new Set();
      return taken;
    },
    settle(settled) {
      for (const row of settled) if (rows.get(row.name) === row) rows.delete(row.name);
    },
  };
}

/** How the names of all keys between two keys begin. */
function commonName(low: Key, high: Key): string {
  let parts = 0;
  while (parts < low.length && low[parts] === high[parts]) parts++;
  return JSON.stringify(low.slice(0, parts)).slice(0, -1);
}
