/** The journal's contract for entries: the fence of the whole protocol, and the lease on it (architecture §3). */
import { describe, expect, test } from "vitest";
import type { Entry, EntryKey, Journal, Lease } from "../../../lib/runtime/ports/journal.ts";
import { hostileNames } from "../names.ts";
import { atOnce, entry, LEASE, newId, packed } from "./items.ts";

const OTHER_LEASE: Lease = { owner: "delivery-2", until: 1_700_000_115_000 };

export function entriesContract(journal: () => Journal, largeText: string): void {
  const root = (seq: number, startId: string): EntryKey => ({ startId, branch: "", seq });

  async function readAll(startId: string, branch: string, from: number, to: number): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    for (let next = from; ; ) {
      const page = await journal().readEntries(startId, branch, next, to);
      entries.push(...page);
      const last = page.at(-1);
      if (last === undefined) return entries;
      next = last.seq + 1;
    }
  }

  describe("append", () => {
    test("writes an entry whose key is free, with all that it holds", async () => {
      const full = entry(root(0, newId()), {
        lease: LEASE,
        snapshot: packed('{"frames":[]}'),
        due: 1_700_000_060_000,
        heartbeatSeconds: 30,
        child: { flow: "audit", name: "audit-1" },
        anchor: 0,
        events: 12,
        effect: "submit",
      });
      expect(await journal().append(full)).toBeUndefined();
      expect(await journal().readEntry(full)).toEqual(full);
    });

    test("leaves absent what an entry does not have", async () => {
      const bare = entry(root(0, newId()));
      await journal().append(bare);
      expect(Object.keys((await journal().readEntry(bare)) ?? {}).sort()).toEqual(Object.keys(bare).sort());
    });

    test("returns the entry that has the key, and changes nothing", async () => {
      const first = entry(root(0, newId()), { lease: LEASE });
      await journal().append(first);
      expect(await journal().append({ ...first, writer: "delivery-2", event: packed("other") })).toEqual(first);
      expect(await journal().readEntry(first)).toEqual(first);
    });

    test("of 20 appends of one key at once exactly one wins, and the others are told who", async () => {
      const key = root(5, newId());
      const results = await atOnce(20, (index) => journal().append(entry(key, { writer: `delivery-${index}` })));
      const winner = await journal().readEntry(key);
      const winners = results.flatMap((result, index) => (result === undefined ? [`delivery-${index}`] : []));
      expect(winners).toEqual([winner?.writer]);
      expect(results.filter((result) => result !== undefined)).toEqual(Array.from({ length: 19 }, () => winner));
    });

    test("keys differ by start id, branch and seq, each as a whole", async () => {
      const startId = newId();
      const keys: readonly EntryKey[] = [
        root(1, startId),
        root(11, startId),
        root(1, `${startId}1`),
        { startId, branch: "1", seq: 1 },
        { startId, branch: "1.1", seq: 1 },
        { startId, branch: "1.11", seq: 1 },
        { startId, branch: "1.1", seq: 11 },
        { startId, branch: "1.1.1.1", seq: 1 },
      ];
      for (const [index, key] of keys.entries()) {
        expect(await journal().append(entry(key, { writer: `delivery-${index}` }))).toBeUndefined();
      }
      const writers = await Promise.all(keys.map(async (key) => (await journal().readEntry(key))?.writer));
      expect(writers).toEqual(keys.map((_, index) => `delivery-${index}`));
    });

    test("takes large texts", async () => {
      const large = entry(root(0, newId()), { event: packed(largeText) });
      await journal().append(large);
      expect((await journal().readEntry(large))?.event === largeText).toBe(true);
    });

    test.each(hostileNames)("takes names as they are: %s", async (name) => {
      const named = entry(root(0, newId()), {
        writer: name,
        effect: name,
        child: { flow: name, name },
        event: packed(name),
      });
      await journal().append(named);
      expect(await journal().readEntry(named)).toEqual(named);
    });
  });

  describe("reading entries", () => {
    const snapshotAt = new Set([0, 64, 70]);

    async function branchOf(length: number): Promise<{ startId: string; entries: readonly Entry[] }> {
      const startId = newId();
      const entries = Array.from({ length }, (_, seq) =>
        entry(root(seq, startId), snapshotAt.has(seq) ? { snapshot: packed(`state ${seq}`) } : {}),
      );
      for (const one of entries) await journal().append(one);
      return { startId, entries };
    }

    test("an entry that was not written is undefined", async () => {
      const { startId } = await branchOf(2);
      expect(await journal().readEntry(root(2, startId))).toBeUndefined();
      expect(await journal().readEntry({ startId, branch: "0.0", seq: 0 })).toBeUndefined();
      expect(await journal().readEntry(root(0, newId()))).toBeUndefined();
    });

    test("the tip has the highest seq as a number, of this branch alone", async () => {
      const { startId } = await branchOf(9);
      expect((await journal().readTip(startId, ""))?.seq).toBe(8);
      for (const seq of [9, 10, 99, 100, 101]) {
        await journal().append(entry(root(seq, startId)));
        expect((await journal().readTip(startId, ""))?.seq).toBe(seq);
      }
      await journal().append(entry({ startId, branch: "100.0", seq: 7 }));
      await journal().append(entry({ startId, branch: "100.0.3.1", seq: 500 }));
      expect((await journal().readTip(startId, ""))?.seq).toBe(101);
      expect((await journal().readTip(startId, "100.0"))?.seq).toBe(7);
      expect(await journal().readTip(startId, "100")).toBeUndefined();
    });

    test("a branch reads back in the order of seq, bounds included, a page after another", async () => {
      const { startId, entries } = await branchOf(120);
      await journal().append(entry({ startId, branch: "3.0", seq: 50 }));
      expect(await readAll(startId, "", 0, 1000)).toEqual(entries);
      expect(await readAll(startId, "", 9, 11)).toEqual(entries.slice(9, 12));
      expect(await readAll(startId, "", 99, 99)).toEqual(entries.slice(99, 100));
      expect(await readAll(startId, "", 120, 1000)).toEqual([]);
      expect(await readAll(startId, "", 5, 4)).toEqual([]);
    });

    test("the snapshot is the newest at or before a seq", async () => {
      const { startId, entries } = await branchOf(80);
      const seqs = [0, 1, 63, 64, 69, 70, 79, 1000];
      const found = await Promise.all(seqs.map((seq) => journal().readSnapshot(startId, "", seq)));
      expect(found).toEqual([0, 0, 0, 64, 64, 70, 70, 70].map((seq) => entries[seq]));
    });

    test("there is no snapshot before the first, nor in another branch", async () => {
      const startId = newId();
      await journal().append(entry(root(0, startId)));
      await journal().append(entry(root(1, startId), { snapshot: packed("state") }));
      expect(await journal().readSnapshot(startId, "", 0)).toBeUndefined();
      expect(await journal().readSnapshot(startId, "1.0", 9)).toBeUndefined();
    });
  });

  describe("the lease", () => {
    async function leased(lease?: Lease): Promise<Entry> {
      const one = entry(root(3, newId()), {
        snapshot: packed("state"),
        due: 5,
        ...(lease === undefined ? {} : { lease }),
      });
      await journal().append(one);
      return one;
    }

    test("is replaced if it is exactly the expected one; nothing else changes", async () => {
      const one = await leased(LEASE);
      expect(await journal().replaceLease(one, LEASE, OTHER_LEASE)).toBe(true);
      expect(await journal().readEntry(one)).toEqual({ ...one, lease: OTHER_LEASE });
    });

    test.each<[string, Lease]>([
      ["another owner", { ...LEASE, owner: "delivery-2" }],
      ["another end", { ...LEASE, until: LEASE.until + 1 }],
    ])("is not replaced when %s was expected", async (_what, expected) => {
      const one = await leased(LEASE);
      expect(await journal().replaceLease(one, expected, OTHER_LEASE)).toBe(false);
      expect(await journal().readEntry(one)).toEqual(one);
    });

    test("cannot be taken of an entry that has none, nor of one that is not there", async () => {
      const suspended = await leased();
      const absent = root(4, suspended.startId);
      for (const key of [suspended, absent]) {
        expect(await journal().replaceLease(key, LEASE, OTHER_LEASE)).toBe(false);
        expect(await journal().settle(key, LEASE.owner)).toBe(false);
      }
      expect(await journal().readEntry(suspended)).toEqual(suspended);
      expect(await journal().readEntry(absent)).toBeUndefined();
    });

    test("goes to exactly one of 20 who take it over at once", async () => {
      const one = await leased(LEASE);
      const lease = (index: number): Lease => ({ owner: `delivery-${index}`, until: LEASE.until + 60_000 });
      const taken = await atOnce(20, (index) => journal().replaceLease(one, LEASE, lease(index)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect((await journal().readEntry(one))?.lease).toEqual(lease(taken.indexOf(true)));
    });

    test("must still be the owner's for the entry to be settled", async () => {
      const one = await leased(LEASE);
      const extended = { ...LEASE, until: LEASE.until + 30_000 };
      expect(await journal().settle(one, "delivery-2")).toBe(false);
      expect(await journal().readEntry(one)).toEqual(one);
      expect(await journal().replaceLease(one, LEASE, extended)).toBe(true);
      expect(await journal().settle(one, LEASE.owner)).toBe(true);
      expect(await journal().readEntry(one)).toEqual({ ...one, settled: true, lease: extended });
      expect(await journal().replaceLease(one, extended, OTHER_LEASE)).toBe(true);
      expect(await journal().readEntry(one)).toEqual({ ...one, settled: true, lease: OTHER_LEASE });
      expect(await journal().settle(one, LEASE.owner)).toBe(false);
    });

    test("a replaced lease shows in the tip, in ranges and at the snapshot", async () => {
      const one = await leased(LEASE);
      await journal().replaceLease(one, LEASE, OTHER_LEASE);
      const after = { ...one, lease: OTHER_LEASE };
      expect(await journal().readTip(one.startId, "")).toEqual(after);
      expect(await journal().readEntries(one.startId, "", 0, 9)).toEqual([after]);
      expect(await journal().readSnapshot(one.startId, "", 9)).toEqual(after);
      expect(await journal().append(one)).toEqual(after);
    });
  });
}
