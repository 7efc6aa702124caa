/**
 * The journal port over LMDB (architecture §7, §8). Each conditional write reads its condition inside LMDB's write
 * transaction and resolves when that is on disk; reads see only what is on disk.
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

/** The journal of a store. */
export function lmdbJournal(store: Store): Journal {
  const { probe } = store.tables;
  return {
    ...storedEntries(store),
    ...storedVerdicts(store),
    ...storedJoins(store),
    ...storedExecutions(store),
    ...storedFlows(store),
    putProbe: (next) => store.write(() => probe.put(PROBE_KEY, next)),
    async readProbe() {
      return probe.get(PROBE_KEY);
    },
  };
}
