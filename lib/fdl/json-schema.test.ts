import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { flowJsonSchema } from "./json-schema.ts";
import { brokenChoices } from "./testing/broken-choices.ts";
import { brokenFlows } from "./testing/broken-flow.ts";
import { brokenForks } from "./testing/broken-forks.ts";
import { brokenMappings } from "./testing/broken-mappings.ts";
import { brokenParams } from "./testing/broken-params.ts";
import { brokenPolicies } from "./testing/broken-policies.ts";
import { brokenSteps } from "./testing/broken-steps.ts";
import { brokenTasks } from "./testing/broken-tasks.ts";
import { brokenWaits } from "./testing/broken-waits.ts";
import type { Flawed } from "./testing/definition-text.ts";
import { suspicious } from "./testing/suspicious.ts";
import { validBlocks } from "./testing/valid-blocks.ts";
import { validPlainSteps, validWaits } from "./testing/valid-plain.ts";
import { validTasks } from "./testing/valid-tasks.ts";

// strictRequired would want the two keys of an either-or to be defined a second time beside it.
const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true });
const schema = flowJsonSchema();

it("is a valid JSON Schema of draft-07", () => {
  expect(schema).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#" });
  expect(ajv.validateSchema(schema)).toBe(true);
});

describe("as a validator", () => {
  const fits = ajv.compile(schema);
  const judged = (cases: readonly Flawed[]) => cases.filter(({ refusedBySchema }) => refusedBySchema !== undefined);

  it.each([...validPlainSteps, ...validWaits, ...validTasks, ...validBlocks])("accepts $title", ({ text }) => {
    fits(parse(text));
    expect(fits.errors).toBeNull();
  });

  it.each(
    judged([
      ...brokenFlows,
      ...brokenSteps,
      ...brokenMappings,
      ...brokenTasks,
      ...brokenParams,
      ...brokenPolicies,
      ...brokenWaits,
      ...brokenChoices,
      ...brokenForks,
      ...suspicious,
    ]),
  )("judges $title: refused $refusedBySchema", ({ text, refusedBySchema }) => {
    expect(fits(parse(text))).toBe(!refusedBySchema);
  });
});

it("describes each key and names every step type", () => {
  expect(schema).toMatchObject({
    title: "Stepwell flow definition",
    type: "object",
    required: ["version", "type", "steps"],
    additionalProperties: false,
    definitions: {
      step: {
        anyOf: ["task", "pass", "wait", "choice", "parallel", "foreach", "succeed", "fail"].map((type) => ({
          $ref: `#/definitions/${type}`,
        })),
      },
      wait: { oneOf: [{ required: ["duration"] }, { required: ["timestamp"] }] },
    },
  });
  const undescribed = JSON.stringify(schema).match(/"properties":\{(?:"\w+":\{(?!"description"))/g);
  expect(undescribed).toBeNull();
});
