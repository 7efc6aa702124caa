/** A diagram as a Mermaid flowchart. */
import type { Arrow, Box, Diagram, Item, Shape } from "./diagram.ts";

/** Longest label, characters. */
const LONGEST = 120;

const SHAPES: { readonly [shape in Shape]: readonly [open: string, close: string] } = {
  start: ["([", "])"],
  end: ["([", "])"],
  task: ["[", "]"],
  pass: ["[/", "/]"],
  wait: ["(", ")"],
  choice: ["{", "}"],
  split: ["{{", "}}"],
  join: ["((", "))"],
  succeed: ["([", "])"],
  fail: ["[[", "]]"],
};

/** The text of the flowchart, ending with a line end. */
export function mermaid({ items, arrows }: Diagram): string {
  const lines = [
    "flowchart TD",
    ...items.flatMap((item) => itemLines(item, "  ")),
    ...arrows.map((arrow) => `  ${arrowLine(arrow)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function itemLines(item: Item, indent: string): readonly string[] {
  if (item.kind === "box") return [`${indent}${boxLine(item)}`];
  return [
    `${indent}subgraph ${item.id}["${label(item.title)}"]`,
    ...item.items.flatMap((inner) => itemLines(inner, `${indent}  `)),
    `${indent}end`,
  ];
}

function boxLine({ id, shape, lines }: Box): string {
  const [open, close] = SHAPES[shape];
  return `${id}${open}"${lines.map(label).join("<br/>")}"${close}`;
}

function arrowLine({ from, to, label: text, caught }: Arrow): string {
  const line = caught ? "-.->" : "-->";
  return text === undefined ? `${from} ${line} ${to}` : `${from} ${line}|"${label(text)}"| ${to}`;
}

/**
 * A text of the user's as Mermaid takes it between quotes: on one line, cut when it is long, and with everything that
 * Mermaid, Markdown or HTML would read as their own written as a character code.
 */
function label(text: string): string {
  const characters = [...text.replace(/\s+/gu, " ").trim()];
  const short = characters.length > LONGEST ? [...characters.slice(0, LONGEST), "…"] : characters;
  const coded = short.map((character) =>
    /^[\p{L}\p{M}\p{N} .,:/()=$[\]{}!?…'@+_-]$/u.test(character) ? character : code(character),
  );
  // "1. text" and "- text" would be lists, "__text__" bold.
  const [list, emphasis] = [/^(?:[0-9]+[.)]|[-+])/u, /^_|_$|__+|(?<= )_|_(?= )/gu];
  const joined = coded.join("");
  const first = joined.match(list)?.[0];
  const unlisted =
    first === undefined ? joined : `${first.slice(0, -1)}${code(first.slice(-1))}${joined.slice(first.length)}`;
  const safe = unlisted.replace(emphasis, (found) => [...found].map(code).join(""));
  return safe === "" ? " " : safe;
}

function code(character: string): string {
  return `#${character.codePointAt(0)};`;
}
