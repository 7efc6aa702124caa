/** A definition's YAML as a tree, or what is wrong with the text (fdl.md §1.1, §10 row 51). */
import { MAX_DEFINITION_BYTES } from "./limits.ts";
import type { SourceNode } from "./source.ts";
import { inspectTokens, type Reading, tokensOf } from "./yaml-text.ts";
import { treeOf } from "./yaml-tree.ts";

/** The tree; undefined when the text cannot be read, which has been reported then. */
export function readYaml(reading: Reading): SourceNode | undefined {
  const bytes = new TextEncoder().encode(reading.text).length;
  if (bytes > MAX_DEFINITION_BYTES) {
    reading.report(0, `The definition has ${bytes} bytes; it may have ${MAX_DEFINITION_BYTES} (1 MiB).`);
    return undefined;
  }
  const tokens = tokensOf(reading.text);
  return inspectTokens(tokens, reading.report) ? treeOf(tokens, reading) : undefined;
}
