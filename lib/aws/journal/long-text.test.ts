import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ministack, ministack } from "../../../test/aws/ministack.ts";
import { entry, flow, header, newId, packed } from "../../../test/contracts/journal/items.ts";
import type { Journal } from "../../runtime/ports/journal.ts";
import { dynamoJournal } from "../journal.ts";
import { text } from "./item.ts";
import { longTexts } from "./long-text.ts";
import { openTable, type Table } from "./table.ts";
import { type TestTable, testTable } from "./testing/table.ts";

let emulator: Ministack;
let made: TestTable;
let table: Table;
let journal: Journal;
beforeAll(async () => {
  emulator = await ministack();
  made = await testTable(emulator.endpoint);
  table = openTable({ ...made, name: made.table, clock: { sleep: async () => {} } });
  journal = dynamoJournal(made);
}, 120_000);
afterAll(async () => {
  await made.remove();
  await emulator.stop();
});

/** A text of many kinds of characters, which a cut between bytes would break. */
const mixed = (bytes: number) => "a流🪜ö".repeat(Math.ceil(bytes / 10));

/** Parts of texts under a partition key. */
async function partsOf(pk: string): Promise<readonly string[]> {
  const parts: string[] = [];
  for await (const page of table.query({ pk, sk: "T#" })) parts.push(...page.map((one) => text(one, "sk")));
  return parts;
}

describe("a long text", () => {
  test("comes back as it was, whatever its length", async () => {
    const texts = longTexts(table);
    const lengths = fc.oneof(
      fc.nat(40),
      fc.integer({ min: 13_000, max: 14_000 }),
      fc.integer({ min: 38_000, max: 120_000 }),
    );
    await fc.assert(
      fc.asyncProperty(lengths, async (tens) => {
        const [pk, whole] = [`X#${newId()}`, mixed(tens * 10)];
        expect((await texts.read(pk, await texts.write(pk, whole))) === whole).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  test("is one item as long as it fits, and leaves nothing when it is removed", async () => {
    const texts = longTexts(table);
    const pk = `X#${newId()}`;
    expect(await texts.write(pk, "x".repeat(128 * 1024))).toHaveProperty("S");
    expect(await partsOf(pk)).toEqual([]);
    const attribute = await texts.write(pk, "x".repeat(1024 * 1024));
    expect(await partsOf(pk)).toHaveLength(3);
    await texts.remove(pk, attribute);
    expect(await partsOf(pk)).toEqual([]);
  });

  test("of which a part is missing or wrong is damage, not a shorter text", async () => {
    const texts = longTexts(table);
    const pk = `X#${newId()}`;
    const attribute = await texts.write(pk, "x".repeat(1024 * 1024));
    const [first = ""] = await partsOf(pk);
    await table.put({ pk, sk: first }, { bytes: { B: new Uint8Array(384 * 1024) } });
    await expect(texts.read(pk, attribute)).rejects.toMatchObject({ code: "StoreDamaged" });
    await table.remove({ pk, sk: first });
    await expect(texts.read(pk, attribute)).rejects.toThrow("2 of 3 parts");
  });
});

describe("the journal takes", () => {
  const long = mixed(3 * 1024 * 1024);

  test("definitions, archives, inputs, outputs and parked messages longer than an item", async () => {
    const created = flow();
    await journal.createFlow(created, long);
    const one = header();
    await journal.putArchive(one.ref, one.startId, long);
    await journal.putInput(one.ref, one.startId, packed(long));
    await journal.putResult(one.ref, one.startId, packed(`${long}!`));
    await journal.park(one.ref, one.startId, long);
    expect((await journal.readRevision(created.flowId, 1)) === long).toBe(true);
    expect((await journal.readArchive(one.ref, one.startId)) === long).toBe(true);
    const { input, output } = await journal.readData(one.ref, one.startId);
    expect([input === long, output === `${long}!`]).toEqual([true, true]);
    expect((await journal.unpark(one.ref, one.startId))[0] === long).toBe(true);
    expect(await partsOf(`J#${one.startId}`)).toEqual([]);
  });

  test("a flow whose name is taken leaves no definition behind", async () => {
    const created = flow();
    const rivals = Array.from({ length: 5 }, () => flow({ name: created.name }));
    const results = await Promise.all(rivals.map((rival) => journal.createFlow(rival, long)));
    const losers = rivals.filter((_, at) => results[at] !== undefined);
    expect(losers).toHaveLength(4);
    for (const { flowId } of losers) expect(await partsOf(`F#${flowId}`)).toEqual([]);
  });

  test("no entry that is larger than an item: it says so, before it is sent", async () => {
    made.requests.length = 0;
    const one = entry({ startId: newId(), branch: "", seq: 4 }, { event: packed("x".repeat(400 * 1024)) });
    await expect(journal.append(one)).rejects.toMatchObject({
      name: "AwsError",
      kind: "rejected",
      code: "ItemTooLarge",
      message: expect.stringMatching(
        /^DynamoDB PutItem: ItemTooLarge: item J#\S+ J##0000000004 would take \d{6} bytes/,
      ),
    });
    expect(made.requests).toEqual([]);
  });
});
