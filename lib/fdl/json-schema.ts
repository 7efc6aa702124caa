/** The JSON Schema of definitions, for editors: generated from the field tables that the checker reads by. */
import type { JsonObject } from "./json.ts";
import { catchPolicies, retryPolicies } from "./schema/error-handling.ts";
import { flowSchema } from "./schema/flow.ts";
import { mappings } from "./schema/mapping.ts";
import { stepDefinitions } from "./schema/step.ts";

/**
 * The schema (draft-07, which editors know best). It is stricter than the checker in one point: unknown keys, of which the
 * checker warns, do not fit.
 */
export function flowJsonSchema(): JsonObject {
  const named = [mappings, retryPolicies, catchPolicies];
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stepwell flow definition",
    description: "A flow of the Flow Definition Language (FDL), version v1.",
    ...flowSchema,
    definitions: { ...stepDefinitions, ...Object.fromEntries(named.map(({ name, definition }) => [name, definition])) },
  };
}
