import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Comparison, type Condition, parseCondition, satisfied } from "./condition.ts";
import type { Json } from "./json.ts";
import type { Path } from "./path.ts";

const holds = (text: string, input: Json = {}) => satisfied(parseCondition(text), input);

describe("conditions of real flows (fdl.md §4)", () => {
  test.each<[string, Json, boolean]>([
    ['$.status == "succeeded"', { status: "succeeded" }, true],
    ['$.status == "succeeded"', { status: "failed" }, false],
    ['$.status == "succeeded"', {}, false],
    ['$.marker != ""', { marker: "x" }, true],
    ['$.marker != ""', { marker: "" }, false],
    ['$.marker != ""', {}, false],
    ["$.hasMore", { hasMore: true }, true],
    ["$.hasMore", { hasMore: false }, false],
    ["$.faceCount == 1", { faceCount: 1 }, true],
    ["$.offset_bytes != -1", { offset_bytes: -1 }, false],
    ["$.offset_bytes != -1", { offset_bytes: 1 }, true],
    ["$.total_size <= $.small_file_limit", { total_size: 5, small_file_limit: 5 }, true],
    ["$.total_size <= $.small_file_limit", { total_size: 6, small_file_limit: 5 }, false],
    ["$.detectFaceData.FaceCount == 0", { detectFaceData: { FaceCount: 0 } }, true],
    ["$.fdl_wait > 0", { fdl_wait: 0.5 }, true],
    ["$.fdl_wait > 0", { fdl_wait: 0 }, false],
    ["$.key1==$.key2", { key1: "a", key2: "a" }, true],
    ['$.audited == "true"', { audited: true }, true],
    ['$.end == "true"', { end: false }, false],
    ["$.n == 2", { user: "ann", n: 2 }, true],
  ])("%s of %j", (text, input, expected) => {
    expect(holds(text, input)).toBe(expected);
  });

  test.each<[Json, boolean]>([
    [{ has_more: true, total_group_count: 5, total_group_threshold: 5 }, true],
    [{ has_more: true, total_group_count: 4, total_group_threshold: 5 }, false],
    [{ has_more: false, total_group_count: 5, total_group_threshold: 5 }, false],
    [{ has_more: true, event_id: 4000 }, true],
    [{ has_more: true, event_id: 3999 }, false],
  ])("a missing event_id does not hide the other reason to go on: %j", (input, expected) => {
    const text = "$.has_more && ($.event_id >= 4000 || $.total_group_count >= $.total_group_threshold)";
    expect(holds(text, input)).toBe(expected);
  });
});

describe("each comparison", () => {
  test.each<[Comparison, boolean, boolean, boolean]>([
    ["==", false, true, false],
    ["!=", true, false, true],
    ["<", true, false, false],
    ["<=", true, true, false],
    [">", false, false, true],
    [">=", false, true, true],
  ])("%s of 1 with 2, 1, 0: %s, %s, %s", (operator, two, one, zero) => {
    expect([2, 1, 0].map((number) => holds(`1 ${operator} $.x`, { x: number }))).toEqual([two, one, zero]);
    const texts = ['"c"', '"b"', '"a"'];
    expect(texts.map((text) => holds(`"b" ${operator} ${text}`))).toEqual([two, one, zero]);
  });

  test.each<[string, boolean]>([
    ["1 in [1, 2]", true],
    ["3 in [1, 2]", false],
    ["1 in []", false],
    ['1 in ["1"]', false],
    ["true in [1]", false],
    ["null in [false]", false],
    ["null in [null]", true],
    ["[1] in [[1]]", true],
    ['$.object in [$.same, "x"]', true],
    ["$.list in [$.list]", true],
    ["2 in $.list", true],
    ["3 in $.list", false],
    ['"a" in $.rows[*].name', true],
    ['"c" in $.rows[*].name', false],
    ['"a" in $.object', true],
    ['"b" in $.object', false],
    ['"constructor" in $.object', false],
    ['"__proto__" in $.object', false],
    ['"object" in $', true],
    ['"nothing" in $', true],
  ])("%s: %s", (text, expected) => {
    const input = {
      list: [1, 2],
      object: { a: { b: 1 } },
      same: { a: { b: 1 } },
      rows: [{ name: "a" }, { name: "b" }],
      nothing: null,
    };
    expect(holds(text, input)).toBe(expected);
    expect(holds(`!(${text})`, input)).toBe(!expected);
  });
});

// What a condition comes to cannot be asked for: these three conditions tell the four outcomes apart.
type Outcome = "true" | "false" | "unknown" | "error";
function outcome(text: string, input: Json = {}): Outcome {
  if (holds(text, input)) return "true";
  if (holds(`!(${text})`, input)) return "false";
  return holds(`(${text}) || true`, input) ? "unknown" : "error";
}

describe("outcomes", () => {
  test.each<[string, Outcome]>([
    // and, or
    ["true && true", "true"],
    ["true && false", "false"],
    ["false && true", "false"],
    ["false && false", "false"],
    ["true || false", "true"],
    ["false || true", "true"],
    ["true || true", "true"],
    ["false || false", "false"],
    // their operands convert
    ['1 && "true"', "true"],
    ['"0" || 0', "false"],
    ["null || null", "false"],
    ['null && "w"', "false"],
    ['0 || "TRUE"', "true"],
    ["-1 && 1", "true"],
    ['"w" && true', "error"],
    ['true && "w"', "error"],
    ['"w" || true', "error"],
    ['false || "w"', "error"],
    ["[] || true", "error"],
    ["true && $", "error"],
    // short circuits hide what stands behind them, not before
    ['false && "w" < 1', "false"],
    ['true || "w" < 1', "true"],
    ['"w" < 1 || true', "error"],
    ['"w" < 1 && false', "error"],
    ['true && "w" < 1', "error"],
    ['false || "w" < 1', "error"],
    // unknown
    ["$.missing", "unknown"],
    ["$.list[5]", "unknown"],
    ["$.list.key", "unknown"],
    ["$.missing || true", "true"],
    ["true || $.missing", "true"],
    ["$.missing || false", "unknown"],
    ["false || $.missing", "unknown"],
    ["$.missing || $.missing", "unknown"],
    ["$.missing && false", "false"],
    ["false && $.missing", "false"],
    ["$.missing && true", "unknown"],
    ["true && $.missing", "unknown"],
    ["$.missing && $.missing", "unknown"],
    ['$.missing && "w" < 1', "error"],
    ['$.missing || "w" < 1', "error"],
    ['$.missing && "w"', "error"],
    ['$.missing || "w"', "error"],
    ["!$.missing", "unknown"],
    ["!!$.missing", "unknown"],
    ["-$.missing", "unknown"],
    ["$.missing == 1", "unknown"],
    ["1 == $.missing", "unknown"],
    ['$.missing != "x"', "unknown"],
    ["$.missing == $.missing", "unknown"],
    ["$.missing < 1", "unknown"],
    ['$.missing < "w"', "unknown"],
    ["1 >= $.missing", "unknown"],
    ["$.missing in [1]", "unknown"],
    ["$.missing in 1", "unknown"],
    ['"a" in $.missing', "unknown"],
    ["1 in $.missing", "unknown"],
    ["1 in [1, $.missing]", "unknown"],
    ["[$.missing] == []", "unknown"],
    ["[$.missing, 1] == [1]", "unknown"],
    ["$.missing == -true", "error"],
    ["-true == $.missing", "error"],
    // a wildcard finds nothing, which is an array
    ["$.missing[*] == []", "true"],
    ["1 in $.missing[*]", "false"],
    // prefixes
    ["!true", "false"],
    ["!false", "true"],
    ['!"true"', "false"],
    ["!0", "true"],
    ["!null", "true"],
    ["!$.object", "error"],
    ['!"w"', "error"],
    ["!!1 == true", "true"],
    ["-1 == -1.0", "true"],
    ['-"5" == -5', "true"],
    ["--5 == 5", "true"],
    ["-0", "false"],
    ["-true", "error"],
    ["-null", "error"],
    ['-"w"', "error"],
    ["-$.list", "error"],
    ['-(-"w")', "error"],
    ['!("w" < 1)', "error"],
    // comparisons without an order
    ['"w" < 1', "error"],
    ["true < false", "error"],
    ["null <= null", "error"],
    ["$.list > 1", "error"],
    ["$.object >= $.object", "error"],
    ['("w" < 1) == 1', "error"],
    ['1 == ("w" < 1)', "error"],
    ['"w" == 1', "false"],
    ['"w" != 1', "true"],
    ["$.list == $.list", "true"],
    ["$.list != $.list", "false"],
    ["$.object != 5", "true"],
    // in
    ["1 in $.object", "error"],
    ["null in $.object", "error"],
    ["1 in 1", "error"],
    ['"a" in "abc"', "error"],
    ['"a" in null', "error"],
    ['"w" in [-"w"]', "error"],
    ["[-true, $.missing] == 1", "error"],
    ["[$.missing, -true] == 1", "error"],
    // values that are no condition
    ['"w"', "error"],
    ['""', "error"],
    ["[]", "error"],
    ["$", "error"],
    ["$.object", "error"],
    ["$.list[*]", "error"],
    ["5", "true"],
    ['"true"', "true"],
    ['"False"', "false"],
    ["null", "false"],
    // chains
    ["1 < 2 == true", "true"],
    ["3 > 2 > 0", "error"],
    ["1 == 1 == 1", "true"],
    ["1 in [1] != false", "true"],
  ])("%s is %s", (text, expected) => {
    expect(outcome(text, { list: [1, 2], object: { a: 1 } })).toBe(expected);
  });

  test.each<[string, Json, Outcome]>([
    ["$", true, "true"],
    ["$", "false", "false"],
    ["$ == 5", 5, "true"],
    ["$.a", [], "unknown"],
    ["$[0] == 1", [1], "true"],
  ])("%s of the input %j is %s: an input may be any value", (text, input, expected) => {
    expect(outcome(text, input)).toBe(expected);
  });
});

describe("deciding is total", () => {
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
    const path: fc.Arbitrary<Path> = fc.constantFrom<Path[]>(
      [],
      [{ kind: "key", key: "a" }],
      [
        { kind: "key", key: "b" },
        { kind: "index", index: -1 },
      ],
      [{ kind: "all" }, { kind: "all" }],
      [{ kind: "key", key: "__proto__" }],
    );
    const operand = tie("condition");
    return {
      condition: fc.oneof(
        { maxDepth: 6 },
        fc
          .oneof(fc.constant(null), fc.boolean(), fc.constantFrom(0, 1, "0", "true", "", "w"))
          .map((value): Condition => ({ kind: "literal", value })),
        path.map((path): Condition => ({ kind: "path", path })),
        fc.array(operand, { maxLength: 3 }).map((items): Condition => ({ kind: "array", items })),
        fc.record({ kind: fc.constantFrom("not", "negate"), operand }),
        fc.record({ kind: fc.constantFrom("and", "or"), left: operand, right: operand }),
        fc.record({
          kind: fc.constant("compare"),
          operator: fc.constantFrom("==", "!=", "<", "<=", ">", ">=", "in"),
          left: operand,
          right: operand,
        }),
      ),
    };
  });
  const input = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)));
  const not = (operand: Condition): Condition => ({ kind: "not", operand });

  test("for every condition and input there is an answer, and not both it and its negation hold", () => {
    fc.assert(
      fc.property(condition, input, (condition, input) => {
        expect([satisfied(condition, input), satisfied(not(condition), input)]).not.toEqual([true, true]);
      }),
      { numRuns: 2000 },
    );
  });

  test("!(a && b) is !a || !b, also of unknown and erroneous operands", () => {
    fc.assert(
      fc.property(condition, condition, input, (left, right, input) => {
        const both: Condition = { kind: "and", left, right };
        const either: Condition = { kind: "or", left: not(left), right: not(right) };
        expect(satisfied(not(both), input)).toBe(satisfied(either, input));
        expect(satisfied(both, input)).toBe(satisfied(not(either), input));
      }),
      { numRuns: 2000 },
    );
  });

  test("the longest and the deepest condition that parse are decided", () => {
    expect(holds(`1${" && 1".repeat(1000)}`)).toBe(true);
    expect(holds(`1${" == 1".repeat(1000)}`)).toBe(true);
    expect(holds(`${"!(".repeat(100)}1${")".repeat(100)}`)).toBe(true);
  });
});
