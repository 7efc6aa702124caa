/** The journal's entries on disk: one row each, in the order of seq within their branch. */
import type { Entry, EntryKey, Journal, Lease } from "../../../runtime/ports/journal.ts";
import { type Key, LAST } from "../keys.ts";
import type { Store } from "../store.ts";
import { branchKey, entryKey } from "./entry-key.ts";

type Entries = Pick<
  Journal,
  "append" | "readEntry" | "readTip" | "readEntries" | "readSnapshot" | "replaceLease" | "settle"
>;

/** A read of a range ends after this many characters of events and snapshots, or this many entries. */
const PAGE_CHARACTERS = 1024 * 1024;
const PAGE_ENTRIES = 500;
/** Bound of the tips that are remembered. */
const MAX_TIPS = 20_000;

/** The entries of a store. Leases whose owner is not `isAlive` are over, whatever time they name: their process is gone. */
export function storedEntries({ tables: { entries }, write }: Store, isAlive: (owner: string) => boolean): Entries {
  /** Seq of the last entry of branches that were written to lately: what comes after it is free for sure, since nobody else writes. */
  const tips = new Map<string, number>();

  /** The entry as everybody may see it. */
  function seen(entry: Entry): Entry {
    const { lease } = entry;
    return lease === undefined || isAlive(lease.owner) ? entry : { ...entry, lease: { ...lease, until: 0 } };
  }

  function read(row: Key): Entry | undefined {
    const entry = entries.get(row);
    return entry === undefined ? undefined : seen(entry);
  }

  /** Replaces the entry by `change` of it if its lease is as expected. */
  function replace(
    key: EntryKey,
    expected: (lease: Lease | undefined) => boolean,
    change: (entry: Entry) => Entry,
  ): boolean {
    const row = entryKey(key);
    return write(() => {
      const entry = read(row);
      if (entry === undefined || !expected(entry.lease)) return false;
      entries.put(row, change(entry));
      return true;
    });
  }

  /** From `seq` down; without one from the tip. */
  function* newestFirst(startId: string, branch: string, seq?: number, limit?: number): Iterable<Entry> {
    const end = branchKey(startId, branch);
    for (const { value } of entries.rows({
      start: [...end, seq ?? LAST],
      end,
      reverse: true,
      ...(limit === undefined ? {} : { limit }),
    })) {
      yield seen(value);
    }
  }

  return {
    async append(entry) {
      const row = entryKey(entry);
      const branch = `${entry.startId}/${entry.branch}`;
      return write(() => {
        const existing = tips.get(branch) === entry.seq - 1 ? undefined : read(row);
        if (existing !== undefined) return existing;
        entries.put(row, entry);
        if (tips.size >= MAX_TIPS) tips.clear();
        tips.set(branch, entry.seq);
        return undefined;
      });
    },
    async readEntry(key) {
      return read(entryKey(key));
    },
    async readTip(startId, branch) {
      for (const tip of newestFirst(startId, branch, undefined, 1)) return tip;
      return undefined;
    },
    async readEntries(startId, branch, from, to) {
      const page: Entry[] = [];
      let characters = 0;
      const prefix = branchKey(startId, branch);
      const range = { start: [...prefix, from], end: [...prefix, to + 1], limit: PAGE_ENTRIES };
      for (const { value } of entries.rows(range)) {
        page.push(seen(value));
        characters += value.event.length + (value.snapshot?.length ?? 0);
        if (characters >= PAGE_CHARACTERS) break;
      }
      return page;
    },
    async readSnapshot(startId, branch, seq) {
      for (const entry of newestFirst(startId, branch, seq)) if (entry.snapshot !== undefined) return entry;
      return undefined;
    },
    replaceLease: async (key, expected, lease) =>
      replace(
        key,
        (held) => held !== undefined && held.owner === expected.owner && held.until === expected.until,
        (entry) => ({ ...entry, lease }),
      ),
    settle: async (key, owner) =>
      replace(
        key,
        (held) => held?.owner === owner,
        (entry) => ({ ...entry, settled: true }),
      ),
  };
}
