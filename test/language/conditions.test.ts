/** Conditions of choices (fdl.md §4, §10 rows 5, 6, 43 to 46, 49). Each is asked by a flow with one choice. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../lib/fdl/json.ts";
import { columnOf, problems, run } from "./run.ts";

/** True when the choice took the entry with that condition. */
function taken(condition: string, input: { readonly [key: string]: Json } = {}): boolean {
  const { status, output } = run(
    `- {type: choice, name: c, choices: [{condition: ${JSON.stringify(condition)}, steps: [{type: pass, name: y, outputMappings: [{target: yes, source: 1}]}]}]}`,
    { input },
  );
  expect(status).toBe("Succeeded");
  return Object.hasOwn(Object(output), "yes");
}

/** `==` holds and `!=` does not. */
const equal = (left: string, right: string) => [taken(`${left} == ${right}`), taken(`${left} != ${right}`)];

describe("values, precedence, paths", () => {
  it.each([
    `1 == 1.0`,
    `12.5 > 12`,
    `"a\\u00e9\\n" == "aé\\n"`,
    `"say \\"x\\"" == 'say "x"'`,
    "`a\\n` == \"a\\\\n\"",
    `'x' == "x"`,
    `true`,
    `!false`,
    `null == null`,
    `[1, "a", [true, null]] == [1, "a", [true, null]]`,
    `1 in [1, 2]`,
    `[] == []`,
    `((1 == 1))`,
    `$.x == 5`,
  ])("[COND-01] %s holds", (condition) => {
    expect(taken(condition, { x: 5 })).toBe(true);
  });

  it.each([
    // && binds tighter than ||
    [`true || false && false`, true],
    [`(true || false) && false`, false],
    [`false && false || true`, true],
    [`false && (false || true)`, false],
    // comparisons bind tighter than &&
    [`1 == 1 && 2 == 2`, true],
    [`1 < 2 && 2 < 1 || 3 > 2`, true],
    // comparisons group from the left: (1 == 1) == true, (3 > 2) == true, (1 in [1]) == true
    [`1 == 1 == true`, true],
    [`2 == 2 == 1`, true],
    [`2 == (2 == 1)`, false],
    [`3 > 2 == true`, true],
    [`1 in [1] == true`, true],
    // prefixes bind tightest: (!false) == true, (!true) == false, (-1) < 0
    [`!false == true`, true],
    [`!true == false`, true],
    [`!(true == false)`, true],
    [`-1 < 0`, true],
    [`!!true`, true],
    [`--1 == 1`, true],
    [`!true || true`, true],
    // no blanks
    [`$.a==$.b`, true],
    [`$.a==1&&$.b==1||false`, true],
    [`  1   ==   1  `, true],
  ])("[COND-02] %s is %s", (condition, value) => {
    expect(taken(condition, { a: 1, b: 1 })).toBe(value);
  });

  const DATA = { a: { b: { c: 1 } }, list: [10, { k: 20 }], "a-b": 3, "with space": 4, rows: [{ id: 1 }, { id: 2 }, {}] };
  it.each([
    `$.a.b.c == 1`,
    `$.list[0] == 10`,
    `$.list[1].k == 20`,
    `$.list[-1].k == 20`,
    `$["a-b"] == 3`,
    `$["with space"] == 4`,
    `$['a']["b"].c == 1`,
    `2 in $.rows[*].id`,
    `"a" in $`,
    `$.rows[*].id == [1, 2]`,
  ])("[COND-03] %s holds", (condition) => {
    expect(taken(condition, DATA)).toBe(true);
  });

  it("[COND-03] .name takes no dash", () => {
    expect(problems(`- {type: choice, name: c, choices: [{condition: "$.a-b == 3"}]}`)).toEqual([expect.stringMatching(/^4:\d+ error c: /)]);
  });
});

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

  const UNORDERED = [`true < false`, `true <= true`, `null < 1`, `1 < true`, `"x" < 1`, `1 >= "x"`, `[] < [1]`, `$.o <= $.o`, `"true" > false`];
  it.each(UNORDERED)("[COND-11] %s is an error", (condition) => {
    const data = { o: {} };
    // an error is not false: neither the condition nor its opposite holds, nor does anything behind it
    expect([taken(condition, data), taken(`!(${condition})`, data), taken(`${condition} || true`, data)]).toEqual([false, false, false]);
  });
});

describe("logic", () => {
  it.each<[string, boolean | "error"]>([
    [`true`, true],
    [`"true"`, true],
    [`"TrUe"`, true],
    [`1`, true],
    [`-0.5`, true],
    [`"12"`, true],
    [`false`, false],
    [`"false"`, false],
    [`"FALSE"`, false],
    [`null`, false],
    [`0`, false],
    [`"0"`, false],
    [`"0.0"`, false],
    [`""`, "error"],
    [`"yes"`, "error"],
    [`[]`, "error"],
    [`[true]`, "error"],
    [`$`, "error"],
  ])("[COND-09] [COND-12] [COND-13] [COND-19] %s converts to %s", (operand, value) => {
    const truth = value === true;
    expect(taken(operand)).toBe(truth);
    expect(taken(`${operand} && true`)).toBe(truth);
    expect(taken(`true && ${operand}`)).toBe(truth);
    expect(taken(`${operand} || false`)).toBe(truth);
    expect(taken(`false || ${operand}`)).toBe(truth);
    expect(taken(`!${operand}`)).toBe(value === false);
    expect(taken(`${operand} || true`)).toBe(value !== "error");
  });

  it.each([
    [`true || "bad" < 1`, true],
    [`false && "bad" < 1`, false],
    [`!(false && "bad" < 1)`, true],
    [`true || [] && true`, true],
    [`"bad" < 1 || true`, false],
    [`!("bad" < 1 && false)`, false],
  ])("[COND-12] %s is %s: it stops as soon as the result is known", (condition, value) => {
    expect(taken(condition)).toBe(value);
  });

  it.each([
    [`-5 == -$.five`, true],
    [`-"5" == -5`, true],
    [`-$.text == -5`, true],
    [`-(-5) == 5`, true],
  ])("[COND-13] %s is %s", (condition, value) => {
    expect(taken(condition, { five: 5, text: "5" })).toBe(value);
  });

  it.each([`-"x"`, `-true`, `-null`, `-[]`, `-""`, `!"x"`, `![]`])("[COND-13] %s is an error", (operand) => {
    expect([taken(`${operand} == 1 || true`), taken(`!(${operand} == 1)`)]).toEqual([false, false]);
  });

  it.each([
    [`2 in [1, 2]`, true],
    [`3 in [1, 2]`, false],
    [`!(3 in [1, 2])`, true],
    [`"2" in [1, 2]`, false],
    [`$.o in [$.p, 1]`, true],
    [`[1] in [[1]]`, true],
    [`null in [null]`, true],
    [`2 in []`, false],
    [`$.x in $.list`, true],
    [`"k" in $.o`, true],
    [`"l" in $.o`, false],
    [`!("l" in $.o)`, true],
    [`"constructor" in $.o`, false],
  ])("[COND-14] %s is %s", (condition, value) => {
    expect(taken(condition, { o: { k: 0 }, p: { k: 0 }, list: [7, 8], x: 8 })).toBe(value);
  });

  it.each([`"a" in "abc"`, `1 in 1`, `1 in null`, `1 in $.o`, `null in $.o`, `[1] in $.o`])("[COND-14] %s is an error", (condition) => {
    const data = { o: { k: 0 } };
    expect([taken(condition, data), taken(`!(${condition})`, data), taken(`${condition} || true`, data)]).toEqual([false, false, false]);
  });
});

describe("missing paths and errors", () => {
  const UNKNOWN = [
    `$.missing`,
    `!$.missing`,
    `-$.missing == 1`,
    `$.missing == "x"`,
    `$.missing != "x"`,
    `"x" != $.missing`,
    `$.missing == $.missing`,
    `$.missing < 1`,
    `$.missing >= 1`,
    `$.missing in [1]`,
    `1 in $.missing`,
    `$.missing == null`,
    `$.a.missing != 1`,
    `$.list[5] != 1`,
    `$.list[-4] != 1`,
    `$.list.k != 1`,
    `$.text.length != 1`,
  ];
  const data = { a: {}, list: [1, 2, 3], text: "abc" };
  it.each(UNKNOWN)("[COND-15] [COND-16] [COND-17] %s is unknown", (condition) => {
    const opposite = `!(${condition})`;
    expect([taken(condition, data), taken(opposite, data)]).toEqual([false, false]);
    expect([taken(`(${condition}) || true`, data), taken(`true || (${condition})`, data)]).toEqual([true, true]);
    expect([taken(`!((${condition}) && false)`, data), taken(`!(false && (${condition}))`, data)]).toEqual([true, true]);
    expect([taken(`(${condition}) || false`, data), taken(`!((${condition}) || false)`, data)]).toEqual([false, false]);
    expect([taken(`(${condition}) && true`, data), taken(`!((${condition}) && true)`, data)]).toEqual([false, false]);
    expect([taken(`(${condition}) || $.missing`, data), taken(`(${condition}) && $.missing`, data)]).toEqual([false, false]);
  });

  it("[COND-17] a guard on a missing key does not loop", () => {
    expect(taken(`$.marker != ""`)).toBe(false);
    expect(taken(`$.marker != ""`, { marker: "" })).toBe(false);
    expect(taken(`$.marker != ""`, { marker: "next" })).toBe(true);
    expect(taken(`$.has_more && ($.event_id >= 4000 || $.total >= $.threshold)`, { has_more: true, total: 5, threshold: 5 })).toBe(true);
  });

  it.each([
    [`"w" < 1 || true`, false],
    [`true && "w" < 1 || true`, false],
    [`!("w" < 1)`, false],
    [`("w" < 1) == false`, false],
    [`$.missing && "w" < 1 || true`, false],
    [`true || "w" < 1`, true],
  ])("[COND-18] %s is %s", (condition, value) => {
    expect(taken(condition)).toBe(value);
  });

  it("[COND-18] the next entry is asked, and the step does not fail", () => {
    const { status, output } = run(`
      - type: choice
        name: c
        choices: [{condition: '"w" < 1', goto: z}, {condition: $.missing, goto: z}, {condition: "[]", goto: z}]
        default: {steps: [{type: pass, name: d, outputMappings: [{target: d, source: 1}]}]}
      - {type: succeed, name: s}
      - {type: fail, name: z}
    `);
    expect({ status, output }).toEqual({ status: "Succeeded", output: { d: 1 } });
  });

  it.each([
    [`1 in [$.missing, 1]`, false],
    [`!(1 in [$.missing, 2])`, false],
    [`[$.missing] == [$.missing]`, false],
    [`[[$.missing]] != []`, false],
    [`1 in [$.x, 1]`, true],
  ])("[COND-20] %s is %s", (condition, value) => {
    expect(taken(condition, { x: 2 })).toBe(value);
  });

  it.each([
    `$.a +`,
    `$.a + 1 == 2`,
    `$.a * 2 == 2`,
    `$.a =~ "x"`,
    `$.a ? 1 : 2`,
    `$.a = 1`,
    `$.a === 1`,
    `$.a & $.b`,
    `1 ==`,
    `== 1`,
    `(1 == 1`,
    `1 == 1)`,
    `"open`,
    `'open`,
    "`open",
    `"bad \\x"`,
    `$.`,
    `$.a[`,
    `$[x]`,
    `$x`,
    `abc`,
    `1 2`,
    `[1, ]`,
    `[1`,
    `not $.a`,
    `1 not in [1]`,
    ``,
  ])("[COND-21] %s does not parse", (condition) => {
    expect(problems(`- {type: choice, name: c, choices: [{condition: ${JSON.stringify(condition)}}]}`)).toEqual([
      expect.stringMatching(/^4:(5\d|6\d|7\d) error c: /),
    ]);
  });

  it("[COND-21] the error names the column", () => {
    const text = `- {type: choice, name: c, choices: [{condition: $.a == 1 + 2}]}`;
    expect(problems(text)).toEqual([expect.stringMatching(new RegExp(`^4:${columnOf(text, "+")} error c: `))]);
  });
});
