/** Truth, and what is missing or wrong, in conditions (fdl.md §4, §10 rows 6, 45, 49). */
import { describe, expect, it } from "vitest";
import { columnOf, problems } from "./definition.ts";
import { run } from "./run.ts";
import { taken } from "./taken.ts";

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

  it.each([`"a" in "abc"`, `1 in 1`, `1 in null`, `1 in $.o`, `null in $.o`, `[1] in $.o`])(
    "[COND-14] %s is an error",
    (condition) => {
      const data = { o: { k: 0 } };
      expect([taken(condition, data), taken(`!(${condition})`, data), taken(`${condition} || true`, data)]).toEqual([
        false,
        false,
        false,
      ]);
    },
  );
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
    expect([taken(`!((${condition}) && false)`, data), taken(`!(false && (${condition}))`, data)]).toEqual([
      true,
      true,
    ]);
    expect([taken(`(${condition}) || false`, data), taken(`!((${condition}) || false)`, data)]).toEqual([false, false]);
    expect([taken(`(${condition}) && true`, data), taken(`!((${condition}) && true)`, data)]).toEqual([false, false]);
    expect([taken(`(${condition}) || $.missing`, data), taken(`(${condition}) && $.missing`, data)]).toEqual([
      false,
      false,
    ]);
  });

  it("[COND-17] a guard on a missing key does not loop", () => {
    expect(taken(`$.marker != ""`)).toBe(false);
    expect(taken(`$.marker != ""`, { marker: "" })).toBe(false);
    expect(taken(`$.marker != ""`, { marker: "next" })).toBe(true);
    expect(
      taken(`$.has_more && ($.event_id >= 4000 || $.total >= $.threshold)`, { has_more: true, total: 5, threshold: 5 }),
    ).toBe(true);
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
