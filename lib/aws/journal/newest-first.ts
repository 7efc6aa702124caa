/**
 * Lists that are read newest first, a page at a time, out of the shards of an index, merged. A cursor is the place in time
 * of the last row that was looked at, so rows that are added meanwhile make a reader neither skip nor repeat one.
 */
import { StepwellError } from "../../fdl/errors.ts";
import { EXECUTIONS, isPlace, placesBetween } from "./index-keys.ts";
import { type Item, text } from "./item.ts";
import type { Table } from "./table.ts";

export interface Reading {
  readonly shards: readonly string[];
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Both inclusive, ms. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** By what the index holds. Absent: all rows. */
  readonly accept?: (row: Item) => boolean;
}

export interface RowPage {
  readonly rows: readonly Item[];
  readonly cursor?: string;
}

/** A page ends after this many rows, full or not: a filter that few rows pass must not make one reader wait, and pay, for all. */
const PAGE_ROWS = 5000;
/** Rows that a request reads of a shard, at most: of a list with a filter always so many. */
const REQUEST_ROWS = 500;
/** A shard may have some more of a page than its share. */
const SPARE_ROWS = 8;

/** One page of the rows of `executions`. Throws `InvalidArgument` for a cursor that is none of its. */
export async function newestFirst(
  table: Table,
  { shards, limit, cursor, from, to, accept }: Reading,
): Promise<RowPage> {
  const before = cursor === undefined ? undefined : parseCursor(cursor, isPlace);
  const between = placesBetween(from, to, before);
  if (between === undefined) return { rows: [] };
  const share = Math.ceil((limit + 1) / shards.length) + SPARE_ROWS;
  const pageItems = accept === undefined ? Math.min(share, REQUEST_ROWS) : REQUEST_ROWS;
  const rows: Item[] = [];
  let last = "";
  let looked = 0;
  for await (const row of merged(shards.map((pk) => rowsOf(table, pk, between, pageItems)))) {
    const place = text(row, EXECUTIONS.sk);
    if (place === before) continue;
    const accepted = accept?.(row) ?? true;
    const full = rows.length >= Math.max(limit, 1);
    if ((full && accepted) || looked >= PAGE_ROWS) return { rows, cursor: writeCursor(last) };
    looked++;
    if (accepted) rows.push(row);
    if (accepted || !full) last = place;
  }
  return { rows };
}

async function* rowsOf(
  table: Table,
  pk: string,
  sk: readonly [string, string],
  pageItems: number,
): AsyncGenerator<Item> {
  for await (const page of table.query({ pk, sk, newestFirst: true, pageItems, index: EXECUTIONS })) yield* page;
}

/** The rows of all shards, newest first. */
async function* merged(shards: readonly AsyncGenerator<Item>[]): AsyncGenerator<Item> {
  const heads = await Promise.all(shards.map((shard) => shard.next()));
  for (;;) {
    let newest = -1;
    let newestPlace = "";
    for (const [at, head] of heads.entries()) {
      if (head.done) continue;
      const place = text(head.value, EXECUTIONS.sk);
      if (newest >= 0 && place <= newestPlace) continue;
      [newest, newestPlace] = [at, place];
    }
    const [head, shard] = [heads[newest], shards[newest]];
    if (head === undefined || shard === undefined || head.done) return;
    yield head.value;
    heads[newest] = await shard.next();
  }
}

/** A text as a cursor: opaque, and fit for a URL. */
export function writeCursor(text: string): string {
  return Buffer.from(text).toString("base64url");
}

/** The text that a cursor was made of; throws `InvalidArgument` where it cannot have been. */
export function parseCursor(cursor: string, isOurs: (text: string) => boolean): string {
  const text = Buffer.from(cursor, "base64url").toString();
  if (isOurs(text) && writeCursor(text) === cursor) return text;
  throw new StepwellError("InvalidArgument", `"${cursor}" does not continue this list; start again without it`);
}
