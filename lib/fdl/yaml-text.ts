/**
 * From text to YAML tokens, and what is refused before any node is made of them: several documents, directives, tags,
 * and text that is nested or crowded so much that composing it would exhaust stack or time. All of this is done
 * without recursion.
 */
import { type CST, Lexer, Parser } from "yaml";
import { MAX_NESTING, MAX_SYNTAX_PROBLEMS } from "./limits.ts";
import { quote } from "./problem.ts";

/** A text that is being read, and where its problems go. */
export interface Reading {
  readonly text: string;
  readonly report: (at: number, message: string, severity?: "error" | "warning") => void;
  readonly lineOf: (at: number) => number;
}

type Report = Reading["report"];

const FLOW_LEVELS: ReadonlyMap<string, number> = new Map([
  ["[", 1],
  ["{", 1],
  ["]", -1],
  ["}", -1],
]);

/**
 * The tokens of a text. Stops where the rest would be refused anyway: in brackets that are nested too deeply, behind a
 * flood of errors or of documents.
 */
export function tokensOf(text: string): readonly CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let level = 0;
  let faults = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === "error" || token.type === "document") faults += 1;
    }
    level += FLOW_LEVELS.get(lexeme) ?? 0;
    if (level > MAX_NESTING || faults > MAX_SYNTAX_PROBLEMS) break;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** Reports what FDL does not allow in YAML (fdl.md §10 row 51); false when no tree should be made of the tokens. */
export function inspectTokens(tokens: readonly CST.Token[], report: Report): boolean {
  let sound = true;
  let documents = 0;
  for (const token of tokens) {
    if (token.type === "directive" && !/^%YAML[ \t]+1\.2\b/.test(token.source)) {
      report(token.offset, `The directive ${quote(token.source)} is not supported: definitions are YAML 1.2.`);
      sound = false;
    }
    if (token.type !== "document") continue;
    documents += 1;
    if (documents === 2) {
      report(
        token.offset,
        "A second YAML document starts here: a definition is one document, so remove it and its `---`.",
      );
      sound = false;
    }
    if (documents === 1) sound = inspectDocument(token, report) && sound;
  }
  return sound;
}

function inspectDocument(document: CST.Document, report: Report): boolean {
  const pending: { readonly token: CST.Token; readonly depth: number }[] = [{ token: document, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next;
    if (depth > MAX_NESTING) {
      report(token.offset, `Lists and maps are nested deeper than ${MAX_NESTING} levels here.`);
      return false;
    }
    for (const around of propertiesOf(token)) {
      if (!inspectProperties(around, report)) return false;
    }
    for (const inner of childrenOf(token)) pending.push({ token: inner, depth: "items" in inner ? depth + 1 : depth });
  }
  return true;
}

function childrenOf(token: CST.Token): readonly CST.Token[] {
  const children =
    "items" in token ? token.items.flatMap(({ key, value }) => [key, value]) : "value" in token ? [token.value] : [];
  return children.filter((child) => child !== undefined && child !== null);
}

/** The groups of small tokens (anchors, tags, indicators, blanks) before and after the token's parts. */
function propertiesOf(token: CST.Token): readonly (readonly CST.Token[])[] {
  const groups: (readonly CST.Token[] | undefined)[] =
    "items" in token ? token.items.flatMap(({ start, sep }) => [start, sep]) : [];
  if ("start" in token && Array.isArray(token.start)) groups.push(token.start);
  if ("end" in token) groups.push(token.end ?? []);
  return groups.filter((group) => group !== undefined);
}

/** No valid text has more of them around a node: an indicator, a comma, an anchor, a tag, a document's start. */
const MAX_PROPERTIES = 8;

const BLANK: ReadonlySet<string> = new Set(["space", "comment", "newline"]);

const CORE_TAGS: ReadonlySet<string> = new Set(["!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq"]);

/** True for the tags of YAML's core schema, which only say how to read a plain value. */
export function isCoreTag(tag: string): boolean {
  return CORE_TAGS.has(tag);
}

function inspectProperties(group: readonly CST.Token[], report: Report): boolean {
  const properties = group.filter((token) => !BLANK.has(token.type));
  const last = properties[MAX_PROPERTIES];
  if (last !== undefined) {
    report(last.offset, "This is not valid YAML: too many anchors, tags or stray characters around one value.");
    return false;
  }
  for (const token of properties) {
    if (token.type === "tag" && !isCoreTag(token.source)) report(token.offset, refusedTag(token.source));
  }
  return true;
}

function refusedTag(tag: string): string {
  return /^!(?:Ref|Sub|GetAtt|ImportValue)\b/.test(tag)
    ? `The tag ${quote(tag)} belongs to a deployment template: a deploy tool must replace it by the name it stands for, such as acs:fc:::services/S/functions/F.`
    : `The tag ${quote(tag)} is not supported: write the value without a tag.`;
}
