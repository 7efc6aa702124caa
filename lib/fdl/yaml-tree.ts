/**
 * From YAML tokens to positioned nodes. The library reads values by YAML 1.2's core schema; what JSON does not have
 * (merge keys, keys that are no strings, infinite numbers) is refused where it stands (fdl.md §10 row 51). What is
 * refused leaves a hole, so that the rest of the definition is checked all the same.
 */
import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { MAX_SYNTAX_PROBLEMS } from "./limits.ts";
import { quote } from "./problem.ts";
import type { Entry, ScalarNode, SourceNode } from "./source.ts";
import { type Anchors, type Built, expandAlias } from "./yaml-alias.ts";
import { isCoreTag, type Reading } from "./yaml-text.ts";

/** What a tree is built with. */
interface Workshop extends Reading {
  readonly anchors: Anchors;
}

/**
 * The tree of a document's tokens; undefined after a syntax error. Keys are checked here rather than by the library,
 * whose own check takes quadratic time.
 */
export function treeOf(tokens: readonly CST.Token[], reading: Reading): SourceNode | undefined {
  const composer = new Composer({ resolveKnownTags: false, uniqueKeys: false });
  const workshop = { ...reading, anchors: { nodes: new Map(), expanded: 0 } };
  for (const document of composer.compose(tokens, true, reading.text.length)) {
    for (const { pos } of document.warnings) reportWarning(pos, reading);
    for (const { pos, message } of document.errors.slice(0, MAX_SYNTAX_PROBLEMS)) {
      reading.report(pos[0], `This is not valid YAML: ${message}.`);
    }
    if (document.errors.length === 0) return build(document.contents, 0, 0, workshop).node;
  }
  return undefined;
}

/** The library warns of tags that it cannot apply. Tags that are refused were reported with the tokens. */
function reportWarning([from, to]: readonly [number, number], { text, report }: Reading): void {
  const source = text.slice(from, to);
  if (isCoreTag(source)) report(from, `The value does not fit its tag ${source}.`);
}

/** `depth`: lists and maps around the node; `at`: where it would stand if it is left out. */
function build(node: ParsedNode | null, at: number, depth: number, workshop: Workshop): Built {
  if (node === null) return leaf({ kind: "scalar", at, end: at, style: "plain", value: null }, 0);
  if (isAlias(node)) {
    const target = expandAlias(workshop.anchors, node.source, depth);
    return typeof target === "string" ? hole(node.range[0], target, workshop) : target;
  }
  const name = node.anchor;
  if (name === undefined) return buildValue(node, depth, workshop);
  workshop.anchors.nodes.set(name, "open");
  const built = buildValue(node, depth, workshop);
  workshop.anchors.nodes.set(name, built);
  return built;
}

function buildValue(node: Scalar.Parsed | YAMLMap.Parsed | YAMLSeq.Parsed, depth: number, workshop: Workshop): Built {
  const [at, end] = node.range;
  const span = end - at;
  if (node.tag !== undefined && !CORE_TAG.test(node.tag)) return leaf({ kind: "hole", at }, 0);
  if (isScalar(node)) return buildScalar(node, workshop);
  if (isMap(node)) {
    const { entries, parts } = buildEntries(node, depth + 1, workshop);
    return branch({ kind: "map", at, entries }, span, parts);
  }
  const parts = node.items.map((item) => build(item, at, depth + 1, workshop));
  return branch({ kind: "list", at, items: parts.map((part) => part.node) }, span, parts);
}

const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

function leaf(node: SourceNode, span: number): Built {
  return { node, span, extra: 0, height: 0 };
}

function branch(node: SourceNode, span: number, parts: readonly Built[]): Built {
  let extra = 0;
  let height = 0;
  for (const part of parts) {
    extra += part.extra;
    height = Math.max(height, part.height);
  }
  return { node, span, extra, height: height + 1 };
}

function hole(at: number, message: string, workshop: Workshop): Built {
  workshop.report(at, message);
  return leaf({ kind: "hole", at }, 0);
}

const STYLES: ReadonlyMap<string | undefined, ScalarNode["style"]> = new Map([
  ["QUOTE_SINGLE", "single"],
  ["QUOTE_DOUBLE", "double"],
  ["BLOCK_LITERAL", "block"],
  ["BLOCK_FOLDED", "block"],
]);

function buildScalar(node: Scalar.Parsed, workshop: Workshop): Built {
  const [at, end] = node.range;
  const { value } = node;
  if (typeof value !== "number") {
    const known = typeof value === "string" || typeof value === "boolean" ? value : null;
    return leaf({ kind: "scalar", at, end, style: STYLES.get(node.type) ?? "plain", value: known }, end - at);
  }
  const text = quote(workshop.text.slice(at, end));
  if (!Number.isFinite(value))
    return hole(at, `${text} is no number that JSON can hold: numbers are finite.`, workshop);
  if (/^[-+]?\d+$/.test(node.source) && !Number.isSafeInteger(value)) {
    workshop.report(
      at,
      `${text} is too large to be kept exactly as a number: put it in quotes if it is a name.`,
      "warning",
    );
  }
  // -0 would come back as 0 from storage.
  return leaf({ kind: "scalar", at, end, style: "plain", value: value === 0 ? 0 : value }, end - at);
}

function buildEntries(node: YAMLMap.Parsed, depth: number, workshop: Workshop): { entries: Entry[]; parts: Built[] } {
  const entries = new Map<string, Entry>();
  const parts: Built[] = [];
  for (const pair of node.items) {
    const at = pair.key.range[0];
    const builtKey = build(pair.key, at, depth, workshop);
    const builtValue = build(pair.value, at, depth, workshop);
    parts.push(builtKey, builtValue);
    const key = readKey(builtKey.node, at, workshop);
    if (key === undefined) continue;
    const first = entries.get(key);
    if (first === undefined) entries.set(key, { key, at, value: builtValue.node });
    else
      workshop.report(
        at,
        `The key ${quote(key)} is already given on line ${workshop.lineOf(first.at)}: keys are unique.`,
      );
  }
  return { entries: [...entries.values()], parts };
}

function readKey(node: SourceNode, at: number, workshop: Workshop): string | undefined {
  if (node.kind === "hole") return undefined;
  if (node.kind !== "scalar") {
    workshop.report(at, "A list or a map cannot be a key: keys are strings.");
  } else if (typeof node.value !== "string") {
    workshop.report(at, `The key ${String(node.value)} is no string: put it in quotes.`);
  } else if (node.value === "<<" && node.style === "plain") {
    workshop.report(at, "The merge key << is not supported: write the keys out, or use an alias for a whole value.");
  } else {
    return node.value;
  }
  return undefined;
}
