/** The journal's contract for joins and the outputs of branches (architecture §5). */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { EntryKey, JoinItem, Journal, OutputItem } from "../../../lib/runtime/ports/journal.ts";
import { atOnce, newId, packed } from "./items.ts";

export function joinsContract(journal: () => Journal): void {
  let key: EntryKey;
  beforeEach(() => {
    key = { startId: newId(), branch: "2.1", seq: 5 };
  });

  describe("joins", () => {
    const failure = { index: 2, error: "CardDeclined", cause: '{"errorMessage":"no funds"}', at: 1_700_000_000_000 };

    function sorted(join: JoinItem | undefined): readonly number[] {
      return [...(join?.done ?? [])].sort((one, other) => one - other);
    }

    test("nothing was written at first", async () => {
      expect(await journal().readJoins([key])).toEqual([undefined]);
    });

    test("an added index is in the set that is returned and in the one that is read", async () => {
      expect(sorted(await journal().addDone(key, 3))).toEqual([3]);
      expect(sorted(await journal().addDone(key, 0))).toEqual([0, 3]);
      const [join] = await journal().readJoins([key]);
      expect(join?.done.has(0)).toBe(true);
      expect(join?.done.size).toBe(2);
      expect(join).not.toHaveProperty("failure");
    });

    test("adding an index twice changes nothing", async () => {
      await journal().addDone(key, 1);
      await journal().addDone(key, 2);
      expect(sorted(await journal().addDone(key, 1))).toEqual([1, 2]);
    });

    test("a join once returned does not change with later writes", async () => {
      const first = await journal().addDone(key, 0);
      const [read] = await journal().readJoins([key]);
      await journal().addDone(key, 1);
      await journal().putFailure(key, failure);
      expect([sorted(first), sorted(read)]).toEqual([[0], [0]]);
      expect(first).not.toHaveProperty("failure");
    });

    test("in whatever order branches finish, exactly one sees the set become complete", async () => {
      const order = fc
        .nat(8)
        .chain((last) => fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8].slice(0, last + 1), { minLength: last + 1 }));
      await fc.assert(
        fc.asyncProperty(order, async (indexes) => {
          const fork = { ...key, startId: newId() };
          const joins = await Promise.all(indexes.map((index) => journal().addDone(fork, index)));
          const sizes = joins.map((join) => join.done.size).sort((one, other) => one - other);
          expect(sizes).toEqual(indexes.map((_, position) => position + 1));
          expect(joins.map((join, at) => join.done.has(indexes[at]!))).toEqual(indexes.map(() => true));
        }),
        { numRuns: 25 },
      );
    });

    test("a hundred branches that finish at once are all in the set", async () => {
      const joins = await atOnce(100, (index) => journal().addDone(key, index));
      expect(joins.filter((join) => join.done.size === 100)).toHaveLength(1);
      const [join] = await journal().readJoins([key]);
      expect(sorted(join)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    });

    test("the first failure stays, and who writes another gets it", async () => {
      expect(await journal().putFailure(key, failure)).toEqual({ done: new Set(), failure });
      expect(await journal().putFailure(key, { ...failure, index: 0, error: "Other" })).toEqual({
        done: new Set(),
        failure,
      });
    });

    test("set and failure are kept together, whichever came first", async () => {
      await journal().addDone(key, 0);
      await journal().putFailure(key, failure);
      expect(await journal().addDone(key, 1)).toEqual({ done: new Set([0, 1]), failure });
      const other = { ...key, seq: 6 };
      await journal().putFailure(other, failure);
      expect(await journal().addDone(other, 0)).toEqual({ done: new Set([0]), failure });
    });

    test("of 20 failures at once one stays, and all are told which", async () => {
      const joins = await atOnce(20, (index) => journal().putFailure(key, { ...failure, index }));
      const [stored] = await journal().readJoins([key]);
      expect(stored?.failure).toBeDefined();
      expect(joins.map((join) => join.failure)).toEqual(joins.map(() => stored?.failure));
    });

    test("joins are read in the order of the keys, gaps and repetitions included", async () => {
      const outer = { startId: key.startId, branch: "", seq: 2 };
      const nothing = { ...key, seq: 6 };
      await journal().addDone(key, 1);
      await journal().addDone(outer, 2);
      const joins = await journal().readJoins([outer, nothing, key, outer]);
      expect(joins.map((join) => join && sorted(join))).toEqual([[2], undefined, [1], [2]]);
      expect(await journal().readJoins([])).toEqual([]);
    });

    test("more joins are read at once than a batch holds", async () => {
      const keys = Array.from({ length: 130 }, (_, seq) => ({ ...key, seq }));
      await Promise.all(keys.map((one) => journal().addDone(one, one.seq)));
      const joins = await journal().readJoins(keys);
      expect(joins.map((join) => sorted(join))).toEqual(keys.map((one) => [one.seq]));
    });
  });

  describe("outputs", () => {
    const output = (index: number, chunk: number, last = false): OutputItem => ({
      index,
      chunk,
      locals: packed(`[{"item":"${index}-${chunk}"}]`),
      ...(last ? { last: { at: 1_700_000_000_000 + index, events: 10 + index } } : {}),
    });

    test("there are none at first", async () => {
      expect(await journal().readOutputs(key)).toEqual([]);
    });

    test("all chunks of all branches come back by index, then chunk, as numbers", async () => {
      const places = [
        [0, 0],
        [0, 1],
        [2, 0],
        [10, 2],
        [10, 9],
        [10, 10],
        [11, 0],
        [100, 0],
      ] as const;
      const items = places.map(([index, chunk], at) => output(index, chunk, at % 2 === 0));
      for (const item of [...items].reverse()) await journal().putOutput(key, item);
      expect(await journal().readOutputs(key)).toEqual(items);
    });

    test("writing a chunk again leaves one", async () => {
      await journal().putOutput(key, output(0, 0, true));
      await journal().putOutput(key, output(0, 0, true));
      expect(await journal().readOutputs(key)).toEqual([output(0, 0, true)]);
    });

    test("a fork has its own, also when its seq begins like another's", async () => {
      await journal().putOutput(key, output(0, 0));
      await journal().putOutput({ ...key, seq: 51 }, output(1, 0));
      await journal().putOutput({ ...key, branch: "2.1.5.0" }, output(2, 0));
      await journal().putOutput({ ...key, branch: "2.15", seq: 1 }, output(3, 0));
      expect(await journal().readOutputs(key)).toEqual([output(0, 0)]);
      expect(await journal().readOutputs({ ...key, seq: 51 })).toEqual([output(1, 0)]);
    });

    test("the outputs of many branches with much to hand over are all read", async () => {
      const locals = packed("x".repeat(60_000));
      const items = Array.from({ length: 60 }, (_, index) => ({ ...output(index, 0, true), locals }));
      await Promise.all(items.map((item) => journal().putOutput(key, item)));
      const read = await journal().readOutputs(key);
      expect(read.map((item) => [item.index, item.locals.length])).toEqual(items.map((item) => [item.index, 60_000]));
    });
  });
}
