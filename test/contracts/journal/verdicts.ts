/** The journal's contract for verdicts: the first outcome wins, heartbeats move what is left of the time (architecture §4). */
import { beforeEach, describe, expect, test } from "vitest";
import type { EntryKey, Journal } from "../../../lib/runtime/ports/journal.ts";
import { atOnce, entry, newId, packed } from "./items.ts";

export function verdictsContract(journal: () => Journal): void {
  describe("verdicts", () => {
    let key: EntryKey;
    beforeEach(() => {
      key = { startId: newId(), branch: "4.2", seq: 7 };
    });

    const outcome = packed('{"kind":"succeeded","output":{"n":1}}');
    const verdict = { outcome, reportId: "report-1", at: 1_700_000_000_000 };
    const other = { outcome: packed('{"kind":"timedOut"}'), reportId: "report-2", at: 1_700_000_000_001 };

    test("none was given at first", async () => {
      expect(await journal().readVerdict(key)).toBeUndefined();
    });

    test("the first is written, the second gets the first", async () => {
      expect(await journal().putVerdict(key, verdict)).toBeUndefined();
      expect(await journal().putVerdict(key, other)).toEqual(verdict);
      expect(await journal().readVerdict(key)).toEqual(verdict);
    });

    test("the same verdict again also gets the first", async () => {
      await journal().putVerdict(key, verdict);
      expect(await journal().putVerdict(key, verdict)).toEqual(verdict);
    });

    test("each attempt has its own, also when two keys make the same text", async () => {
      await journal().putVerdict(key, verdict);
      await journal().putVerdict({ ...key, branch: "4.27", seq: 1 }, other);
      expect(await journal().readVerdict({ ...key, seq: 71 })).toBeUndefined();
      const others = [
        { ...key, seq: 8 },
        { ...key, branch: "4.1" },
        { ...key, branch: "4", seq: 27 },
        { ...key, branch: "4.27", seq: 7 },
        { ...key, startId: newId() },
      ];
      for (const one of others) expect(await journal().readVerdict(one)).toBeUndefined();
    });

    test("it does not touch the entry that it hangs on", async () => {
      const submitted = entry(key, { snapshot: packed("state"), due: 9 });
      await journal().append(submitted);
      await journal().putVerdict(key, verdict);
      expect(await journal().readEntry(key)).toEqual(submitted);
      expect(await journal().readTip(key.startId, key.branch)).toEqual(submitted);
    });

    test("a heartbeat makes the item, and a verdict is still the first", async () => {
      expect(await journal().moveDue(key, 50)).toBeUndefined();
      expect(await journal().readVerdict(key)).toEqual({ due: 50 });
      expect(await journal().putVerdict(key, verdict)).toBeUndefined();
      expect(await journal().readVerdict(key)).toEqual({ ...verdict, due: 50 });
    });

    test("a heartbeat moves the due time again and again", async () => {
      await journal().moveDue(key, 50);
      expect(await journal().moveDue(key, 80)).toBeUndefined();
      expect(await journal().readVerdict(key)).toEqual({ due: 80 });
    });

    test("a heartbeat after the outcome moves nothing and gets the item", async () => {
      await journal().moveDue(key, 50);
      await journal().putVerdict(key, verdict);
      expect(await journal().moveDue(key, 80)).toEqual({ ...verdict, due: 50 });
      expect(await journal().readVerdict(key)).toEqual({ ...verdict, due: 50 });
    });

    test.each<[string, number | undefined, number | undefined]>([
      ["the due time that is stored", 50, 50],
      ["none, and none is stored", undefined, undefined],
    ])("a time-out that read %s puts its verdict", async (_what, stored, read) => {
      if (stored !== undefined) await journal().moveDue(key, stored);
      expect(await journal().putVerdict(key, other, { due: read })).toBeUndefined();
      expect((await journal().readVerdict(key))?.outcome).toBe(other.outcome);
    });

    test.each<[string, number | undefined, number | undefined, object]>([
      ["a due time that was moved since", 80, 50, { due: 80 }],
      ["none, and a heartbeat came since", 80, undefined, { due: 80 }],
      ["a due time where there is no item", undefined, 50, {}],
    ])("a time-out that read %s does not, and gets what is there", async (_what, stored, read, there) => {
      if (stored !== undefined) await journal().moveDue(key, stored);
      expect(await journal().putVerdict(key, other, { due: read })).toEqual(there);
      expect((await journal().readVerdict(key))?.outcome).toBeUndefined();
      expect(await journal().putVerdict(key, verdict)).toBeUndefined();
    });

    test("a time-out gets the outcome that came before it, whatever due time it read", async () => {
      await journal().moveDue(key, 50);
      await journal().putVerdict(key, verdict);
      for (const due of [50, 80, undefined]) {
        expect(await journal().putVerdict(key, other, { due })).toEqual({ ...verdict, due: 50 });
      }
    });

    test("of 20 at once exactly one wins, and the others get it", async () => {
      const reports = (index: number) => ({
        outcome: packed(`outcome ${index}`),
        reportId: `report-${index}`,
        at: index,
      });
      const results = await atOnce(20, (index) => journal().putVerdict(key, reports(index)));
      const winner = results.indexOf(undefined);
      const expected = results.map((_, index) => (index === winner ? undefined : reports(winner)));
      expect(results).toEqual(expected);
      expect(await journal().readVerdict(key)).toEqual(reports(winner));
    });

    test("heartbeats that race a time-out either move it or find its outcome", async () => {
      await journal().moveDue(key, 50);
      const [putResult, ...beats] = await Promise.all([
        journal().putVerdict(key, other, { due: 50 }),
        ...Array.from({ length: 10 }, (_, index) => journal().moveDue(key, 60 + index)),
      ]);
      const after = await journal().readVerdict(key);
      if (putResult === undefined) {
        expect(after).toEqual({ ...other, due: 50 });
        expect(beats).toEqual(beats.map(() => after));
      } else {
        expect(putResult.outcome).toBeUndefined();
        expect(beats).toEqual(beats.map(() => undefined));
        expect(after?.due).toBeGreaterThanOrEqual(60);
      }
    });
  });
}
