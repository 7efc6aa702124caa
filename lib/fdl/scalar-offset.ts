/** Where a character of a string's value stands in the definition's text: quotes and escapes make the two differ. */
import type { SourceNode } from "./source.ts";

/** The ways to write one character, by style. The last alternative is any UTF-16 unit. */
const UNITS = {
  plain: /./gs,
  single: /''|./gs,
  double: /\\x..|\\u.{4}|\\U.{8}|\\?./gs,
} as const;

/** The offset in `text` of character `index` of the node's value; the node's own for a value that fills several lines. */
export function offsetOf(text: string, node: SourceNode, index: number): number {
  if (node.kind !== "scalar" || node.style === "block") return node.at;
  const written = text.slice(node.at, node.end);
  if (written.includes("\n")) return node.at;
  const start = node.style === "plain" ? 0 : 1;
  let at = node.at + start;
  let left = index;
  for (const [unit] of written.slice(start).matchAll(UNITS[node.style])) {
    if (left <= 0) break;
    at += unit.length;
    left -= unitsOf(unit);
  }
  return at;
}

/** UTF-16 units of a written character: two for an escape beyond the basic plane. */
function unitsOf(written: string): number {
  return Number.parseInt(written.slice(2), 16) > 0xffff ? 2 : 1;
}
