/** The journal's joins, and the outputs that branches hand over, on disk. */
import type { JoinItem, Journal, OutputItem } from "../../../runtime/ports/journal.ts";
import type { Store } from "../store.ts";
import type { StoredJoin } from "../tables.ts";
import { entryKey, under } from "./entry-key.ts";

type Joins = Pick<Journal, "addDone" | "putFailure" | "readJoins" | "putOutput" | "readOutputs">;

/** The joins and outputs of a store. */
export function storedJoins({ tables: { joins, outputs }, write }: Store): Joins {
  return {
    async addDone(key, index) {
      const row = entryKey(key);
      return write(() => {
        const join = joins.get(row);
        if (join?.done.includes(index)) return toItem(join);
        const after = { ...join, done: [...(join?.done ?? []), index] };
        joins.put(row, after);
        return toItem(after);
      });
    },
    async putFailure(key, failure) {
      const row = entryKey(key);
      return write(() => {
        const join = joins.get(row);
        if (join?.failure !== undefined) return toItem(join);
        const after = { done: join?.done ?? [], failure };
        joins.put(row, after);
        return toItem(after);
      });
    },
    async readJoins(keys) {
      return keys.map((key) => {
        const join = joins.get(entryKey(key));
        return join === undefined ? undefined : toItem(join);
      });
    },
    async putOutput(key, output) {
      return write(() => outputs.put(entryKey(key, output.index, output.chunk), output));
    },
    async readOutputs(key) {
      const items: OutputItem[] = [];
      for (const { value } of outputs.rows(under(entryKey(key)))) items.push(value);
      return items;
    },
  };
}

function toItem({ done, failure }: StoredJoin): JoinItem {
  return { done: new Set(done), ...(failure === undefined ? {} : { failure }) };
}
