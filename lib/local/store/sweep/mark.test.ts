import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { entry, packed } from "../../../../test/contracts/journal/items.ts";
import { lmdbJournal } from "../journal.ts";
import { openStore, type Store } from "../store.ts";
import { type FreshDirectory, freshDirectory } from "../testing/fresh-directory.ts";
import { referencedHashes } from "./mark.ts";

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

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const reference = (text: string) => packed(`#9 [[["a"],"${hash(text)}",9]]{"a":null}`);

/** Entries that come before the messages and take the mark phase many turns. */
async function muchToRead(): Promise<void> {
  const journal = lmdbJournal(store);
  await Promise.all(Array.from({ length: 3000 }, (_, seq) => journal.append(entry({ startId: "m", branch: "", seq }))));
}

test("marks whatever looks like a hash, and nothing that is part of something longer", async () => {
  const journal = lmdbJournal(store);
  const texts = [reference("a"), packed(JSON.stringify({ state: reference("b") })), packed(`f${hash("c")}`)];
  for (const [seq, event] of texts.entries()) await journal.append(entry({ startId: "s", branch: "", seq }, { event }));
  expect(await referencedHashes(store)).toEqual(new Set([hash("a"), hash("b")]));
});

test("marks what is written behind its back, and what is removed before it comes there", async () => {
  const { messages } = store.tables;
  await muchToRead();
  await store.write(() => messages.put([1], reference("moves")));
  const marking = referencedHashes(store, 1);
  await Promise.all([
    lmdbJournal(store).append(entry({ startId: "a", branch: "", seq: 0 }, { event: reference("written") })),
    store.write(() => messages.remove([1])),
  ]);
  expect(store.watch.size).toBe(1);
  expect(await marking).toEqual(new Set([hash("moves"), hash("written")]));
  expect(store.watch.size).toBe(0);
});

test("stops watching when it fails", async () => {
  await store.write(() => store.tables.archives.put(["=a"], "H4sIAAAA"));
  await expect(referencedHashes(store)).rejects.toThrow();
  expect(store.watch.size).toBe(0);
});
