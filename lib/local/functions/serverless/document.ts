/**
 * A serverless.yml as plain values: read leniently, because most of it is CloudFormation and none of our business. What
 * only CloudFormation can resolve (`!Ref Table`) becomes an `AtDeployment`.
 */
import { isCollection, isNode, isScalar, LineCounter, type Node, parseDocument, Scalar, visit } from "yaml";

/** A value that is known when the stack is deployed, and not before. */
export class AtDeployment {
  /** As it stands in the file. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export interface ServerlessDocument {
  readonly root: unknown;
  /** The line of what stands under that path, from 1; of the nearest above it that is there. */
  lineOf(path: readonly string[]): number;
}

/** The document, or where and why it is not one. */
export function readDocument(text: string): ServerlessDocument | { readonly line: number; readonly problem: string } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    logLevel: "silent",
    merge: true,
    prettyErrors: false,
    uniqueKeys: false,
  });
  const [error] = document.errors;
  if (error !== undefined) return { line: lines.linePos(error.pos[0]).line, problem: error.message };
  visit(document, {
    Node(_key, node) {
      if (!isNode(node) || node.tag === undefined || !node.tag.startsWith("!")) return undefined;
      const replaced = new Scalar<unknown>(new AtDeployment(`${node.tag}${isScalar(node) ? ` ${node.value}` : ""}`));
      replaced.range = node.range ?? null;
      return replaced;
    },
  });
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount: 1000 });
  } catch (thrown) {
    // An anchor that is not there, or aliases without end.
    return { line: 1, problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  return {
    root,
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const at = startOf(document.contents, path.slice(0, length));
        if (at !== undefined) return lines.linePos(at).line;
      }
      return 1;
    },
  };
}

/** Where the key of that path begins. */
function startOf(contents: Node | null, path: readonly string[]): number | undefined {
  let node: unknown = contents;
  let start: number | undefined;
  for (const name of path) {
    if (!isCollection(node)) return undefined;
    const item = node.items.find(
      (one) =>
        typeof one === "object" && one !== null && "key" in one && isScalar(one.key) && String(one.key.value) === name,
    );
    if (item === undefined || item === null || typeof item !== "object" || !("key" in item)) return undefined;
    start = isNode(item.key) ? item.key.range?.[0] : undefined;
    node = "value" in item ? item.value : undefined;
  }
  return start;
}
