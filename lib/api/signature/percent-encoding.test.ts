import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalParams } from "./percent-encoding.ts";

it.each([
  ["letters, digits and what is unreserved", "aZ09-_.~", "aZ09-_.~"],
  ["a space", " ", "%20"],
  ["a plus sign", "+", "%2B"],
  ["what encodeURIComponent leaves", "!'()*", "%21%27%28%29%2A"],
  ["what separates", "&=/?%", "%26%3D%2F%3F%25"],
  ["UTF-8", "é中😀", "%C3%A9%E4%B8%AD%F0%9F%98%80"],
])("encodes %s", (_what, text, encoded) => {
  expect(canonicalParams(new Map([[text, text]]))).toBe(`${encoded}=${encoded}`);
});

it("sorts by name, upper case first, and keeps empty values", () => {
  const params = new Map(["b", "B", "a", "AB", "A"].map((name) => [name, ""]));
  expect(canonicalParams(params)).toBe("A=&AB=&B=&a=&b=");
});

it("leaves out one name", () => {
  expect(canonicalParams(new Map([...["A", "Signature", "Z"].map((name) => [name, "1"] as const)]), "Signature")).toBe(
    "A=1&Z=1",
  );
});

it("is the same for the same parameters only", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 6 });
  const params = fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 4 });
  fc.assert(
    fc.property(params, (pairs) => {
      const canonical = canonicalParams(new Map(pairs));
      expect(canonicalParams(new Map(pairs.toReversed()))).toBe(canonical);
      expect(canonical).toMatch(/^[A-Za-z0-9._~%=&-]*$/);
      const read = canonical === "" ? [] : canonical.split("&").map((pair) => pair.split("=").map(decodeURIComponent));
      expect(new Map(read as [string, string][])).toEqual(new Map(pairs));
    }),
  );
});
