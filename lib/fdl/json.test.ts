import { describe, expect, test } from "vitest";
import { isArray, isObject, type Json, type JsonObject, merge, own, setOwn } from "./json.ts";

const parse = (text: string): JsonObject => JSON.parse(text);

test.each<[Json | undefined, boolean, boolean]>([
  [{}, true, false],
  [{ a: 1 }, true, false],
  [[], false, true],
  [[{}], false, true],
  [null, false, false],
  ["", false, false],
  ["{}", false, false],
  [0, false, false],
  [true, false, false],
  [undefined, false, false],
])("%j is an object: %s, an array: %s", (value, object, array) => {
  expect(isObject(value)).toBe(object);
  expect(isArray(value)).toBe(array);
});

describe("own keys", () => {
  test("are read, also when they are called like the prototype's", () => {
    const object = parse('{"a": null, "__proto__": 1, "constructor": 2}');
    expect([own(object, "a"), own(object, "__proto__"), own(object, "constructor")]).toEqual([null, 1, 2]);
  });

  test.each(["b", "__proto__", "constructor", "toString", ""])("%j is none of an object without it", (key) => {
    expect(own({ a: 1 }, key)).toBeUndefined();
  });

  test("are set, also when they are called like the prototype's, and can be set again", () => {
    const object: Record<string, Json> = {};
    for (const key of ["a", "__proto__", "constructor"]) setOwn(object, key, 1);
    for (const key of ["a", "__proto__", "constructor"]) setOwn(object, key, { b: key });
    expect(JSON.stringify(object)).toBe(
      '{"a":{"b":"a"},"__proto__":{"b":"__proto__"},"constructor":{"b":"constructor"}}',
    );
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    const data = { writable: true, enumerable: true, configurable: true };
    expect(Object.getOwnPropertyDescriptor(object, "__proto__")).toEqual({ value: { b: "__proto__" }, ...data });
  });
});

test("merging is shallow, and the second object's keys win", () => {
  expect(merge({ a: { x: 1 }, b: 1 }, { a: { y: 2 }, c: 3 })).toEqual({ a: { y: 2 }, b: 1, c: 3 });
  expect(JSON.stringify(merge(parse('{"__proto__": 1}'), { a: 2 }))).toBe('{"__proto__":1,"a":2}');
});
