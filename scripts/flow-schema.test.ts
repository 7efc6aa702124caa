import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SCHEMA_FILE, schemaText } from "./flow-schema.ts";

it("flow.schema.json is what the field tables say: run `node scripts/flow-schema.ts` after changing them", () => {
  expect(readFileSync(SCHEMA_FILE, "utf8")).toBe(schemaText());
});
