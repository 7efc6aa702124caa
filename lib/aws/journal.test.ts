import { afterAll, beforeAll } from "vitest";
import { type Ministack, ministack } from "../../test/aws/ministack.ts";
import { journalContract } from "../../test/contracts/journal.ts";
import { testTable } from "./journal/testing/table.ts";
import { dynamoJournal } from "./journal.ts";

let emulator: Ministack;
beforeAll(async () => {
  emulator = await ministack();
}, 120_000);
afterAll(() => emulator.stop());

journalContract(
  "DynamoDB",
  async () => {
    const { client, table, remove } = await testTable(emulator.endpoint);
    return { journal: dynamoJournal({ client, table }), close: remove };
  },
  { textBytes: 380 * 1024 },
);
