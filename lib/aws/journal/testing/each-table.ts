/** An emulator for a file of tests, and a table for each of them. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type Ministack, ministack } from "../../../../test/aws/ministack.ts";
import { type TestTable, testTable } from "./table.ts";

/** Registers the hooks; `ready` takes the table before each test. */
export function eachTestTable(ready: (table: TestTable) => unknown): void {
  let emulator: Ministack;
  let made: TestTable;
  beforeAll(async () => {
    emulator = await ministack();
  }, 120_000);
  afterAll(() => emulator.stop());
  beforeEach(async () => {
    made = await testTable(emulator.endpoint);
    await ready(made);
  });
  afterEach(() => made.remove());
}
