/** Flows for tests, from their YAML. */
import type { Flow } from "../../fdl/definition.ts";
import { parseFlow } from "../../fdl/parse.ts";

/** The flow with these steps, or of a whole definition. Throws with the problems when it has errors. */
export function flowOf(text: string): Flow {
  const { flow, problems } = parseFlow(/^\s*steps:/.test(text) ? `version: v1\ntype: flow\n${text}` : text);
  if (flow === undefined) throw new Error(problems.map(({ line, message }) => `line ${line}: ${message}`).join("\n"));
  return flow;
}
