import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { positionsIn } from "./position.ts";

describe("positionsIn", () => {
  it.each([
    ["", 0, 1, 1],
    ["abc", 0, 1, 1],
    ["abc", 3, 1, 4],
    ["a\nb", 1, 1, 2],
    ["a\nb", 2, 2, 1],
    ["a\nb", 3, 2, 2],
    ["a\n", 2, 2, 1],
    ["\n\n\n", 2, 3, 1],
    ["a\r\nb", 3, 2, 1],
    ["😀x", 2, 1, 3],
  ])("in %j offset %i stands at %i:%i", (text, at, line, column) => {
    expect(positionsIn(text)(at)).toEqual({ line, column });
  });

  it("agrees with counting", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "\n", "bc"), { maxLength: 30 }), fc.nat(), (parts, number) => {
        const text = parts.join("");
        const at = number % (text.length + 1);
        const before = text.slice(0, at).split("\n");
        expect(positionsIn(text)(at)).toEqual({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1 });
      }),
    );
  });
});
