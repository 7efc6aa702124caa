/** All that an execution wrote, wherever it stands: found and removed by its start id. */
import { setImmediate as turn } from "node:timers/promises";
import { under } from "../journal/entry-key.ts";
import { type Key, LAST } from "../keys.ts";
import type { Store } from "../store.ts";
import type { Table } from "../table.ts";
import type { Tables } from "../tables.ts";

/** Rows a transaction: others wait for as long as it takes. */
const BATCH = 200;

/** Tables that only the protocol writes to. */
export function workTables({
  entries,
  verdicts,
  joins,
  outputs,
  data,
  archives,
  traces,
}: Tables): readonly Table<unknown>[] {
  return [entries, verdicts, joins, outputs, data, archives, traces];
}

/** Removes what hangs on each start id that stands in `removing`; goes on where an earlier sweep was interrupted. */
export async function removeLeftovers(store: Store): Promise<void> {
  const { tables, write, durable } = store;
  for (const startKey of allKeys(tables.removing)) {
    for (const table of [...workTables(tables), tables.parked]) {
      for (let more = true; more; ) {
        more = write(() => {
          const keys = [...table.keys({ ...under(startKey), limit: BATCH })];
          for (const key of keys) table.remove(key);
          return keys.length === BATCH;
        });
        // The disk sets the pace: others get their turn.
        await durable();
      }
    }
    write(() => tables.removing.remove(startKey));
  }
}

/** The start ids, as parts of keys, that have rows in a table: one seek each, however many rows. */
export async function* startKeys(table: Table<unknown>): AsyncGenerator<Key> {
  let start: Key | undefined;
  for (let seeks = 1; ; seeks++) {
    const [first] = [...table.keys({ start, limit: 1 })];
    if (first === undefined) return;
    const startKey = first.slice(0, 1);
    yield startKey;
    start = [...startKey, LAST];
    if (seeks % BATCH === 0) await turn();
  }
}

function allKeys(table: Table<unknown>): readonly Key[] {
  return [...table.keys({})];
}
