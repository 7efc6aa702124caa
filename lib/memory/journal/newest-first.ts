/**
 * Lists that are read newest first, a page at a time. Rows are kept in order of time, which is the order in which most of
 * them arrive: adding one is a push and reading a page walks back from its cursor; nothing is sorted. A cursor names the
 * row it stopped at, so rows that are added meanwhile make a reader neither skip nor repeat one.
 */
import { StepwellError } from "../../fdl/errors.ts";
import type { Page } from "../../runtime/ports/journal.ts";

/** A place whose value is replaced when the item changes; the lists that hold it see the new value. */
export interface Cell<T> {
  value: T;
}

export interface Reading<T> {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Both inclusive, ms. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly accept?: (value: T) => boolean;
}

export interface NewestFirst<T> {
  size(): number;
  add(time: number, cell: Cell<T>): void;
  page(reading: Reading<T>): Page<T>;
  /** Drops the rows whose value is not to be kept. */
  prune(keep: (value: T) => boolean): void;
}

interface Row<T> {
  readonly time: number;
  /** Number of the row: tells those of the same time apart. */
  readonly order: number;
  readonly cell: Cell<T>;
}

/** An empty list. */
export function newestFirst<T>(): NewestFirst<T> {
  let rows: Row<T>[] = [];
  let added = 0;

  /** Number of rows that come before the place in time. */
  function countBefore(time: number, order: number): number {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle];
      if (row !== undefined && (row.time < time || (row.time === time && row.order < order))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    size: () => rows.length,
    add(time, cell) {
      const row = { time, order: added++, cell };
      const newest = rows.at(-1);
      if (newest === undefined || newest.time <= time) rows.push(row);
      else rows.splice(countBefore(time, row.order), 0, row);
    },
    page({ limit, cursor, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, accept = () => true }) {
      const items: T[] = [];
      let last: Row<T> | undefined;
      const start = cursor === undefined ? undefined : parseCursor(cursor);
      const end = countBefore(to, Number.POSITIVE_INFINITY);
      let at = Math.min(end, start === undefined ? end : countBefore(start.time, start.order));
      for (let row = rows[--at]; row !== undefined && row.time >= from; row = rows[--at]) {
        if (!accept(row.cell.value)) continue;
        if (last !== undefined && items.length >= limit) return { items, cursor: `${last.time}:${last.order}` };
        items.push(row.cell.value);
        last = row;
      }
      return { items };
    },
    prune(keep) {
      rows = rows.filter((row) => keep(row.cell.value));
    },
  };
}

function parseCursor(cursor: string): { readonly time: number; readonly order: number } {
  const [, time, order] = /^(-?\d+(?:\.\d+)?):(\d+)$/.exec(cursor) ?? [];
  if (time === undefined || order === undefined) {
    throw new StepwellError("InvalidArgument", `"${cursor}" does not continue this list; start again without it`);
  }
  return { time: Number(time), order: Number(order) };
}
