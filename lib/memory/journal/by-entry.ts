/** Items that hang on an entry, by its key: the verdict of its attempt, the join of its fork. */
import type { EntryKey } from "../../runtime/ports/journal.ts";
import { getOrAdd } from "./get-or-add.ts";

export interface ByEntry<T> {
  get(key: EntryKey): T | undefined;
  set(key: EntryKey, item: T): void;
  getOrAdd(key: EntryKey, make: () => T): T;
}

/** An empty table. */
export function byEntry<T>(): ByEntry<T> {
  const executions = new Map<string, Map<string, T>>();
  function itemsOf(startId: string): Map<string, T> {
    return getOrAdd(executions, startId, () => new Map<string, T>());
  }
  return {
    get: (key) => executions.get(key.startId)?.get(within(key)),
    set(key, item) {
      itemsOf(key.startId).set(within(key), item);
    },
    getOrAdd: (key, make) => getOrAdd(itemsOf(key.startId), within(key), make),
  };
}

/** The number first: whatever characters a branch id has, no two keys give the same text. */
function within(key: EntryKey): string {
  return `${key.seq}#${key.branch}`;
}
