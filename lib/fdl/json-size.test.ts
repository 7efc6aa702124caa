import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "./json.ts";
import { sizeOf } from "./json-size.ts";

const bytes = (value: Json) => Buffer.byteLength(JSON.stringify(value));

describe("the size of a value", () => {
  test.each<[Json, number]>([
    [null, 4],
    [true, 4],
    [false, 5],
    [0, 1],
    [-0, 1],
    [-12.5, 5],
    [1e21, 5],
    [1.5e-7, 6],
    [Number.POSITIVE_INFINITY, 4],
    [Number.NEGATIVE_INFINITY, 4],
    [Number.NaN, 4],
    ["", 2],
    ["abc", 5],
    [[], 2],
    [{}, 2],
    [[1], 3],
    [[1, 2], 5],
    [[[]], 4],
    [[1, [2, [3]], []], 14],
    [{ a: 1 }, 7],
    [{ a: 1, b: 2 }, 13],
    [{ "": { é: [] } }, 14],
  ])("%j: %i", (value, size) => {
    expect(sizeOf(value)).toBe(size);
    expect(bytes(value)).toBe(size);
  });

  test("every UTF-16 code unit alone counts as JSON.stringify writes it", () => {
    for (let code = 0; code <= 0xffff; code += 1) {
      const text = String.fromCharCode(code);
      if (sizeOf(text) !== bytes(text))
        expect.fail(`U+${code.toString(16)}: ${sizeOf(text)} instead of ${bytes(text)}`);
    }
  });

  test.each([
    ["\ud800\udc00", 6],
    ["\udbff\udfff", 6],
    ["\udc00\ud800", 14],
    ["\udc00\udc00", 14],
    ["\ud800\ud800\udc00", 12],
    ["\ud800\udc00\udc00", 12],
    ["\ud800", 8],
    ["\ud800a", 9],
    ["\ud800\u0800", 11],
    ["\ud800\udbff", 14],
    ["\ud800\ue000", 11],
    ["a\udfff", 9],
    ["😀😀", 10],
  ])("surrogates, paired or alone: %j is %i", (text, size) => {
    expect(sizeOf(text)).toBe(size);
    expect(bytes(text)).toBe(size);
  });

  test("is that of its JSON text", () => {
    const text = fc.string({ unit: "binary" });
    const raw = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
    const key = fc.oneof(text, raw, fc.constantFrom("__proto__", "toJSON", "constructor"));
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(fc.constant(null), fc.boolean(), fc.double(), fc.integer(), text, raw),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
      ),
    }));
    fc.assert(
      fc.property(value, (value) => {
        expect(sizeOf(value)).toBe(bytes(value));
        expect(sizeOf(value)).toBe(bytes(value));
      }),
      { numRuns: 1000 },
    );
  });

  test("counts own keys called __proto__", () => {
    expect(sizeOf(JSON.parse('{"__proto__":{"a":1}}'))).toBe(21);
  });

  test("of shared parts is answered at once, however long the text would be", () => {
    let value: Json = "ab";
    let size = 4;
    for (let doubling = 0; doubling < 40; doubling += 1) {
      value = doubling % 2 === 0 ? [value, value] : { a: value, b: value };
      size = 2 * size + (doubling % 2 === 0 ? 3 : 11);
    }
    expect(sizeOf(value)).toBe(size);
    expect(size).toBeGreaterThan(2 ** 42);
  });

  test("past what a float counts exactly is still a number", () => {
    let value: Json = ["ab"];
    for (let doubling = 0; doubling < 2000; doubling += 1) value = [value, value];
    expect(sizeOf(value)).toBe(Number.POSITIVE_INFINITY);
  });

  test("of a deep value needs no stack", () => {
    let value: Json = 1;
    for (let level = 0; level < 100_000; level += 1) value = level % 2 === 0 ? [value] : { a: value };
    expect(sizeOf(value)).toBe(1 + 50_000 * 2 + 50_000 * 6);
  });

  test("of a wide value needs no stack either", () => {
    expect(sizeOf(Array.from({ length: 300_000 }, () => [1]))).toBe(300_000 * 4 + 1);
  });
});
