import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equal, order, same, toBoolean, toNumber } from "./compare.ts";
import type { Json } from "./json.ts";

const hostile = (text: string): Json => JSON.parse(text);

describe("a value as a number (fdl.md §10 row 46)", () => {
  test.each<[Json, number]>([
    [0, 0],
    [-1.5, -1.5],
    ["0", 0],
    ["-0", -0],
    ["12", 12],
    ["-12.50", -12.5],
    ["007", 7],
    ["1e3", 1000],
    ["1e+3", 1000],
    ["-1.5e-1", -0.15],
    ["9007199254740993", 9007199254740992],
    ["1e400", Number.POSITIVE_INFINITY],
  ])("%j is %d", (value, number) => {
    expect(toNumber(value)).toBe(number);
  });

  test.each<Json>([
    "",
    " ",
    " 1",
    "1 ",
    "1\n",
    "+1",
    "--1",
    "- 1",
    "1.",
    ".5",
    "-",
    "1e",
    "1e+",
    "1E3",
    "0x10",
    "1_000",
    "1,5",
    "1.2.3",
    "Infinity",
    "NaN",
    "true",
    "x1",
    "1x",
    "١",
    true,
    false,
    null,
    [],
    [1],
    {},
  ])("%j is none", (value) => {
    expect(toNumber(value)).toBeUndefined();
  });
});

describe("a value as a boolean", () => {
  test.each<Json>([true, "true", "TRUE", "True", "tRuE", 1, -1, 0.1, "1", "-1", "0.1", "1e400"])(
    "%j is true",
    (value) => {
      expect(toBoolean(value)).toBe(true);
    },
  );

  test.each<Json>([false, "false", "FALSE", "False", "fAlSe", null, 0, -0, "0", "-0", "0.0", "0e5"])(
    "%j is false",
    (value) => {
      expect(toBoolean(value)).toBe(false);
    },
  );

  test.each<Json>(["", "yes", "no", "t", "f", "true ", " false", "null", "w", [], [true], {}, { true: true }])(
    "%j is neither",
    (value) => {
      expect(toBoolean(value)).toBeUndefined();
    },
  );
});

describe("== in both directions (the table of fdl.md §4)", () => {
  test.each<[Json, Json]>([
    [1, 1],
    [0, -0],
    [1, "1"],
    [1, "1.0"],
    [1000, "1e3"],
    [-1, "-1"],
    ["a", "a"],
    ["", ""],
    [true, true],
    [false, false],
    [true, "true"],
    [true, "TRUE"],
    [false, "false"],
    [false, "False"],
    [true, 1],
    [true, 2],
    [true, "2"],
    [false, 0],
    [false, "0"],
    [null, null],
    [null, false],
    [null, "false"],
    [null, 0],
    [null, "0.0"],
    [[], []],
    [{}, {}],
    [{ a: [1, null] }, { a: [1, null] }],
  ])("%j equals %j", (left, right) => {
    expect(equal(left, right)).toBe(true);
    expect(equal(right, left)).toBe(true);
  });

  test.each<[Json, Json]>([
    [1, 2],
    [1, "2"],
    [1, ""],
    [1, "one"],
    [1, "0x1"],
    [1, "true"],
    [0, "false"],
    ["1", "1.0"],
    ["a", "A"],
    ["true", "TRUE"],
    [true, false],
    [true, "false"],
    [true, 0],
    [true, ""],
    [true, "x"],
    [false, ""],
    [false, "x"],
    [false, 1],
    [null, true],
    [null, "true"],
    [null, 1],
    [null, ""],
    [null, "null"],
    [null, []],
    [null, {}],
    [true, []],
    [true, [true]],
    [false, {}],
    [1, []],
    [1, [1]],
    ["1", [1]],
    ["a", ["a"]],
    [[], {}],
    [[1], ["1"]],
    [{ a: 1 }, { a: true }],
  ])("%j does not equal %j", (left, right) => {
    expect(equal(left, right)).toBe(false);
    expect(equal(right, left)).toBe(false);
  });
});

describe("< and its kin", () => {
  test.each<[Json, Json]>([
    [1, 2],
    [-2, -1],
    [0.1, 0.2],
    [9, "10"],
    ["9", 10],
    ["-1", 0],
    [5, "1e400"],
    ["10", "9"],
    ["a", "b"],
    ["", "a"],
    ["Z", "a"],
    ["a", "aa"],
    ["1.0", "1e0"],
  ])("%j comes before %j", (left, right) => {
    expect(order(left, right)).toBe(-1);
    expect(order(right, left)).toBe(1);
  });

  test.each<[Json, Json]>([
    [1, 1],
    [0, -0],
    [1, "1.0"],
    ["1e400", Number.POSITIVE_INFINITY],
    ["a", "a"],
    ["", ""],
  ])("%j and %j are level", (left, right) => {
    expect(order(left, right)).toBe(0);
    expect(order(right, left)).toBe(0);
  });

  test.each<[Json, Json]>([
    ["w", 1],
    ["", 1],
    [true, false],
    [true, true],
    [true, "true"],
    [true, 1],
    [null, null],
    [null, 0],
    [null, "a"],
    [[], []],
    [[1], 1],
    [{}, {}],
    [{}, "a"],
  ])("%j and %j have no order", (left, right) => {
    expect(order(left, right)).toBeUndefined();
    expect(order(right, left)).toBeUndefined();
  });
});

describe("deep equality", () => {
  test.each<[Json, Json]>([
    [1, "1"],
    [true, "true"],
    [null, false],
    [null, {}],
    [[], {}],
    [{}, []],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [[1, 2], [1]],
    [
      [1, 2],
      [1, 3],
    ],
    [
      [2, 1],
      [3, 1],
    ],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }],
    [{ toString: null }, { valueOf: null }],
    [[1], { "0": 1 }],
    [[], ""],
    [["a"], "a"],
  ])("%j is not %j", (left, right) => {
    expect(same(left, right)).toBe(false);
    expect(same(right, left)).toBe(false);
  });

  test("takes no notice of the order of keys", () => {
    expect(same({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  });

  test("sees own keys only", () => {
    expect(same(hostile('{"__proto__": 1}'), hostile('{"__proto__": 1}'))).toBe(true);
    expect(same(hostile('{"__proto__": 1}'), hostile('{"__proto__": 2}'))).toBe(false);
    expect(same(hostile('{"__proto__": {}}'), { a: {} })).toBe(false);
  });

  test("holds exactly for values of the same JSON", () => {
    const small = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Json[]>(null, true, 0, 1, "", "1"),
        fc.array(tie("value"), { maxLength: 2 }),
        fc
          .uniqueArray(tie("value"), { maxLength: 2 })
          .map((values): Json => Object.fromEntries(values.map((value, at) => [`k${at}`, value]))),
      ),
    })).value;
    fc.assert(
      fc.property(small, small, (left, right) => {
        expect(same(left, right)).toBe(JSON.stringify(left) === JSON.stringify(right));
        expect(same(left, JSON.parse(JSON.stringify(left)))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("goes deeper than any stack", () => {
    const deep = (bottom: Json) => {
      let value = bottom;
      for (let level = 0; level < 100_000; level += 1) value = level % 2 === 0 ? [value] : { a: value };
      return value;
    };
    expect(same(deep(1), deep(1))).toBe(true);
    expect(same(deep(1), deep(2))).toBe(false);
  });
});
