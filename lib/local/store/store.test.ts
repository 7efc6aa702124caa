import { copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { open } from "lmdb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entry, header, newId } from "../../../test/contracts/journal/items.ts";
import { lmdbJournal } from "./journal.ts";
import type { Key } from "./keys.ts";
import { thisOwner } from "./owner.ts";
import { openStoreForReading } from "./read-store.ts";
import { openStore, type Store } from "./store.ts";
import { type FreshDirectory, freshDirectory } from "./testing/fresh-directory.ts";
import { storeProcess } from "./testing/store-process.ts";

let directory: FreshDirectory;
beforeEach(() => {
  directory = freshDirectory();
});
afterEach(() => directory.remove());

const place = (...names: readonly string[]) => join(directory.path, ...names);

async function opened<T>(use: (store: Store) => Promise<T> | T, path = directory.path): Promise<T> {
  const store = await openStore(path);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

describe("a store", () => {
  test("makes its directory, with those above it", async () => {
    await opened(() => {}, place("a", "b"));
    expect(readdirSync(place("a", "b"))).toContain("format.json");
  });

  test("holds what was written to it when it is opened again", async () => {
    const one = header();
    const first = entry({ startId: one.startId, branch: "", seq: 0 });
    await opened(async (store) => {
      await lmdbJournal(store).putHeader(one);
      await lmdbJournal(store).append(first);
    });
    await opened(async (store) => {
      expect(await lmdbJournal(store).readHeader(one.ref)).toEqual(one);
      expect(await lmdbJournal(store).readEntry(first)).toEqual(first);
      expect(await lmdbJournal(store).listRunning()).toEqual({ items: [one] });
    });
  });

  test("closes once what is being written is on disk, and takes no more", async () => {
    const first = entry({ startId: newId(), branch: "", seq: 0 });
    const store = await openStore(directory.path);
    const appended = lmdbJournal(store).append(first);
    const closed = store.close();
    await expect(lmdbJournal(store).append({ ...first, seq: 1 })).rejects.toMatchObject({ code: "StoreClosed" });
    expect(await appended).toBeUndefined();
    await closed;
    await store.close();
    await opened(async (again) => expect(await lmdbJournal(again).readEntry(first)).toEqual(first));
  });

  test("a change that throws writes nothing of its own; what was written before and after it stands", async () => {
    await opened(async (store) => {
      const { orphans } = store.tables;
      const refuse = () => {
        throw new Error("not this one");
      };
      store.write(() => orphans.put(["=a"], 1));
      expect(() => store.write(refuse)).toThrow("not this one");
      store.write(() => orphans.put(["=b"], 2));
    });
    await opened(({ tables: { orphans } }) => expect([orphans.get(["=a"]), orphans.get(["=b"])]).toEqual([1, 2]));
  });

  test("shows what was written at once, and on disk when it is durable", async () => {
    await opened(async (store) => {
      store.write(() => store.tables.orphans.put(["=a"], 1));
      expect(store.tables.orphans.get(["=a"])).toBe(1);
      const reader = openStoreForReading(directory.path);
      expect(reader.tables.orphans.get(["=a"])).toBeUndefined();
      await store.durable();
      await reader.close();
      const later = openStoreForReading(directory.path);
      expect(later.tables.orphans.get(["=a"])).toBe(1);
      await later.close();
    });
  });

  test("is durable at once where nothing was written, and not before what is on its way", async () => {
    await opened(async (store) => {
      await store.durable();
      store.write(() => store.tables.orphans.put(["=a"], 1));
      const first = store.durable();
      await turn();
      store.write(() => store.tables.orphans.put(["=b"], 2));
      const order: string[] = [];
      await Promise.all([store.durable().then(() => order.push("second")), first.then(() => order.push("first"))]);
      expect(order).toEqual(["first", "second"]);
    });
  });
});

describe("a directory in use", () => {
  test("by this process is refused, and serves on", async () => {
    await opened(async (store) => {
      await expect(openStore(directory.path)).rejects.toMatchObject({
        code: "DirectoryInUse",
        message: expect.stringContaining(`this process (pid ${process.pid})`),
      });
      const one = header();
      expect(await lmdbJournal(store).putHeader(one)).toBeUndefined();
      expect(await lmdbJournal(store).readHeader(one.ref)).toEqual(one);
    });
  });

  test("by another process is refused with its pid and what to do, until that is gone: killed or not", async () => {
    const owner = storeProcess("owner.fixture.ts", [directory.path]);
    await owner.printed(1);
    const pid = owner.lines[0]?.split(" ")[1];
    await expect(openStore(directory.path)).rejects.toMatchObject({
      code: "DirectoryInUse",
      message: expect.stringMatching(new RegExp(`${directory.path}.*pid ${pid}.*end that one`)),
    });
    await owner.kill();
    await opened(() => {});
  });

  test("by this process is refused to another", async () => {
    await opened(async () => {
      const other = storeProcess("owner.fixture.ts", [directory.path]);
      await other.ended();
      expect(other.lines).toEqual([expect.stringMatching(`^DirectoryInUse .*pid ${process.pid}`)]);
    });
  });

  test.each([
    ["a process that is gone", { pid: 2 ** 22 + 1, process: "gone" }],
    ["an earlier process with this pid, as in a restarted container", { pid: process.pid, process: "earlier" }],
    ["an earlier process whose pid went to another", { pid: process.ppid, process: "earlier", started: "long ago" }],
  ])("by %s is free", async (_who, owner) => {
    const first = await openStore(directory.path);
    const root = open<string, Key>({ path: place("journal.mdb"), noSubdir: true, encoding: "string" });
    await root.put(["me", "owner"], JSON.stringify(owner));
    const second = await openStore(directory.path);
    expect(second.tables.owner.get(["owner"])).toEqual(thisOwner());
    await second.close();
    await first.close();
  });
});

describe("a directory that is not a store", () => {
  test("nor can be one is refused, with the reason", async () => {
    writeFileSync(place("file"), "");
    await expect(openStore(place("file", "below"))).rejects.toMatchObject({
      code: "StoreWriteFailed",
      message: expect.stringContaining("ENOTDIR"),
    });
  });

  test("but holds other things is refused by name, and left as it is", async () => {
    writeFileSync(place("thesis.txt"), "");
    await expect(openStore(directory.path)).rejects.toMatchObject({
      code: "StoreFormat",
      message: expect.stringContaining("thesis.txt"),
    });
    expect(readdirSync(directory.path)).toEqual(["thesis.txt"]);
  });

  test("of a later version of Stepwell is refused, and told from which", async () => {
    await opened(() => {});
    const format = JSON.parse(readFileSync(place("format.json"), "utf8"));
    writeFileSync(place("format.json"), JSON.stringify({ ...format, version: 99 }));
    await expect(openStore(directory.path)).rejects.toMatchObject({
      code: "StoreFormat",
      message: expect.stringMatching(/format 99.*newer Stepwell/),
    });
  });

  test.each(["", "null", "{}", '{"format":"other","version":1,"journalBytes":0}', '{"format":"stepwell"}'])(
    "says so where its format is %j",
    async (text) => {
      writeFileSync(place("format.json"), text);
      await expect(openStore(directory.path)).rejects.toMatchObject({ code: "StoreFormat" });
    },
  );
});

describe("a damaged journal is refused, not opened", () => {
  const harm: readonly [string, (path: string) => void, RegExp][] = [
    ["missing", (path) => rmSync(path), /is missing/],
    ["cut off", (path) => truncateSync(path, 4096), /cut off/],
    ["emptied", (path) => truncateSync(path, 0), /cut off/],
    ["overwritten", (path) => writeFileSync(path, Buffer.alloc(1_000_000, 7)), /not a journal any more/],
  ];
  test.each(harm)("%s", async (_what, damage, message) => {
    await opened((store) => lmdbJournal(store).putHeader(header()));
    damage(place("journal.mdb"));
    await expect(openStore(directory.path)).rejects.toMatchObject({
      code: "StoreDamaged",
      message: expect.stringMatching(message),
    });
  });

  test("and a copy of the directory in its place is good", async () => {
    const one = header();
    await opened((store) => lmdbJournal(store).putHeader(one));
    copyFileSync(place("journal.mdb"), place("journal.copy"));
    rmSync(place("journal.mdb"));
    copyFileSync(place("journal.copy"), place("journal.mdb"));
    await opened(async (store) => expect(await lmdbJournal(store).readHeader(one.ref)).toEqual(one));
  });
});

test("a full disk ends the store with what to do; all that was acknowledged is there when it is opened again", async () => {
  await opened(() => {});
  const writer = storeProcess("full-disk.fixture.ts", [directory.path], { fileKilobytes: 1500 });
  await writer.ended();
  const appended = writer.lines.filter((line) => line.startsWith("appended ")).length;
  expect(appended).toBeGreaterThan(5);
  expect(writer.lines.slice(appended)).toEqual(["StoreWriteFailed", "then StoreWriteFailed"]);
  await opened(async (store) => {
    const journal = lmdbJournal(store);
    for (let seq = 0; seq < appended; seq++) {
      for (const branch of ["0", "1"]) {
        expect((await journal.readEntry({ startId: "start", branch, seq }))?.event).toHaveLength(20_000);
      }
    }
    expect(await journal.append(entry({ startId: "start", branch: "0", seq: appended }))).toBeUndefined();
  });
});
