/**
 * Writes flow.schema.json, the JSON Schema that editors check definitions with, from the field tables of the checker.
 * Run after a change of the tables: `node scripts/flow-schema.ts`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { flowJsonSchema } from "../lib/fdl/json-schema.ts";

/** Where the schema stands in the repository and in the package. */
export const SCHEMA_FILE = join(import.meta.dirname, "../flow.schema.json");

/** The text of the file. */
export function schemaText(): string {
  return `${JSON.stringify(flowJsonSchema(), null, 2)}\n`;
}

if (import.meta.main) writeFileSync(SCHEMA_FILE, schemaText());
