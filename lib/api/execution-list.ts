/** Pages of executions with their data, bounded in size: a page of large outputs ends early instead of filling memory. */
import type { Runtime } from "../runtime/index.ts";
import type { ExecutionFilter, Page } from "../runtime/ports/journal.ts";
import { MAX_PAGE_TEXT } from "./answer.ts";
import { bareRecord, type ExecutionRecord, executionRecord } from "./execution-record.ts";

/** Executions whose data is read at once. */
const CHUNK = 10;

/** One page, newest first; it may hold fewer than the limit and still go on. `bare`: without input, output and definition. */
export async function listPage(
  runtime: Runtime,
  flowId: string,
  filter: ExecutionFilter,
  from: { readonly cursor: string | undefined; readonly bare: boolean },
): Promise<Page<ExecutionRecord>> {
  const items: ExecutionRecord[] = [];
  const chunk = from.bare ? filter.limit : CHUNK;
  let { cursor } = from;
  let size = 0;
  for (;;) {
    const asked = Math.min(chunk, filter.limit - items.length);
    const page = await runtime.ports.journal.listExecutions(flowId, { ...filter, limit: asked }, cursor);
    const records = from.bare
      ? page.items.map(bareRecord)
      : await Promise.all(page.items.map((header) => executionRecord(runtime, header)));
    for (const record of records) {
      items.push(record);
      size += record.Input.length + record.Output.length + record.FlowDefinition.length;
    }
    cursor = page.cursor;
    // A short page that goes on has looked at as many rows as may be looked at in one go.
    if (cursor === undefined) return { items };
    if (items.length >= filter.limit || records.length < asked || size > MAX_PAGE_TEXT) return { items, cursor };
  }
}
