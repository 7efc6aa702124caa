import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Ministack, ministack } from "../../../test/aws/ministack.ts";
import { flow, header, newId } from "../../../test/contracts/journal/items.ts";
import { itemsOf } from "../../../test/contracts/lists.ts";
import { hostileNames } from "../../../test/contracts/names.ts";
import type { ExecutionFilter, Header, Journal } from "../../runtime/ports/journal.ts";
import { dynamoJournal } from "../journal.ts";
import { headerItem } from "./header-item.ts";
import { item } from "./item.ts";
import { headerKey } from "./keys.ts";
import { openTable } from "./table.ts";
import { type TestTable, testTable } from "./testing/table.ts";

const START = 1_700_000_000_000;

let emulator: Ministack;
let made: TestTable;
let journal: Journal;
beforeAll(async () => {
  emulator = await ministack();
  made = await testTable(emulator.endpoint);
  journal = dynamoJournal(made);
}, 120_000);
afterAll(async () => {
  await made.remove();
  await emulator.stop();
});
beforeEach(() => {
  made.requests.length = 0;
});
afterEach(() => {
  made.onAnswer = undefined;
});

async function executionsNamed(flowId: string, names: readonly string[]): Promise<readonly Header[]> {
  const headers = names.map((name, index) => header({ ref: { flowId, name }, startedAt: START + index }));
  await Promise.all(headers.map((one) => journal.putHeader(one)));
  return headers.toReversed();
}

async function listed(flowId: string, filter: Partial<ExecutionFilter>): Promise<readonly string[]> {
  const all = await itemsOf((cursor) => journal.listExecutions(flowId, { limit: 3, ...filter }, cursor));
  return all.map((one) => one.ref.name);
}

describe("a cursor that was not written by a list", () => {
  const written = (text: string) => Buffer.from(text).toString("base64url");
  const hostile: readonly string[] = [
    "",
    "x",
    "null",
    "../..",
    "__proto__",
    written(""),
    written("#"),
    written("12#id"),
    written("00000000000000a#id"),
    written(`000000000000001#${"x".repeat(901)}`),
    written("000000000000001#流程".slice(0, -1)).slice(0, -2),
    `${written("000000000000001#id")}=`,
    `${written("000000000000001#id")}\n`,
    written("9000000000000001#id"),
    JSON.stringify({ pk: "X#other", sk: "!" }),
    "x".repeat(100_000),
  ];

  test.each(hostile)("is refused as an argument, without a request: %j", async (cursor) => {
    const lists: readonly (() => Promise<unknown>)[] = [
      () => journal.listExecutions(newId(), { limit: 5 }, cursor),
      () => journal.listFlows(cursor),
      () => journal.listRunning(cursor),
    ];
    for (const list of lists) {
      await expect(list()).rejects.toMatchObject({
        code: "InvalidArgument",
        message: `"${cursor}" does not continue this list; start again without it`,
      });
    }
    expect(made.requests).toEqual([]);
  });

  test("is refused or harmless whatever it is: nothing but a page or InvalidArgument comes of it", async () => {
    const flowId = newId();
    await executionsNamed(flowId, ["run-0", "run-1"]);
    const cursors = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc
        .tuple(fc.nat(), fc.string({ unit: "binary", maxLength: 20 }))
        .map(([time, id]) => written(`${String(time).padStart(15, "0")}#${id}`)),
    );
    await fc.assert(
      fc.asyncProperty(cursors, async (cursor) => {
        const page = await journal.listExecutions(flowId, { limit: 1 }, cursor).catch((error: unknown) => error);
        if (page instanceof Error) expect(page).toMatchObject({ code: "InvalidArgument" });
        else expect(page).toHaveProperty("items");
      }),
      { numRuns: 60 },
    );
  });

  test("of another flow's list is only a place in time: it shows nothing of that flow", async () => {
    const [flowId, other] = [newId(), newId()];
    await executionsNamed(other, ["theirs-0", "theirs-1", "theirs-2"]);
    await executionsNamed(flowId, ["ours-0", "ours-1", "ours-2"]);
    const { cursor } = await journal.listExecutions(other, { limit: 1 });
    const page = await journal.listExecutions(flowId, { limit: 10 }, cursor);
    expect(page.items.map((one) => one.ref.name).filter((name) => !name.startsWith("ours"))).toEqual([]);
  });
});

describe("the list of a flow's executions", () => {
  test("filters by the beginning of a name, whatever characters it has and however long it is", async () => {
    const flowId = newId();
    const names = [
      ...hostileNames,
      ...hostileNames.map((name) => `${name}-2`),
      "#".repeat(2000),
      `${"#".repeat(2000)}-2`,
    ];
    const newestFirst = (await executionsNamed(flowId, names)).map((one) => one.ref.name);
    for (const namePrefix of [...hostileNames, "流", "\ud83e", "#".repeat(2000), "%", "a#", "nobody"]) {
      const expected = newestFirst.filter((name) => name.startsWith(namePrefix));
      expect(await listed(flowId, { namePrefix })).toEqual(expected);
    }
  });

  const bounds: readonly (readonly [number | undefined, number | undefined])[] = [
    [START + 0.5, undefined],
    [undefined, START + 1.5],
    [-5, undefined],
    [undefined, -1],
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    [undefined, Number.MAX_VALUE],
    [Number.MAX_VALUE, undefined],
    [START + 1, START + 1],
    [START + 2, START + 1],
  ];
  test.each(bounds)("filters by any times: %d to %d", async (startedFrom, startedTo) => {
    const flowId = newId();
    const all = await executionsNamed(flowId, ["run-0", "run-1", "run-2"]);
    const expected = all.filter(
      (one) => one.startedAt >= (startedFrom ?? -Infinity) && one.startedAt <= (startedTo ?? Infinity),
    );
    const filter = {
      ...(startedFrom === undefined ? {} : { startedFrom }),
      ...(startedTo === undefined ? {} : { startedTo }),
    };
    expect(await listed(flowId, filter)).toEqual(expected.map((one) => one.ref.name));
  });

  test("leaves out what the index still has and the table has no more, and what ended meanwhile", async () => {
    const flowId = newId();
    const [newest, middle, oldest] = await executionsNamed(flowId, ["run-0", "run-1", "run-2"]);
    const table = openTable({ ...made, name: made.table, clock: { sleep: async () => {} } });
    let changed = false;
    // Between the index and the headers: as far behind as an index may be.
    made.onAnswer = (request) => {
      if (request === "Query") changed = true;
      return undefined;
    };
    const listing = journal.listExecutions(flowId, { limit: 10, status: "Running" });
    await expect.poll(() => changed).toBe(true);
    await Promise.all([
      table.remove(headerKey(newest!.ref)),
      journal.endHeader(middle!.ref, middle!.startId, { status: "Succeeded", endedAt: START }),
    ]);
    const names = (await listing).items.map((one) => one.ref.name);
    expect(names.filter((name) => name === oldest!.ref.name)).toEqual([oldest!.ref.name]);
    expect(await listed(flowId, { status: "Running" })).toEqual([oldest!.ref.name]);
  });

  test("a filter that nothing passes ends", async () => {
    const flowId = newId();
    await executionsNamed(
      flowId,
      Array.from({ length: 60 }, (_, index) => `run-${index}`),
    );
    expect(await listed(flowId, { status: "TimedOut" })).toEqual([]);
  });
});

test("a page ends after 5,000 rows, full or not, and the next one goes on", async () => {
  const flowId = newId();
  const oldest = header({ ref: { flowId, name: "needle" }, startedAt: START - 1 });
  const hay = Array.from({ length: 5010 }, (_, index) =>
    header({ ref: { flowId, name: `hay-${index}` }, startedAt: START + index }),
  );
  await journal.putHeader(oldest);
  await putAll(hay);
  const first = await journal.listExecutions(flowId, { limit: 10, namePrefix: "needle" });
  expect(first).toEqual({ items: [], cursor: expect.any(String) });
  const second = await journal.listExecutions(flowId, { limit: 10, namePrefix: "needle" }, first.cursor);
  expect(second).toEqual({ items: [oldest] });
}, 60_000);

/** Many headers at once, as their items. */
async function putAll(headers: readonly Header[]): Promise<void> {
  for (let at = 0; at < headers.length; at += 25) {
    const requests = headers.slice(at, at + 25).map((one) => ({
      PutRequest: { Item: { ...item({ ...headerKey(one.ref) }), ...headerItem(one, undefined) } },
    }));
    await made.client.send(new BatchWriteItemCommand({ RequestItems: { [made.table]: requests } }));
  }
}

test("flows come newest first", async () => {
  const flows = Array.from({ length: 5 }, (_, index) => flow({ createdAt: START + index * 7 }));
  for (const one of [flows[3], flows[0], flows[4], flows[1], flows[2]]) await journal.createFlow(one!, "{}");
  const all = await itemsOf((cursor) => journal.listFlows(cursor));
  expect(all).toEqual(flows.toReversed());
});

test("a cursor of the running executions continues no other list, nor theirs it", async () => {
  const running = Buffer.from("3000000000000001#id").toString("base64url");
  const place = Buffer.from("000000000000001#id").toString("base64url");
  expect(await journal.listRunning(running)).toHaveProperty("items");
  const refused = { code: "InvalidArgument" };
  await expect(journal.listExecutions(newId(), { limit: 1 }, running)).rejects.toMatchObject(refused);
  await expect(journal.listFlows(running)).rejects.toMatchObject(refused);
  await expect(journal.listRunning(place)).rejects.toMatchObject(refused);
});
