/**
 * The journal's two lists of executions. An index says which and in what order, the headers themselves what they are now;
 * an index lags behind its table, so one that is gone or has ended meanwhile is left out.
 */
import type { ExecutionFilter, Header, Journal } from "../../runtime/ports/journal.ts";
import { readHeaderItem } from "./header-item.ts";
import { executionsShards, isPlace, placesBetween, RUNNING, RUNNING_SHARDS } from "./index-keys.ts";
import { type Item, text } from "./item.ts";
import { escapeText, executionPartition, HASHED } from "./keys.ts";
import { newestFirst, parseCursor, writeCursor } from "./newest-first.ts";
import type { Stored } from "./stored.ts";

/** Running headers a page. */
const PAGE = 100;

export function tableLists({ table }: Stored): Pick<Journal, "listExecutions" | "listRunning"> {
  async function headersOf(rows: readonly Item[]): Promise<readonly Header[]> {
    const keys = rows.map((row) => ({ pk: text(row, "pk"), sk: text(row, "sk") }));
    const items = await table.getMany(keys, { consistent: false });
    return items.flatMap((item) => (item === undefined ? [] : [readHeaderItem(item)]));
  }

  return {
    async listExecutions(flowId, filter, cursor) {
      const { limit, startedFrom: from, startedTo: to } = filter;
      const accept = rowFilter(flowId, filter);
      const page = await newestFirst(table, {
        shards: executionsShards(flowId),
        limit,
        cursor,
        from,
        to,
        ...(accept === undefined ? {} : { accept }),
      });
      const { status, namePrefix = "" } = filter;
      const items = (await headersOf(page.rows)).filter(
        (header) => (status === undefined || header.status === status) && header.ref.name.startsWith(namePrefix),
      );
      return { items, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
    },

    /** One shard after the other: a sweep has no use for an order. */
    async listRunning(cursor) {
      const last = cursor === undefined ? undefined : parseCursor(cursor, isRunningPlace);
      const rows: Item[] = [];
      for (const shard of RUNNING_SHARDS) {
        if (last !== undefined && shard < last.charAt(0)) continue;
        const before = shard === last?.charAt(0) ? last.slice(1) : undefined;
        const sk = placesBetween(undefined, undefined, before);
        if (sk === undefined) continue;
        for await (const page of table.query({ pk: shard, sk, newestFirst: true, pageItems: PAGE, index: RUNNING })) {
          for (const row of page) {
            const place = text(row, RUNNING.sk);
            if (place === before) continue;
            rows.push(row);
            if (rows.length < PAGE) continue;
            return { items: await runningOf(rows), cursor: writeCursor(`${shard}${place}`) };
          }
        }
      }
      return { items: await runningOf(rows) };
    },
  };

  async function runningOf(rows: readonly Item[]): Promise<readonly Header[]> {
    return (await headersOf(rows)).filter((header) => header.status === "Running");
  }
}

/** A shard, and a place in it. */
function isRunningPlace(text: string): boolean {
  return RUNNING_SHARDS.includes(text.charAt(0)) && isPlace(text.slice(1));
}

/** What rows of the index can be told by, before their headers are read: their status, and the name in their key. */
function rowFilter(flowId: string, { status, namePrefix = "" }: ExecutionFilter): ((row: Item) => boolean) | undefined {
  if (status === undefined && namePrefix === "") return undefined;
  const partition = executionPartition({ flowId, name: "" });
  const [plain, hashed] = [`${partition}${escapeText(namePrefix)}`, `${partition}${HASHED}`];
  // Half a character is the beginning of a whole one that is written otherwise.
  const named = (pk: string) => pk.startsWith(plain) || pk.startsWith(hashed) || !namePrefix.isWellFormed();
  return (row) => (status === undefined || row.status?.S === status) && named(text(row, "pk"));
}
