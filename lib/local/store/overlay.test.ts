/** The overlay and the table over both layers, against a table that has it all in LMDB. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Key, LAST } from "./keys.ts";
import { openStore, type Store } from "./store.ts";
import type { Range } from "./table.ts";
import { type FreshDirectory, freshDirectory } from "./testing/fresh-directory.ts";

let directory: FreshDirectory;
let store: Store;
beforeEach(async () => {
  directory = freshDirectory();
  store = await openStore(directory.path);
});
afterEach(async () => {
  await store.close();
  directory.remove();
});

const part = fc.oneof(fc.constantFrom("=", "=a", "=ab", "=b", "=ö", "#1"), fc.nat(12), fc.constantFrom(0.5, 1e12));
const key = fc.array(part, { minLength: 1, maxLength: 3 });
const write = fc.record({ key, value: fc.option(fc.nat(99), { nil: undefined }) });
const bound = fc.option(
  fc.oneof(
    key,
    key.map((parts): Key => [...parts, LAST]),
  ),
  { nil: undefined },
);
const range = fc.record({
  start: bound,
  end: bound,
  reverse: fc.boolean(),
  afterStart: fc.boolean(),
  limit: fc.integer({ min: 1, max: 6 }),
});

function apply(writes: readonly { key: Key; value: number | undefined }[]): void {
  const { orphans } = store.tables;
  for (const { key, value } of writes) {
    store.write(() => (value === undefined ? orphans.remove(key) : orphans.put(key, value)));
  }
}

describe("rows that are not yet on disk", () => {
  test("read as they will when they are: single rows, and ranges of any kind", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(write, { maxLength: 15 }),
        fc.array(write, { minLength: 1, maxLength: 15 }),
        fc.array(range, { minLength: 5, maxLength: 5 }),
        async (old, fresh, ranges) => {
          const { orphans } = store.tables;
          apply([...orphans.keys({})].map((key) => ({ key, value: undefined })));
          apply(old);
          await store.durable();
          apply(fresh);
          const look = () => ({
            ranges: ranges.map((range: Range) => [...orphans.rows(range)]),
            keys: ranges.map((range: Range) => [...orphans.keys(range)]),
            rows: fresh.map(({ key }) => orphans.get(key)),
          });
          const before = look();
          await store.durable();
          expect(before).toEqual(look());
        },
      ),
      { numRuns: 150 },
    );
  });

  test("written again while they are on their way to the disk keep the later value", async () => {
    const { orphans } = store.tables;
    for (let value = 0; value < 300; value++) {
      store.write(() => orphans.put(["=a"], value));
      if (value % 3 === 0) await store.durable();
      else await Promise.resolve();
      expect(orphans.get(["=a"])).toBe(value);
    }
    store.write(() => orphans.remove(["=a"]));
    expect(orphans.get(["=a"])).toBeUndefined();
    await store.durable();
    expect([...orphans.keys({})]).toEqual([]);
  });
});
