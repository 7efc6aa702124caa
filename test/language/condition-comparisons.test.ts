/** Comparisons in conditions (fdl.md §4, §10 rows 5, 44, 46). */
import { describe, expect, it } from "vitest";
import { taken } from "./taken.ts";

/** `==` holds and `!=` does not. */
const equal = (left: string, right: string) => [taken(`${left} == ${right}`), taken(`${left} != ${right}`)];

describe("comparisons", () => {
  it.each([
    [`1 == 1`, true],
    [`1 == 2`, false],
    [`1 != 2`, true],
    [`2 < 10`, true],
    [`10 <= 10`, true],
    [`10 < 10`, false],
    [`11 > 10`, true],
    [`10 >= 11`, false],
    [`-1 < 1`, true],
    [`0.1 == 0.10`, true],
  ])("[COND-04] %s is %s", (condition, value) => {
    expect(taken(condition)).toBe(value);
  });

  it.each([
    [`"a" == "a"`, true],
    [`"a" == "A"`, false],
    [`"a" != "A"`, true],
    [`"1" == "1.0"`, false],
    [`"true" == "TRUE"`, false],
    [`"" == ""`, true],
    [`"a" < "b"`, true],
    [`"B" < "a"`, true],
    [`"10" < "9"`, true],
    [`"a" < "ab"`, true],
    [`"b" > "ab"`, true],
    [`"b" <= "b"`, true],
    [`"b" >= "c"`, false],
  ])("[COND-05] %s is %s", (condition, value) => {
    expect(taken(condition)).toBe(value);
  });

  it.each([
    [`1 == "1"`, true],
    [`"1.0" == 1`, true],
    [`1 != "1"`, false],
    [`9 < "10"`, true],
    [`"10" > 9`, true],
    [`"10" <= 9`, false],
    [`1 >= "1e0"`, true],
    [`1 == "x"`, false],
    [`1 != "x"`, true],
  ])("[COND-06] %s is %s", (condition, value) => {
    expect(taken(condition)).toBe(value);
  });

  it.each([
    [`5 == "5"`, true],
    [`-5 == "-5"`, true],
    [`5.25 == "5.25"`, true],
    [`500 == "5e2"`, true],
    [`500 == "5e+2"`, true],
    [`0.05 == "5e-2"`, true],
    [`5 == "05"`, true],
    [`5 == " 5"`, false],
    [`5 == "5 "`, false],
    [`5 == "+5"`, false],
    [`5 == "5."`, false],
    [`0.5 == ".5"`, false],
    [`16 == "0x10"`, false],
    [`0 == ""`, false],
    [`1000 == "1,000"`, false],
    [`5 == "5e"`, false],
    [`0 == "-"`, false],
  ])("[COND-07] %s is %s", (condition, value) => {
    expect(taken(condition)).toBe(value);
  });

  it.each([
    [`true`, `"true"`],
    [`true`, `"TRUE"`],
    [`"True"`, `true`],
    [`false`, `"false"`],
    [`false`, `"FALSE"`],
    [`true`, `1`],
    [`true`, `2`],
    [`false`, `0`],
    [`null`, `false`],
    [`null`, `"false"`],
    [`null`, `0`],
    [`null`, `null`],
    [`true`, `"7"`],
    [`false`, `"0"`],
    [`true`, `true`],
  ])("[COND-08] %s equals %s", (left, right) => {
    expect([equal(left, right), equal(right, left)]).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it.each([
    [`true`, `false`],
    [`true`, `"false"`],
    [`true`, `0`],
    [`false`, `1`],
    [`null`, `true`],
    [`null`, `"true"`],
    [`null`, `1`],
    [`true`, `"yes"`],
    [`false`, `""`],
    [`null`, `""`],
    [`null`, `"x"`],
    [`null`, `[]`],
    [`false`, `[]`],
  ])("[COND-08] %s does not equal %s", (left, right) => {
    expect([equal(left, right), equal(right, left)]).toEqual([
      [false, true],
      [false, true],
    ]);
  });

  it.each([
    [`$.a == $.b`, true],
    [`$.a != $.b`, false],
    [`$.a == $.c`, false],
    [`$.a != $.c`, true],
    [`$.l == [1, [2]]`, true],
    [`$.l == [1, ["2"]]`, false],
    [`$.l == [1]`, false],
    [`$.a == "{}"`, false],
    [`$.a == 1`, false],
    [`$.a != 1`, true],
    [`$.l == $.a`, false],
  ])("[COND-10] %s is %s", (condition, value) => {
    expect(taken(condition, { a: { x: 1, y: [2] }, b: { y: [2], x: 1 }, c: { x: 1 }, l: [1, [2]] })).toBe(value);
  });

  const UNORDERED = [
    `true < false`,
    `true <= true`,
    `null < 1`,
    `1 < true`,
    `"x" < 1`,
    `1 >= "x"`,
    `[] < [1]`,
    `$.o <= $.o`,
    `"true" > false`,
  ];
  it.each(UNORDERED)("[COND-11] %s is an error", (condition) => {
    const data = { o: {} };
    // an error is not false: neither the condition nor its opposite holds, nor does anything behind it
    expect([taken(condition, data), taken(`!(${condition})`, data), taken(`${condition} || true`, data)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
