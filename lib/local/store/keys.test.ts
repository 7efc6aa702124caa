import fc from "fast-check";
import { compareKeys, type Key as LmdbKey } from "lmdb";
import { describe, expect, test } from "vitest";
import { hostileNames } from "../../../test/contracts/names.ts";
import { isKeyText, keyText, LAST } from "./keys.ts";

/** Any text, the ones that break key encodings often among them. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(...hostileNames, "", "\u0000", "a\u0000b", "\ud800", "\udfff", "\ufffd", "#", "=", "~"),
  fc.string({ unit: fc.constantFrom("🪜", "ö", "a"), minLength: 80, maxLength: 200 }),
  fc.string({ minLength: 150, maxLength: 5000 }),
);

describe("a text as part of a key", () => {
  test("is told from every other text", () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(keyText(one) === keyText(other)).toBe(one === other);
      }),
    );
  });

  test("is told from a text that looks like its key", () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(keyText(keyText(one))).not.toBe(keyText(one));
      }),
    );
  });

  test("is short enough for three of them in a key of at most 1,978 bytes, and holds nothing that delimits keys", () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(Buffer.byteLength(keyText(one))).toBeLessThanOrEqual((1978 - 100) / 3);
        expect(isKeyText(keyText(one))).toBe(true);
        expect(keyText(one)).not.toMatch(/\p{Cc}/u);
        expect(keyText(one).isWellFormed()).toBe(true);
      }),
    );
  });

  test("stands before the last of its place, as numbers do", () => {
    const under = (part: string | number): LmdbKey => ["=a", part];
    fc.assert(
      fc.property(fc.oneof(text.map(keyText), fc.double({ noNaN: true })), (part) => {
        expect(compareKeys(under(part), under(LAST))).toBeLessThan(0);
      }),
    );
  });
});
