/** The journal of a table as the invariants' checker reads it: whole and in order, and each way of spoiling it is found. */
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, test } from "vitest";
import { entryItemKey, executionPartition, outputKey } from "../../../lib/aws/journal/keys.ts";
import { eachTestTable } from "../../../lib/aws/journal/testing/each-table.ts";
import type { TestTable } from "../../../lib/aws/journal/testing/table.ts";
import { dynamoJournal } from "../../../lib/aws/journal.ts";
import type { Json } from "../../../lib/fdl/json.ts";
import { memoryBlobs } from "../../../lib/memory/blobs.ts";
import { recordingDestinations } from "../../../lib/memory/destinations.ts";
import { randomIds } from "../../../lib/memory/ids.ts";
import { systemKeys } from "../../../lib/memory/keys.ts";
import { memoryQueue } from "../../../lib/memory/queue.ts";
import { scriptedFunctions } from "../../../lib/memory/scripted.ts";
import { systemClock } from "../../../lib/memory/system-clock.ts";
import { memoryTimers } from "../../../lib/memory/timers.ts";
import { createRuntime, deployFlow, reportTask, startExecution, work } from "../../../lib/runtime/index.ts";
import type { Header } from "../../../lib/runtime/ports/journal.ts";
import { runtimeOver } from "../../chaos/invariants/reading.ts";
import { checkRecords, violationText } from "../../chaos/invariants.ts";
import { readJournalRecords } from "./journal-records.ts";

const FLOW = `
version: v1
type: flow
steps:
  - type: parallel
    name: both
    branches:
      - steps:
          - type: task
            name: ask
            resourceArn: acs:fc:::services/shop/functions/ask
            pattern: waitForCallback
            inputMappings: [{ target: token, source: $context.task.token }]
      - steps:
          - type: task
            name: ship
            resourceArn: acs:fc:::services/shop/functions/ship
`;
const KEY = { id: "key-1", secret: "a secret for tests" };

let made: TestTable;
let blobs: ReturnType<typeof memoryBlobs>;
let header: Header;
eachTestTable((table) => {
  made = table;
});

/** One execution of the flow, to its end. */
beforeEach(async () => {
  const clock = systemClock();
  const ids = randomIds();
  const queue = memoryQueue({ clock, ids });
  blobs = memoryBlobs();
  const journal = dynamoJournal({ client: made.client, table: made.table });
  const done = new AbortController();
  const ended = Promise.withResolvers<void>();
  const functions = {
    "shop/ship": () => ({ shipped: true }),
    "shop/ask": (event: Json) => {
      const { token } = event as { readonly token: string };
      void reportTask(runtime, token, { kind: "succeeded", output: { paid: true } }).catch(ended.reject);
      return {};
    },
  };
  const runtime = createRuntime({
    journal: {
      ...journal,
      async endHeader(...end) {
        const there = await journal.endHeader(...end);
        ended.resolve();
        return there;
      },
    },
    ...{ queue, blobs, clock, ids },
    timers: memoryTimers({ clock, queue }),
    functions: scriptedFunctions({ clock, functions }),
    destinations: recordingDestinations(),
    keys: systemKeys(KEY),
  });
  await deployFlow(runtime.ports, { name: "order", definition: FLOW });
  const working = work(runtime, { concurrency: 4, signal: done.signal, onError: ended.reject });
  header = await startExecution(runtime, { flow: "order", name: "run-1" });
  await ended.promise;
  done.abort();
  await working;
});

async function checked() {
  const records = await readJournalRecords({ client: made.client, table: made.table });
  const journal = dynamoJournal({ client: made.client, table: made.table });
  const { executions, entries, violations } = await checkRecords(records, runtimeOver({ journal, blobs, keys: [KEY] }));
  return { executions, entries, violations: violations.map(violationText) };
}

const keyOf = ({ pk, sk }: { pk: string; sk: string }) => ({ pk: { S: pk }, sk: { S: sk } });

async function read(key: { pk: string; sk: string }) {
  const { Item } = await made.client.send(new GetItemCommand({ TableName: made.table, Key: keyOf(key) }));
  if (Item === undefined) throw new Error(`there is no ${key.pk} ${key.sk}`);
  return Item;
}

const remove = (key: { pk: string; sk: string }) =>
  made.client.send(new DeleteItemCommand({ TableName: made.table, Key: keyOf(key) }));
const put = (Item: Awaited<ReturnType<typeof read>>) =>
  made.client.send(new PutItemCommand({ TableName: made.table, Item }));
const entry = (branch: string, seq: number) => entryItemKey("J", { startId: header.startId, branch, seq });

test("a journal in good order is read whole", async () => {
  // The root's fork and join, two branches with a task each, one of which waits for its report.
  expect(await checked()).toEqual({ executions: 1, entries: 7, violations: [] });
});

describe("it is found", () => {
  test("that an entry is missing", async () => {
    await remove(entry("0.0", 1));
    expect((await checked()).violations).toContainEqual(
      expect.stringContaining("order/run-1 0.0#2: it comes where entry 1 should"),
    );
  });

  test("that an entry stands where another's should", async () => {
    await put({ ...(await read(entry("", 1))), sk: { S: "J#0.7x#0000000000" } });
    expect((await checked()).violations).toContainEqual(expect.stringContaining("its branch hangs on no fork"));
  });

  test("that there is something which the journal does not know", async () => {
    await put({ ...(await read(entry("", 1))), sk: { S: "Q##0000000000" } });
    expect((await checked()).violations).toEqual([expect.stringContaining("the journal does not know it")]);
  });

  test("that a message is parked", async () => {
    const journal = dynamoJournal({ client: made.client, table: made.table });
    await journal.park(header.ref, header.startId, "a message");
    expect((await checked()).violations).toEqual([expect.stringContaining("a message is parked there")]);
  });

  test("that a verdict is gone", async () => {
    await remove(entryItemKey("V", { startId: header.startId, branch: "0.0", seq: 0 }));
    expect((await checked()).violations).toEqual([expect.stringContaining("it reports an attempt without a verdict")]);
  });

  test("that a join is gone", async () => {
    await remove(entryItemKey("B", { startId: header.startId, branch: "", seq: 0 }));
    expect((await checked()).violations).toContainEqual(
      expect.stringContaining("it joins a fork whose branches are not all done"),
    );
  });

  test("that a branch's output is gone", async () => {
    await remove(outputKey({ startId: header.startId, branch: "", seq: 0 }, 1, 0));
    expect((await checked()).violations).toContainEqual(expect.stringContaining("whose output is not whole"));
  });

  test("that the output is gone", async () => {
    await remove({ pk: executionPartition(header.ref), sk: `D#${header.startId}` });
    expect((await checked()).violations).toContainEqual(
      expect.stringContaining("it succeeded and its output is not there"),
    );
  });

  test("that it stands among the running ones though it has ended", async () => {
    const key = { pk: executionPartition(header.ref), sk: "!" };
    await put({ ...(await read(key)), runningShard: { S: "0" } });
    expect((await checked()).violations).toEqual([
      expect.stringContaining("it is Succeeded and stands among the running ones"),
    ]);
  });
});
