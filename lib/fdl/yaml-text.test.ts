import { describe, expect, it } from "vitest";
import { tokensOf } from "./yaml-text.ts";

describe("tokensOf stops where the rest would be refused anyway", () => {
  it.each([
    ["errors", "]", 22],
    ["documents", "---\n", 22],
    ["documents and their ends", "---\n...\n", 42],
  ])("behind a flood of %s", (_, part, tokens) => {
    expect(tokensOf(part.repeat(100))).toHaveLength(tokens);
  });

  it("but not behind comments", () => {
    expect(tokensOf("#\n".repeat(100))).toHaveLength(200);
  });

  it.each([
    ["lists", "[", 101],
    ["maps", "{", 101],
    ["lists and maps", "[{", 101],
  ])("in brackets that are nested too deeply: %s", (_, part, closed) => {
    const text = part.repeat(101);
    expect(depthOf(tokensOf(text)[0])).toBe(closed);
  });

  it("but not in brackets that are closed again", () => {
    const text = `[${"[], {}, ".repeat(200)}]`;
    expect(JSON.stringify(tokensOf(text))).toContain(`"offset":${text.lastIndexOf("{")}`);
  });
});

/** How many lists and maps stand in each other at the start of a document. */
function depthOf(token: unknown): number {
  let depth = 0;
  for (let rest = JSON.stringify(token); rest.includes('"flow-collection"'); depth++) {
    rest = rest.slice(rest.indexOf('"flow-collection"') + 1);
  }
  return depth;
}
