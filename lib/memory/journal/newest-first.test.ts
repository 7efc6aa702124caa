import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newestFirst, type Reading } from "./newest-first.ts";

interface Item {
  readonly id: number;
  readonly time: number;
}

function listOf(times: readonly number[]) {
  const list = newestFirst<Item>();
  const items = times.map((time, id) => ({ id, time }));
  const cells = items.map((value) => ({ value }));
  for (const cell of cells) list.add(cell.value.time, cell);
  return { list, items, cells };
}

function readAll(list: ReturnType<typeof newestFirst<Item>>, reading: Omit<Reading<Item>, "cursor">) {
  const pages: (readonly Item[])[] = [];
  let cursor: string | undefined;
  do {
    const page = list.page({ ...reading, cursor });
    pages.push(page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return pages;
}

const times = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 });

describe("a list that is read newest first", () => {
  test("whatever its pages, range and filter: the pages together are the sorted, filtered items, and only the last may be short", () => {
    const bound = fc.option(fc.integer({ min: -1, max: 13 }), { nil: undefined });
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 1, max: 9 }),
        bound,
        bound,
        fc.integer({ min: 1, max: 3 }),
        (all, limit, from, to, every) => {
          const { list, items } = listOf(all);
          const accept = (item: Item) => item.id % every === 0;
          const expected = items
            .filter((item) => accept(item) && item.time >= (from ?? -1) && item.time <= (to ?? 13))
            .sort((one, other) => other.time - one.time || other.id - one.id);
          const pages = readAll(list, { limit, from, to, accept });
          expect(pages.flat()).toEqual(expected);
          expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
          if (expected.length > 0) expect(pages.at(-1)?.length).toBeGreaterThan(0);
        },
      ),
    );
  });

  test("what is added while it is read makes a reader neither skip nor repeat an item", () => {
    fc.assert(
      fc.property(times, times, fc.integer({ min: 1, max: 9 }), (before, during, limit) => {
        const { list, items } = listOf(before);
        const first = list.page({ limit });
        for (const [index, time] of during.entries()) list.add(time, { value: { id: 1000 + index, time } });
        const read = [...first.items];
        for (let cursor = first.cursor; cursor !== undefined; ) {
          const page = list.page({ limit, cursor });
          read.push(...page.items);
          cursor = page.cursor;
        }
        const old = read.filter((item) => item.id < 1000);
        expect(new Set(read).size).toBe(read.length);
        expect(old).toEqual(items.toSorted((one, other) => other.time - one.time || other.id - one.id));
      }),
    );
  });

  test("shows the value that a cell has now", () => {
    const { list, cells } = listOf([1, 2, 3]);
    cells[1]!.value = { id: 99, time: 2 };
    expect(list.page({ limit: 10 }).items.map((item) => item.id)).toEqual([2, 99, 0]);
  });

  test("goes on from a cursor whose row was dropped", () => {
    const { list } = listOf([1, 2, 3, 4]);
    const { cursor } = list.page({ limit: 2 });
    list.prune((item) => item.time !== 3);
    expect(list.page({ limit: 2, cursor })).toEqual({
      items: [
        { id: 1, time: 2 },
        { id: 0, time: 1 },
      ],
    });
    expect(list.size()).toBe(3);
  });

  test("negative and fractional times make cursors too", () => {
    const { list } = listOf([-2.5, 0.25, -7]);
    expect(
      readAll(list, { limit: 1 })
        .flat()
        .map((item) => item.time),
    ).toEqual([0.25, -2.5, -7]);
  });

  test.each(["", "next", "1", "1:2:3", ":1", "1:", "NaN:1", "1:-1", "__proto__"])("refuses the cursor %j", (cursor) => {
    const { list } = listOf([1]);
    expect(() => list.page({ limit: 1, cursor })).toThrow(expect.objectContaining({ code: "InvalidArgument" }));
  });
});
