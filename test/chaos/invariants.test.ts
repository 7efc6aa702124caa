/** The checker finds nothing in a good store, and each way of spoiling one. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../lib/local/store/store.ts";
import { type FreshDirectory, freshDirectory } from "../../lib/local/store/testing/fresh-directory.ts";
import { makeGoodStore } from "./good-store.ts";
import { checkDirectory, violationText } from "./invariants.ts";
import { SPOILED, type Spoil } from "./spoiled.ts";

let home: FreshDirectory;
const good = () => join(home.path, "good");

beforeAll(async () => {
  home = freshDirectory();
  await makeGoodStore(good());
});
afterAll(() => home.remove());

/** What the checker says of a copy of the good store that was spoiled. */
async function violations(spoil: Spoil): Promise<readonly string[]> {
  const directory = join(home.path, "spoiled");
  rmSync(directory, { recursive: true, force: true });
  cpSync(good(), directory, { recursive: true });
  const store = await openStore(directory);
  store.write(() => spoil(store.tables, directory));
  await store.close();
  return (await checkDirectory(directory)).violations.map(violationText);
}

describe("the checker", () => {
  test("finds nothing in a store in good order", async () => {
    const { executions, entries, violations: found } = await checkDirectory(good());
    expect(found).toEqual([]);
    expect(executions).toBe(13);
    expect(entries).toBeGreaterThan(30);
  });

  test.each(SPOILED)("finds that %s", async (_what, spoil, said) => {
    const found = await violations(spoil);
    expect(
      found.filter((text) => text.includes(said)),
      found.join("\n"),
    ).not.toEqual([]);
  });
});
