/**
 * Anchors and aliases. An alias stands for the very node of its anchor; what is bounded is the text that the definition
 * would be with all aliases written out, so that a few lines cannot expand to gigabytes.
 */
import { MAX_DEFINITION_BYTES, MAX_NESTING } from "./limits.ts";
import type { SourceNode } from "./source.ts";

/** A node with what its copies cost. */
export interface Built {
  readonly node: SourceNode;
  /** Length of its own text. */
  readonly span: number;
  /** What the aliases in it add to that when they are written out. */
  readonly extra: number;
  /** Levels of lists and maps in it, its own included; 0 for a scalar. */
  readonly height: number;
}

export interface Anchors {
  /** The latest node of each name; "open" while it is being built. */
  readonly nodes: Map<string, Built | "open">;
  /** Length of all aliases of the text written out, so far. */
  expanded: number;
}

/** What alias `name` with `depth` lists and maps around it stands for, or the reason why it stands for nothing. */
export function expandAlias(anchors: Anchors, name: string, depth: number): Built | string {
  const target = anchors.nodes.get(name);
  if (target === undefined) return `There is no anchor &${name} before the alias *${name}.`;
  if (target === "open") return `The alias *${name} stands inside its own anchor: written out it would have no end.`;
  if (depth + target.height > MAX_NESTING) {
    return `With the alias *${name} lists and maps are nested deeper than ${MAX_NESTING} levels.`;
  }
  const extra = target.span + target.extra;
  anchors.expanded += extra;
  if (anchors.expanded > MAX_DEFINITION_BYTES) {
    return `Written out, the aliases up to *${name} are longer than ${MAX_DEFINITION_BYTES} characters.`;
  }
  return { node: target.node, span: 0, extra, height: target.height };
}
