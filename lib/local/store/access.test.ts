import { describe, expect, test } from "vitest";
import { accessKey } from "../../../test/contracts/access/items.ts";
import { accessContract } from "../../../test/contracts/access.ts";
import { flow } from "../../../test/contracts/journal/items.ts";
import { lmdbAccess } from "./access.ts";
import { lmdbJournal } from "./journal.ts";
import { openStore } from "./store.ts";
import { sweepStore } from "./sweep.ts";
import { freshDirectory } from "./testing/fresh-directory.ts";
import { storeOfEachTest } from "./testing/store-of-each-test.ts";

accessContract("LMDB", async () => {
  const directory = freshDirectory();
  const store = await openStore(directory.path);
  return {
    access: lmdbAccess(store),
    async close() {
      await store.close();
      directory.remove();
    },
  };
});

describe("the access keys and nonces on disk", () => {
  const NOW = 1_700_000_000_000;
  const disk = storeOfEachTest();
  const access = () => lmdbAccess(disk.store);
  const use = (nonce: string, until: number, now = NOW) => access().useNonce({ keyId: "STEPone", nonce, until, now });
  const rows = () => [...disk.store.tables.nonces.keys({}), ...disk.store.tables.noncesByEnd.keys({})].length;
  const sweep = (now: number) => sweepStore(disk.store, { now, retentionMs: 1e9 });

  test("are the same after a restart", async () => {
    const one = accessKey({ replaces: "STEPold", expiresAt: 5 });
    await access().putKey(one);
    const changed = await access().changeKey(one.id, { enabled: false });
    await use("nonce", NOW + 10);
    await disk.restart();
    expect(await access().listKeys()).toEqual([changed]);
    expect(await access().readKey(one.id)).toEqual(changed);
    expect(await use("nonce", NOW + 20)).toBe(false);
  });

  test("fit into a store of before there were any: one that holds other rows alone", async () => {
    const created = flow();
    await lmdbJournal(disk.store).createFlow(created, "definition");
    expect([...disk.store.tables.accessKeys.keys({}), ...disk.store.tables.nonces.keys({})]).toEqual([]);
    await disk.restart();
    const one = accessKey();
    await access().putKey(one);
    expect(await use("nonce", NOW + 10)).toBe(true);
    expect(await access().listKeys()).toEqual([one]);
    expect(await lmdbJournal(disk.store).readFlow(created.name)).toEqual(created);
  });

  test("a sweep removes the nonces that have expired, more than a batch of them, and no others", async () => {
    for (let index = 0; index < 450; index++) await use(`old-${index}`, NOW + (index % 7));
    await use("last", NOW + 10);
    await use("later", NOW + 11);
    await sweep(NOW + 10);
    expect(rows()).toBe(2);
    expect(await use("later", NOW + 20, NOW + 10)).toBe(false);
    await sweep(NOW + 11);
    expect(rows()).toBe(0);
  });

  test("a nonce that is used again after its time is swept at its second time", async () => {
    await use("nonce", NOW + 10);
    expect(await use("nonce", NOW + 30, NOW + 10)).toBe(true);
    expect(rows()).toBe(2);
    await sweep(NOW + 29);
    expect(await use("nonce", NOW + 40, NOW + 29)).toBe(false);
    await sweep(NOW + 30);
    expect(rows()).toBe(0);
  });

  test("a sweep removes no key, also none whose time is over", async () => {
    const one = accessKey({ createdAt: 1, expiresAt: 2, enabled: false });
    await access().putKey(one);
    await sweep(NOW + 1e12);
    expect(await access().listKeys()).toEqual([one]);
  });
});
