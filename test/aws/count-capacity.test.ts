/** DynamoDB's rules of billing, on examples of its documentation, and beside an emulator that knows those for writes too. */
import { type AttributeValue, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { testTable } from "../../lib/aws/journal/testing/table.ts";
import { type Index, type Item, indexUnits, itemBytes, readUnits, writeUnits } from "./count-capacity.ts";
import { ministack } from "./ministack.ts";

describe("the size of an item is its names and values:", () => {
  test.each<[string, AttributeValue, number]>([
    ["a text as UTF-8", { S: "größe" }, 7],
    ["a number by pairs of digits, and one", { N: "27" }, 2],
    ["half a pair as a whole one", { N: "123" }, 3],
    ["no zeros at the ends of a number", { N: "1000" }, 2],
    ["nor the point", { N: "0.0012" }, 2],
    ["a sign as a byte", { N: "-27" }, 3],
    ["zero as a byte", { N: "0" }, 1],
    ["raw bytes", { B: new Uint8Array(5) }, 5],
    ["a boolean as a byte", { BOOL: false }, 1],
    ["null as a byte", { NULL: true }, 1],
    ["a set as its members", { NS: ["1", "23"] }, 4],
    ["a set of texts likewise", { SS: ["ab", "c"] }, 3],
    ["an empty list as three bytes", { L: [] }, 3],
    ["a list with a byte an element", { L: [{ S: "ab" }, { BOOL: true }] }, 3 + 2 + 3],
    ["a map with its names and a byte an element", { M: { key: { S: "ab" } } }, 3 + 3 + 2 + 1],
  ])("%s", (_what, value, bytes) => {
    expect(itemBytes({ name: value })).toBe("name".length + bytes);
  });
});

const sized = (bytes: number): Item => ({ a: { S: "x".repeat(bytes - 1) } });

test.each([
  [0, 1],
  [1024, 1],
  [1025, 2],
])("a write of %i bytes is %i units", (bytes, units) => {
  expect(writeUnits(undefined, bytes === 0 ? undefined : sized(bytes))).toBe(units);
});

test("of the item before a write and the one after it the larger is billed", () => {
  expect(writeUnits(sized(3000), sized(10))).toBe(3);
  expect(writeUnits(sized(10), sized(3000))).toBe(3);
});

test.each([
  [0, 1],
  [4096, 1],
  [4097, 2],
])("a consistent read of %i bytes is %i units, another one half of it", (bytes, units) => {
  expect(readUnits(bytes, true)).toBe(units);
  expect(readUnits(bytes, false)).toBe(units / 2);
});

describe("of an index a write takes", () => {
  const index: Index = { name: "byTime", keys: ["shard", "time"], holds: ["pk", "shard", "time", "status"] };
  const item: Item = { pk: { S: "a" }, shard: { S: "0" }, time: { S: "1" }, status: { S: "on" }, other: { S: "x" } };
  const { shard: _, ...outside } = item;
  test.each<[string, Item | undefined, Item | undefined, number]>([
    ["a unit to come in", undefined, item, 1],
    ["a unit to leave", item, undefined, 1],
    ["a unit to leave by losing a key", item, outside, 1],
    ["a unit where it holds what changes", item, { ...item, status: { S: "off" } }, 1],
    ["two where a key changes", item, { ...item, time: { S: "2" } }, 2],
    ["nothing where it holds nothing of what changes", item, { ...item, other: { S: "y" } }, 0],
    ["nothing for what stands outside", undefined, outside, 0],
    ["nothing for what stays outside", outside, { ...outside, status: { S: "off" } }, 0],
    ["what it holds, however large the item is", undefined, { ...item, other: { S: "x".repeat(9000) } }, 1],
    ["by size too", undefined, { ...item, status: { S: "x".repeat(2000) } }, 2],
  ])("%s", (_what, before, after, units) => {
    expect(indexUnits(index, before, after)).toBe(units);
  });
});

/** The indexes of serverless.yml. */
const INDEXES: readonly Index[] = [
  {
    name: "executions",
    keys: ["listShard", "startedAt"],
    holds: ["pk", "sk", "listShard", "startedAt", "status"],
  },
  { name: "running", keys: ["runningShard", "startedAt"], holds: ["pk", "sk", "runningShard", "startedAt"] },
];

test("the emulator bills writes alike: a header from its start to its end, and one that grows", async () => {
  const emulator = await ministack();
  const { client, table: TableName, remove } = await testTable(emulator.endpoint);
  const Key = { pk: { S: "X#flow#run" }, sk: { S: "!" } };
  const [listShard, startedAt] = [{ S: "flow#1" }, { S: "000000000000001#run" }];
  const started = { ...Key, listShard, runningShard: { S: "1" }, startedAt, status: { S: "Running" } };
  const ended: Item = { ...Key, listShard, startedAt, status: { S: "Succeeded" } };
  const steps: readonly (readonly [before: Item | undefined, after: Record<string, AttributeValue>])[] = [
    [undefined, started],
    [started, { ...started, note: { S: "x".repeat(2500) } }],
    [{ ...started, note: { S: "x".repeat(2500) } }, started],
  ];
  const ours = (before: Item | undefined, after: Item) =>
    INDEXES.reduce((units, index) => units + indexUnits(index, before, after), writeUnits(before, after));
  try {
    for (const [before, Item] of steps) {
      const put = new PutItemCommand({ TableName, Item, ReturnConsumedCapacity: "TOTAL" });
      const { ConsumedCapacity } = await client.send(put);
      expect(ConsumedCapacity?.CapacityUnits).toBe(ours(before, Item));
    }
    const { ConsumedCapacity } = await client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: "SET #status = :ended REMOVE runningShard",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":ended": { S: "Succeeded" } },
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
    expect(ConsumedCapacity?.CapacityUnits).toBe(ours(started, ended));
    expect(ours(started, ended)).toBe(3);
  } finally {
    await remove();
    await emulator.stop();
  }
}, 120_000);
