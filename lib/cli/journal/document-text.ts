/** A document as text: JSON with one item a line, so that text tools see entries; written in pieces, because it may be large. */
import { createHash } from "node:crypto";
import type { ExecutionDocument } from "./document.ts";

/** The parts of the text, in order. Its last field is a checksum of all others. */
export function* documentText(document: ExecutionDocument): Generator<string> {
  yield "{";
  for (const [key, value] of Object.entries(document)) {
    yield `\n${JSON.stringify(key)}: `;
    if (Array.isArray(value) && value.length > 0) yield* items(value);
    else yield JSON.stringify(value);
    yield ",";
  }
  yield `\n"sha256": ${JSON.stringify(checksumOf(document))}\n}\n`;
}

function* items(list: readonly unknown[]): Generator<string> {
  let before = "[";
  for (const item of list) {
    yield `${before}\n  ${JSON.stringify(item)}`;
    before = ",";
  }
  yield "\n]";
}

/** SHA-256 of the document's fields, hex. White space and the order of the fields do not count. */
export function checksumOf(document: ExecutionDocument): string {
  const hash = createHash("sha256");
  for (const [key, value] of Object.entries(document).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${JSON.stringify(key)}\n`);
    for (const item of Array.isArray(value) ? value : [value]) hash.update(`${JSON.stringify(item)}\n`);
  }
  return hash.digest("hex");
}
