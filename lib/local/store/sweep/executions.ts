/** Retention of executions: those that ended long enough ago go, with all that leads to them. */
import { removeHeaderRows } from "../journal/execution-rows.ts";
import { type Key, keyText, LAST } from "../keys.ts";
import type { Store } from "../store.ts";

/** Headers a transaction. */
const BATCH = 50;

/**
 * Takes the executions that ended at or before `before` (ms) out of all lists and hands what hangs on them to
 * `removing`, in one transaction for each batch: whoever is interrupted leaves no execution half there. Returns how many.
 */
export async function forgetEnded({ tables, write, durable }: Store, before: number): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const batch = write(() => {
      const rows = [...tables.ended.keys({ end: [before, LAST], limit: BATCH })];
      for (const row of rows) {
        const header = tables.headers.get(headerKeyOf(row));
        if (header === undefined) {
          tables.ended.remove(row);
          continue;
        }
        removeHeaderRows(tables, header);
        tables.removing.put([keyText(header.startId)], 1);
      }
      return rows.length;
    });
    forgotten += batch;
    // The disk sets the pace: others get their turn.
    await durable();
    if (batch < BATCH) return forgotten;
  }
}

/** A row of `ended` is its time, then the header's key. */
function headerKeyOf(row: Key): Key {
  return row.slice(1);
}
