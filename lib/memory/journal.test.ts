import { describe, expect, test } from "vitest";
import { entry, header, LEASE, newId, packed } from "../../test/contracts/journal/items.ts";
import { journalContract } from "../../test/contracts/journal.ts";
import { memoryJournal } from "./journal.ts";

journalContract("memory", async () => ({ journal: memoryJournal(), close: async () => {} }));

describe("the journal in memory", () => {
  test("keeps what it is given and hands that out, without a copy", async () => {
    const journal = memoryJournal();
    const one = entry({ startId: newId(), branch: "", seq: 0 }, { lease: LEASE });
    await journal.append(one);
    expect(await journal.readEntry(one)).toBe(one);
    expect(await journal.readTip(one.startId, "")).toBe(one);
    const running = header();
    await journal.putHeader(running);
    expect(await journal.readHeader(running.ref)).toBe(running);
  });

  test("a change puts a new value in the old one's place: who holds the old one keeps it", async () => {
    const journal = memoryJournal();
    const one = entry({ startId: newId(), branch: "", seq: 0 }, { lease: LEASE });
    await journal.append(one);
    await journal.replaceLease(one, LEASE, { owner: "delivery-2", until: 9 });
    expect(one.lease).toEqual(LEASE);
    const running = header();
    await journal.putHeader(running);
    await journal.endHeader(running.ref, running.startId, { status: "Stopped", endedAt: 1 });
    expect(running.status).toBe("Running");
  });

  test("takes entries in any order of seq", async () => {
    const journal = memoryJournal();
    const startId = newId();
    for (const seq of [5, 2, 9, 0, 7]) {
      await journal.append(entry({ startId, branch: "", seq }, seq === 2 ? { snapshot: packed("state") } : {}));
    }
    expect((await journal.readEntries(startId, "", 1, 7)).map((one) => one.seq)).toEqual([2, 5, 7]);
    expect((await journal.readTip(startId, ""))?.seq).toBe(9);
    expect((await journal.readSnapshot(startId, "", 8))?.seq).toBe(2);
    expect(await journal.readEntry({ startId, branch: "", seq: 6 })).toBeUndefined();
  });

  test("a message that is parked twice is taken back once", async () => {
    const journal = memoryJournal();
    const one = header();
    await journal.park(one.ref, one.startId, "message");
    await journal.park(one.ref, one.startId, "message");
    expect(await journal.unpark(one.ref, one.startId)).toEqual(["message"]);
  });

  test("a parked execution is still listed as running, with its mark", async () => {
    const journal = memoryJournal();
    const one = header();
    await journal.putHeader(one);
    await journal.park(one.ref, one.startId, "message");
    expect(await journal.listRunning()).toEqual({ items: [{ ...one, parked: true }] });
  });

  test("journals know nothing of each other", async () => {
    const [journal, other] = [memoryJournal(), memoryJournal()];
    const one = header();
    await journal.putHeader(one);
    await journal.putProbe({ id: "probe", sentAt: 1 });
    expect(await other.readHeader(one.ref)).toBeUndefined();
    expect(await other.readProbe()).toBeUndefined();
  });
});
