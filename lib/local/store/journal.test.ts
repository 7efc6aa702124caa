import { beforeEach, describe, expect, test } from "vitest";
import { entry, flow, header, LEASE, newId, packed } from "../../../test/contracts/journal/items.ts";
import { journalContract } from "../../../test/contracts/journal.ts";
import { itemsOf, pagesOf } from "../../../test/contracts/lists.ts";
import { hostileNames } from "../../../test/contracts/names.ts";
import type { Journal } from "../../runtime/ports/journal.ts";
import { lmdbJournal } from "./journal.ts";
import { openStore } from "./store.ts";
import { freshDirectory } from "./testing/fresh-directory.ts";
import { storeOfEachTest } from "./testing/store-of-each-test.ts";

journalContract("LMDB", async () => {
  const directory = freshDirectory();
  const store = await openStore(directory.path);
  return {
    journal: lmdbJournal(store),
    async close() {
      await store.close();
      directory.remove();
    },
  };
});

describe("the journal on disk", () => {
  const disk = storeOfEachTest();
  let journal: Journal;
  beforeEach(() => {
    journal = lmdbJournal(disk.store);
  });

  async function restart(): Promise<void> {
    await disk.restart();
    journal = lmdbJournal(disk.store);
  }

  test("reads after a restart as before it, each kind of item", async () => {
    const one = header();
    const late = header({ ref: { flowId: one.ref.flowId, name: "late" }, startedAt: one.startedAt + 1 });
    const key = { startId: one.startId, branch: "2.1", seq: 3 };
    const created = flow();
    const failure = { index: 1, error: "CardDeclined", cause: "half a \ud83e", at: 5 };
    await journal.createFlow(created, "definition");
    await journal.putHeader(one);
    await journal.putHeader(late);
    await journal.append(entry(key, { lease: LEASE, snapshot: packed("state") }));
    await journal.settle(key, LEASE.owner);
    await journal.moveDue(key, 50);
    await journal.putVerdict(key, { outcome: packed("{}"), reportId: "report", at: 1 });
    await journal.addDone(key, 0);
    await journal.putFailure(key, failure);
    await journal.putOutput(key, { index: 0, chunk: 0, locals: packed("[]"), last: { at: 1, events: 2 } });
    await journal.putInput(one.ref, one.startId, packed("input"));
    await journal.putArchive(one.ref, one.startId, "archive");
    await journal.park(one.ref, one.startId, "message");
    await journal.endHeader(late.ref, late.startId, { status: "Failed", endedAt: 9, error: "E", cause: failure.cause });
    await journal.putProbe({ id: "probe", sentAt: 1 });

    const readAll = () =>
      Promise.all([
        journal.readFlow(created.name),
        journal.listFlows(),
        journal.readRevision(created.flowId, 1),
        journal.readHeader(one.ref),
        journal.listExecutions(one.ref.flowId, { limit: 9 }),
        journal.listExecutions(one.ref.flowId, { limit: 9, status: "Failed" }),
        journal.listRunning(),
        journal.readTip(one.startId, "2.1"),
        journal.readVerdict(key),
        journal.readJoins([key]),
        journal.readOutputs(key),
        journal.readData(one.ref, one.startId),
        journal.readArchive(one.ref, one.startId),
        journal.readProbe(),
      ]);
    const before = await readAll();
    expect(before).not.toContain(undefined);
    await restart();
    expect(await readAll()).toEqual(before);
    expect((await journal.readHeader(late.ref))?.cause).toBe(failure.cause);
    expect(await journal.unpark(one.ref, one.startId)).toEqual(["message"]);
  });

  test("takes branches as they are: hostile, empty, longer than a key may be, and each apart from the others", async () => {
    const startId = newId();
    const long = "1.0.".repeat(2000);
    const branches = [...hostileNames, "", `${long}1`, `${long}2`, "\u0000", "a\u0000b", "\ud800", "~"];
    for (const branch of branches) {
      for (const seq of [0, 1, 2]) await journal.append(entry({ startId, branch, seq }, { writer: branch }));
    }
    for (const branch of branches) {
      expect((await journal.readEntries(startId, branch, 0, 9)).map((one) => [one.writer, one.seq])).toEqual(
        [0, 1, 2].map((seq) => [branch, seq]),
      );
      expect(await journal.readTip(startId, branch)).toMatchObject({ branch, seq: 2 });
    }
  });

  test("takes texts of 50 MB", async () => {
    const event = packed("ö".repeat(25 * 1024 * 1024));
    const one = entry({ startId: newId(), branch: "", seq: 0 }, { event });
    await journal.append(one);
    await restart();
    expect((await journal.readEntry(one))?.event === event).toBe(true);
  });

  test("reads a branch of large entries a part at a time", async () => {
    const startId = newId();
    const event = packed("x".repeat(400_000));
    for (let seq = 0; seq < 7; seq++) await journal.append(entry({ startId, branch: "", seq }, { event }));
    const read: number[] = [];
    for (let from = 0; from < 7; ) {
      const page = await journal.readEntries(startId, "", from, 6);
      read.push(page.length);
      from += page.length;
    }
    expect(read).toEqual([3, 3, 1]);
  });

  test("a write that was refused changed nothing on disk", async () => {
    const one = header();
    const first = entry({ startId: one.startId, branch: "", seq: 0 }, { lease: LEASE });
    await journal.putHeader(one);
    await journal.append(first);
    await Promise.all([
      journal.putHeader({ ...one, startId: newId(), startedAt: 1 }),
      journal.append({ ...first, writer: "another" }),
      journal.replaceLease(first, { ...LEASE, until: 1 }, { owner: "another", until: 2 }),
      journal.endHeader(one.ref, newId(), { status: "Stopped", endedAt: 1 }),
    ]);
    await restart();
    expect(await journal.readHeader(one.ref)).toEqual(one);
    expect(await journal.readTip(one.startId, "")).toEqual(first);
    expect(await journal.listExecutions(one.ref.flowId, { limit: 9 })).toEqual({ items: [one] });
  });

  describe("a list", () => {
    test("hands over what it has after a bounded number of rows, and goes on from there", async () => {
      const flowId = newId();
      const names = Array.from({ length: 6000 }, (_, index) => (index % 4000 === 0 ? `rare-${index}` : `run-${index}`));
      await Promise.all(
        names.map((name, index) => journal.putHeader(header({ ref: { flowId, name }, startedAt: index }))),
      );
      const pages = await pagesOf((cursor) =>
        journal.listExecutions(flowId, { limit: 10, namePrefix: "rare-" }, cursor),
      );
      expect(pages.map((page) => page.map((one) => one.ref.name))).toEqual([["rare-4000"], ["rare-0"]]);
      const none = await pagesOf((cursor) => journal.listExecutions(flowId, { limit: 10, namePrefix: "no" }, cursor));
      expect(none).toEqual([[], []]);
    });

    test("by status and time does not look at the others", async () => {
      const flowId = newId();
      const ended = { status: "Failed", endedAt: 9 } as const;
      for (let at = 0; at < 6; at++) {
        const one = header({ ref: { flowId, name: `run-${at}` }, startedAt: at });
        await journal.putHeader(one);
        if (at % 2 === 0) await journal.endHeader(one.ref, one.startId, ended);
      }
      const filter = { limit: 1, status: "Failed", startedFrom: 1, startedTo: 4 } as const;
      const items = await itemsOf((cursor) => journal.listExecutions(flowId, filter, cursor));
      expect(items.map((one) => one.startedAt)).toEqual([4, 2]);
    });

    const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    test.each([
      "",
      "%",
      "cursor",
      cursor({}),
      cursor([]),
      cursor(["=a"]),
      cursor([1, 2]),
      cursor([1, "a"]),
      cursor([1, `=${"a".repeat(3000)}`]),
    ])("refuses a cursor that is none of its: %j", async (text) => {
      const refused = { code: "InvalidArgument" };
      await expect(journal.listExecutions(newId(), { limit: 1 }, text)).rejects.toMatchObject(refused);
      await expect(journal.listRunning(text)).rejects.toMatchObject(refused);
      await expect(journal.listFlows(text)).rejects.toMatchObject(refused);
    });
  });
});
