/**
 * The journal port over LMDB (architecture §7, §8). A conditional write looks and writes in one turn of the one process
 * that has the store; it resolves when it is done, and is on disk when the store's `durable` says so.
 */
import type { Journal } from "../../runtime/ports/journal.ts";
import { storedEntries } from "./journal/entries.ts";
import { storedExecutions } from "./journal/executions.ts";
import { storedFlows } from "./journal/flows.ts";
import { storedJoins } from "./journal/joins.ts";
import { storedVerdicts } from "./journal/verdicts.ts";
import type { Key } from "./keys.ts";
import type { Store } from "./store.ts";

const PROBE_KEY: Key = ["probe"];

export interface LmdbJournalOptions {
  /** Whether the owner of a lease may still work: a lease of one that cannot is over. Absent: it may. */
  readonly isAlive?: (owner: string) => boolean;
}

/** The journal of a store. */
export function lmdbJournal(store: Store, { isAlive = () => true }: LmdbJournalOptions = {}): Journal {
  const { probe } = store.tables;
  return {
    ...storedEntries(store, isAlive),
    ...storedVerdicts(store),
    ...storedJoins(store),
    ...storedExecutions(store),
    ...storedFlows(store),
    putProbe: async (next) => store.write(() => probe.put(PROBE_KEY, next)),
    async readProbe() {
      return probe.get(PROBE_KEY);
    },
  };
}
