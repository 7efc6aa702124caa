/** The files of an example, read as a test wants them: a definition must be free of problems, warnings included. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Flow } from "../../lib/fdl/definition.ts";
import type { JsonObject } from "../../lib/fdl/json.ts";
import { parseFlow } from "../../lib/fdl/parse.ts";

/** The flow in a file of the example's folder. */
export function readFlow(folder: string, file = "flow.yml"): Flow {
  const { flow, problems } = parseFlow(readFileSync(join(folder, file), "utf8"));
  expect(problems).toEqual([]);
  if (flow === undefined) throw new Error(`${file} has neither a flow nor a problem.`);
  return flow;
}

/** The execution input in a file of the example's folder. */
export function readInput(folder: string, file = "input.json"): JsonObject {
  return JSON.parse(readFileSync(join(folder, file), "utf8"));
}
