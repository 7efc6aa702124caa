import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { offsetOf } from "./scalar-offset.ts";
import type { ScalarNode } from "./source.ts";
import { readYaml } from "./yaml-source.ts";

/** The value of key `k` of a text. */
function scalarOf(text: string): ScalarNode {
  const root = readYaml({ text, report: (_, message) => expect.fail(message), lineOf: () => 0 });
  const value = root?.kind === "map" ? root.entries[0]?.value : undefined;
  if (value?.kind !== "scalar") throw new Error("no scalar");
  return value;
}

describe("offsetOf", () => {
  it.each([
    ["a plain text", "k: abcX", 3],
    ["a text in single quotes", "k: 'abcX'", 3],
    ["a doubled quote", "k: 'a''cX'", 3],
    ["a doubled quote before", "k: '''''X'", 2],
    ["a backslash in single quotes", String.raw`k: 'a\X'`, 2],
    ["a text in double quotes", 'k: "abcX"', 3],
    ["a doubled quote in a plain text", "k: a''X", 3],
    ["a backslash in a plain text", String.raw`k: a\nX`, 3],
    ["short escapes", String.raw`k: "\n\"\\X"`, 3],
    ["a hexadecimal escape", String.raw`k: "\x41X"`, 1],
    ["a \\u escape", String.raw`k: "a\u0041X"`, 2],
    ["a \\U escape of the basic plane", String.raw`k: "\U00000041X"`, 1],
    ["the last \\U escape of the basic plane", String.raw`k: "\U0000ffffaX"`, 2],
    ["a \\U escape beyond it", String.raw`k: "\U00010000X"`, 2],
    ["a character of two units", 'k: "😀X"', 2],
  ])("finds the character behind %s", (_, text, index) => {
    const node = scalarOf(text);
    expect(String(node.value).charAt(index)).toBe("X");
    expect(offsetOf(text, node, index)).toBe(text.indexOf("X"));
  });

  it.each([
    ["plain", "k: ab", 5],
    ["single quotes", "k: 'ab'", 6],
    ["double quotes", 'k: "ab"', 6],
  ])("finds the end of a text: %s", (_, text, end) => {
    expect(offsetOf(text, scalarOf(text), 2)).toBe(end);
  });

  it.each([
    ["a plain text over two lines", "k: a\n  bX"],
    ["a quoted text over two lines", 'k: "a\n  bX"'],
    ["a literal block", "k: |\n  abX"],
    ["a folded block", "k: >-\n  abX"],
  ])("answers the start of %s", (_, text) => {
    expect(offsetOf(text, scalarOf(text), 2)).toBe(3);
  });

  it("answers the place of what is no text", () => {
    expect(offsetOf("k: []", { kind: "list", at: 3, items: [] }, 5)).toBe(3);
  });

  it("is right for every character of every JSON string", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 12 }), (value) => {
        const text = `k: ${JSON.stringify(value)}`;
        const node = scalarOf(text);
        for (let index = 0; index < value.length; index++) {
          // What stands before the offset reads as what stands before the index.
          const before = text.slice(node.at, offsetOf(text, node, index));
          expect(JSON.parse(`${before}"`)).toBe(value.slice(0, index));
        }
      }),
    );
  });
});
