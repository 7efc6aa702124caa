/** What a condition is made of (fdl.md §4). Each is asked by a flow with one choice. */
import { describe, expect, it } from "vitest";
import { problems } from "./definition.ts";
import { taken } from "./taken.ts";

describe("values, precedence, paths", () => {
  it.each([
    `1 == 1.0`,
    `12.5 > 12`,
    `"a\\u00e9\\n" == "aé\\n"`,
    `"say \\"x\\"" == 'say "x"'`,
    '`a\\n` == "a\\\\n"',
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

  const DATA = {
    a: { b: { c: 1 } },
    list: [10, { k: 20 }],
    "a-b": 3,
    "with space": 4,
    rows: [{ id: 1 }, { id: 2 }, {}],
  };
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
    expect(problems(`- {type: choice, name: c, choices: [{condition: "$.a-b == 3"}]}`)).toEqual([
      expect.stringMatching(/^4:\d+ error c: /),
    ]);
  });
});
