/** The journal's entries in memory: one sorted array a branch, since a branch grows at its end. */
import type { Entry, EntryKey, Journal, Lease } from "../../runtime/ports/journal.ts";
import { getOrAdd } from "./get-or-add.ts";

type Entries = Pick<
  Journal,
  "append" | "readEntry" | "readTip" | "readEntries" | "readSnapshot" | "replaceLease" | "settle"
>;

/** An empty set of entries. They are values: replaced when they change, never copied or altered. */
export function memoryEntries(): Entries {
  const executions = new Map<string, Map<string, Entry[]>>();

  function branchOf(startId: string, branch: string): Entry[] {
    return executions.get(startId)?.get(branch) ?? [];
  }

  /** Replaces the entry by `change` of it if its lease is as expected. */
  function replace(
    key: EntryKey,
    expected: (lease: Lease | undefined) => boolean,
    change: (entry: Entry) => Entry,
  ): boolean {
    const entries = branchOf(key.startId, key.branch);
    const at = indexOf(entries, key.seq);
    const entry = entries[at];
    if (entry?.seq !== key.seq || !expected(entry.lease)) return false;
    entries[at] = change(entry);
    return true;
  }

  return {
    async append(entry) {
      const branches = getOrAdd(executions, entry.startId, () => new Map<string, Entry[]>());
      const entries = getOrAdd(branches, entry.branch, () => []);
      const at = indexOf(entries, entry.seq);
      const existing = entries[at];
      if (existing === undefined) entries.push(entry);
      else if (existing.seq === entry.seq) return existing;
      else entries.splice(at, 0, entry);
      return undefined;
    },
    async readEntry({ startId, branch, seq }) {
      const entries = branchOf(startId, branch);
      const entry = entries[indexOf(entries, seq)];
      return entry?.seq === seq ? entry : undefined;
    },
    async readTip(startId, branch) {
      return branchOf(startId, branch).at(-1);
    },
    async readEntries(startId, branch, from, to) {
      const entries = branchOf(startId, branch);
      return entries.slice(indexOf(entries, from), indexOf(entries, to + 1));
    },
    async readSnapshot(startId, branch, seq) {
      const entries = branchOf(startId, branch);
      for (let at = indexOf(entries, seq + 1) - 1; at >= 0; at--) {
        const entry = entries[at];
        if (entry?.snapshot !== undefined) return entry;
      }
      return undefined;
    },
    async replaceLease(key, expected, lease) {
      return replace(
        key,
        (held) => sameLease(held, expected),
        (entry) => ({ ...entry, lease }),
      );
    },
    async settle(key, owner) {
      return replace(
        key,
        (held) => held?.owner === owner,
        (entry) => ({ ...entry, settled: true }),
      );
    },
  };
}

/** Index of the first entry whose seq is not below `seq`; the length when there is none. */
function indexOf(entries: readonly Entry[], seq: number): number {
  let low = 0;
  let high = entries.length;
  const tip = entries.at(-1);
  if (tip === undefined || tip.seq < seq) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && entry.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sameLease(lease: Lease | undefined, expected: Lease): boolean {
  return lease !== undefined && lease.owner === expected.owner && lease.until === expected.until;
}
