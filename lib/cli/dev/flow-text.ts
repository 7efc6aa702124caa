/** Which YAML files are flows: the folder of a project holds others too (serverless.yml, workflows of a CI). */
import { entryOf, scalarOf } from "../../fdl/source.ts";
import { readYaml } from "../../fdl/yaml-source.ts";

/** True for a mapping with `type: flow`, or with `steps`: a flow, or what its author takes for one. */
export function isFlowText(text: string): boolean {
  const root = readYaml({ text, report: () => {}, lineOf: () => 1 });
  // It cannot be read, or not yet: someone may be in the middle of writing it.
  if (root === undefined) return /^["']?(type["']?\s*:\s*["']?flow\b|steps["']?\s*:)/m.test(text);
  if (root.kind !== "map") return false;
  return scalarOf(entryOf(root, "type")?.value) === "flow" || entryOf(root, "steps") !== undefined;
}
