/**
 * What hangs on no execution: journals of starts that lost the race for a name, late messages of executions that are
 * gone, Express runs that died before their header. They have no end time; so a sweep notes when it first saw them, and
 * one that finds them a retention later removes them.
 */
import { under } from "../journal/entry-key.ts";
import type { Key } from "../keys.ts";
import type { Store } from "../store.ts";
import { startKeys, workTables } from "./by-start-id.ts";

/** Notes new orphans at `now`, hands those noted at or before `before` to `removing`; returns how many. Both ms. */
export async function forgetOrphans(store: Store, now: number, before: number): Promise<number> {
  const { tables, write } = store;
  /** An execution's, being removed already, or with a parked message: that one waits for an operator. */
  const isKept = (key: Key): boolean =>
    tables.starts.get(key) !== undefined ||
    tables.removing.get(key) !== undefined ||
    [...tables.parked.keys({ ...under(key), limit: 1 })].length > 0;

  const noted: readonly Key[] = [...tables.orphans.keys({})];
  for (const key of noted) if (isKept(key)) write(() => tables.orphans.remove(key));

  let forgotten = 0;
  for (const table of workTables(tables)) {
    for await (const key of startKeys(table)) {
      if (isKept(key)) continue;
      const removed = write(() => {
        if (isKept(key)) return false;
        const seen = tables.orphans.get(key);
        if (seen === undefined) tables.orphans.put(key, now);
        if (seen === undefined || seen > before) return false;
        tables.orphans.remove(key);
        tables.removing.put(key, 1);
        return true;
      });
      if (removed) forgotten++;
    }
  }
  return forgotten;
}
