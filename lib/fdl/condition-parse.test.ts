import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Comparison, type Condition, parseCondition } from "./condition.ts";
import type { Segment } from "./path.ts";

const failure = (message: string, offset: number) =>
  expect.objectContaining({ name: "ExpressionError", code: "InvalidArgument", message, offset });

const literal = (value: null | boolean | number | string): Condition => ({ kind: "literal", value });
const key = (name: string): Segment => ({ kind: "key", key: name });
const path = (...keys: string[]): Condition => ({ kind: "path", path: keys.map(key) });
const array = (...items: Condition[]): Condition => ({ kind: "array", items });
const not = (operand: Condition): Condition => ({ kind: "not", operand });
const negate = (operand: Condition): Condition => ({ kind: "negate", operand });
const and = (left: Condition, right: Condition): Condition => ({ kind: "and", left, right });
const or = (left: Condition, right: Condition): Condition => ({ kind: "or", left, right });
const compare = (left: Condition, operator: Comparison, right: Condition): Condition => ({
  kind: "compare",
  operator,
  left,
  right,
});
const [a, b, c, d] = [path("a"), path("b"), path("c"), path("d")];

describe("a condition's values", () => {
  test.each<[string, Condition]>([
    ["1", literal(1)],
    ["12.5", literal(12.5)],
    ["007", literal(7)],
    ["1e3", literal(1000)],
    ["2.5e-1", literal(0.25)],
    ["true", literal(true)],
    ["false", literal(false)],
    ["null", literal(null)],
    ['"x"', literal("x")],
    ["`x`", literal("x")],
    ["'x'", literal("x")],
    ['""', literal("")],
    ['"a && b"', literal("a && b")],
    [String.raw`"\"\u00e9"`, literal('"é')],
    ["`\\n`", literal("\\n")],
    ["$", path()],
    ["$.a", a],
    ["$.key1", path("key1")],
    ["$.a_b.c", path("a_b", "c")],
    ["$.größe", path("größe")],
    ["$.e\u0301", path("e\u0301")],
    ['$["a-b"]', path("a-b")],
    ["$['a b'].c", path("a b", "c")],
    ["$.a[0]", { kind: "path", path: [key("a"), { kind: "index", index: 0 }] }],
    ["$.a[-1]", { kind: "path", path: [key("a"), { kind: "index", index: -1 }] }],
    ["$.a[*].b", { kind: "path", path: [key("a"), { kind: "all" }, key("b")] }],
    ["$[*]", { kind: "path", path: [{ kind: "all" }] }],
    ["[]", array()],
    ["[ ]", array()],
    ["[1]", array(literal(1))],
    ['[ 1 , "a", $.a, [true], -1 ]', array(literal(1), literal("a"), a, array(literal(true)), negate(literal(1)))],
    ["[$.a || $.b]", array(or(a, b))],
    ["($.a)", a],
    ["( ( $.a ) )", a],
    ["(1)", literal(1)],
    ["-1", negate(literal(1))],
    ["- 1", negate(literal(1))],
    ["--$.a", negate(negate(a))],
    ["!$.a", not(a)],
    ["!!$.a", not(not(a))],
    ["!-$.a", not(negate(a))],
    ["-!$.a", negate(not(a))],
    ["!($.a)", not(a)],
  ])("%s", (text, condition) => {
    expect(parseCondition(text)).toEqual(condition);
  });
});

describe("a condition's operators", () => {
  const operators: readonly Comparison[] = ["==", "!=", "<", "<=", ">", ">=", "in"];

  test.each(operators)("%s compares", (operator) => {
    expect(parseCondition(`$.a ${operator} $.b`)).toEqual(compare(a, operator, b));
    expect(parseCondition(`  $.a\n${operator}\t$.b `)).toEqual(compare(a, operator, b));
  });

  test.each(operators.filter((operator) => operator !== "in"))("%s needs no blanks", (operator) => {
    expect(parseCondition(`$.a${operator}$.b`)).toEqual(compare(a, operator, b));
  });

  test.each<[string, Condition]>([
    // `||` is looser than `&&`, that looser than comparisons, those looser than prefixes.
    ["$.a || $.b && $.c", or(a, and(b, c))],
    ["$.a && $.b || $.c", or(and(a, b), c)],
    ["($.a || $.b) && $.c", and(or(a, b), c)],
    ["$.a && ($.b || $.c)", and(a, or(b, c))],
    ["$.a||$.b&&$.c||$.d", or(or(a, and(b, c)), d)],
    ["$.a == $.b && $.c < $.d", and(compare(a, "==", b), compare(c, "<", d))],
    ["$.a == ($.b && $.c)", compare(a, "==", and(b, c))],
    ["!$.a == $.b", compare(not(a), "==", b)],
    ["!($.a == $.b)", not(compare(a, "==", b))],
    ["$.a == !$.b", compare(a, "==", not(b))],
    ["-$.a < -1", compare(negate(a), "<", negate(literal(1)))],
    ["!$.a && !$.b", and(not(a), not(b))],
    // Each level takes its operands from left to right.
    ["$.a || $.b || $.c", or(or(a, b), c)],
    ["$.a && $.b && $.c", and(and(a, b), c)],
    ["$.a == $.b == $.c", compare(compare(a, "==", b), "==", c)],
    ["$.a < $.b != $.c in $.d", compare(compare(compare(a, "<", b), "!=", c), "in", d)],
    ["$.a == ($.b == $.c)", compare(a, "==", compare(b, "==", c))],
    // `in` is a word.
    ["1 in[1]", compare(literal(1), "in", array(literal(1)))],
    ['"a"in$.b', compare(literal("a"), "in", b)],
    ["$.in in $.a", compare(path("in"), "in", a)],
    ["$.a in (1)", compare(a, "in", literal(1))],
    ["$.a in -1", compare(a, "in", negate(literal(1)))],
    ["$.a>-1", compare(a, ">", negate(literal(1)))],
    ["$.a<-$.b", compare(a, "<", negate(b))],
  ])("%s", (text, condition) => {
    expect(parseCondition(text)).toEqual(condition);
  });

  test.each<[string, Condition]>([
    ['$.status == "succeeded"', compare(path("status"), "==", literal("succeeded"))],
    ['$.marker != ""', compare(path("marker"), "!=", literal(""))],
    ["$.hasMore", path("hasMore")],
    ["$.offset_bytes != -1", compare(path("offset_bytes"), "!=", negate(literal(1)))],
    ["$.total_size <= $.small_file_limit", compare(path("total_size"), "<=", path("small_file_limit"))],
    ["$.detectFaceData.FaceCount == 0", compare(path("detectFaceData", "FaceCount"), "==", literal(0))],
    ["$.key1==$.key2", compare(path("key1"), "==", path("key2"))],
    [
      "$.has_more && ($.event_id >= 4000 || $.total_group_count >= $.total_group_threshold)",
      and(
        path("has_more"),
        or(
          compare(path("event_id"), ">=", literal(4000)),
          compare(path("total_group_count"), ">=", path("total_group_threshold")),
        ),
      ),
    ],
  ])("%s, as real flows have it", (text, condition) => {
    expect(parseCondition(text)).toEqual(condition);
  });
});

describe("a text that is no condition", () => {
  const value = (what: string) =>
    `Expected a value (a path such as $.name, text in quotes, a number, true, false, null, an array or "(") but found ${what}.`;
  const operator = (end: string, what: string, hint = "") =>
    `Expected an operator (== != < <= > >= in && ||) or ${end} but found ${what}.${hint}`;
  const arithmetic = ' There is no arithmetic; a key with such a character is written $["…"].';
  const blanks = ' A key with blanks is written $["…"].';
  const root = 'A condition reads only the input of its choice: write "$.name".';

  test.each([
    ["", value("the end"), 0],
    ["  ", value("the end"), 2],
    ["$.a ==", value("the end"), 6],
    ["$.a == ", value("the end"), 7],
    ["$.a &&", value("the end"), 6],
    ["|| $.a", value('"|"'), 0],
    ["$.a == = 1", value('"="'), 7],
    ["$.a !== 1", value('"="'), 6],
    ["$.a && && $.b", value('"&"'), 7],
    ["!", value("the end"), 1],
    ["(", value("the end"), 1],
    ["()", value('")"'), 1],
    ["+1", value('"+"'), 0],
    [".5", value('"."'), 0],
    ["succeeded", value('"succeeded"'), 0],
    ["not $.a", value('"not"'), 0],
    ["truer", value('"truer"'), 0],
    ["true_", value('"true_"'), 0],
    ["falsé", value('"falsé"'), 0],
    ["null2", value('"null2"'), 0],
    ["nullé", value('"nullé"'), 0],
    ["True", value('"True"'), 0],
    ["[1,]", value('"]"'), 3],
    ["[,1]", value('","'), 1],
    ["[", value("the end"), 1],
    ["[1", operator('"," or "]"', "the end"), 2],
    ["[1 2]", operator('"," or "]"', '"2"', blanks), 3],
    ["[1)", operator('"," or "]"', '")"'), 2],
    ["($.a", operator('")"', "the end"), 4],
    ["($.a]", operator('")"', '"]"'), 4],
    ["($.a = 1)", operator('")"', '"="', ' Equality is written "==".'), 5],
    ["$.a)", operator("the end", '")"'), 3],
    ["$.a ? 1 : 2", operator("the end", '"?"'), 4],
    ["$.a = 1", operator("the end", '"="', ' Equality is written "==".'), 4],
    ["$.a =~ 1", operator("the end", '"="', ' Equality is written "==".'), 4],
    ["$.a & $.b", operator("the end", '"&"', ' "And" is written "&&".'), 4],
    ["$.a and $.b", operator("the end", '"and"', ' "And" is written "&&".'), 4],
    ["$.a android", operator("the end", '"android"', blanks), 4],
    ["$.a | $.b", operator("the end", '"|"', ' "Or" is written "||".'), 4],
    ["$.a or $.b", operator("the end", '"or"', ' "Or" is written "||".'), 4],
    ["$.a order", operator("the end", '"order"', blanks), 4],
    ["$.a-b", operator("the end", '"-"', arithmetic), 3],
    ["$.a + 1", operator("the end", '"+"', arithmetic), 4],
    ["$.a * 2", operator("the end", '"*"', arithmetic), 4],
    ["$.a / 2", operator("the end", '"/"', arithmetic), 4],
    ["$.a % 2 == 0", operator("the end", '"%"', arithmetic), 4],
    ["$.try count > 3", operator("the end", '"count"', blanks), 6],
    ["$.a index", operator("the end", '"index"', blanks), 4],
    ["$.a iné", operator("the end", '"iné"', blanks), 4],
    ["$.a in_", operator("the end", '"in_"', blanks), 4],
    ["$.a in2", operator("the end", '"in2"', blanks), 4],
    ["$.a IN $.b", operator("the end", '"IN"', blanks), 4],
    ["$.a 5", operator("the end", '"5"', blanks), 4],
    ["12abc", operator("the end", '"abc"', blanks), 2],
    ["1.", operator("the end", '"."'), 1],
    ["$.a ! $.b", operator("the end", '"!"'), 4],
    ["$.a [0]", operator("the end", '"["'), 4],
    ['$["a"]x', operator("the end", '"x"', blanks), 6],
    ["$input.a == 1", root, 0],
    ["1 == $local", root, 5],
    ["$5", root, 0],
    ["$é", root, 0],
    ["$_", root, 0],
    [`1 == ${"9".repeat(400)}`, "This number is too large.", 5],
    ["1e999", "This number is too large.", 0],
    ['$.a == "x', 'The string that starts here is never closed: it needs another " at its end.', 7],
    [
      "$.",
      'Expected a name of letters, digits and "_" after the dot but found the end. Other keys are written ["…"], without a dot.',
      2,
    ],
    [
      "$.-a",
      'Expected a name of letters, digits and "_" after the dot but found "-". Other keys are written ["…"], without a dot.',
      2,
    ],
    ["$..a", '".." (any depth) is no part of the language: name each key on the way.', 2],
    ["$.a[1:]", "Slices are no part of the language: take single elements, or all of them by [*].", 5],
    ["$.a[?(@.b)]", "Filters are no part of the language: filter in a task.", 4],
  ])("%j", (text, message, offset) => {
    expect(() => parseCondition(text)).toThrow(failure(message, offset));
  });
});

describe("bounds", () => {
  const deep = "A condition nests at most 200 deep: compute it in a task.";
  const long = "A condition has at most 1000 operators: compute it in a task.";

  test.each([
    ["parentheses", (n: number) => `${"(".repeat(n)}1${")".repeat(n)}`, 200],
    ["arrays", (n: number) => `${"[".repeat(n)}1${"]".repeat(n)}`, 200],
    ["negations", (n: number) => `${"!".repeat(n)}1`, 201],
    ["signs", (n: number) => `${"-".repeat(n)}1`, 201],
    ["all of them together", (n: number) => `${"(![-".repeat(n / 4)}${"!".repeat(n % 4)}1${"])".repeat(n / 4)}`, 201],
  ])("200 levels of %s are taken, 201 are not", (_, nest, offset) => {
    expect(() => parseCondition(nest(200))).not.toThrow();
    expect(() => parseCondition(nest(201))).toThrow(failure(deep, offset));
  });

  test("levels that were closed do not count", () => {
    expect(() => parseCondition(Array.from({ length: 300 }, () => "(![1])").join(" && "))).not.toThrow();
  });

  test.each(["==", "&&", "||", "in"])("1000 %s are taken, 1001 are not", (operator) => {
    const chain = (n: number) => `1${` ${operator} 1`.repeat(n)}`;
    expect(() => parseCondition(chain(1000))).not.toThrow();
    expect(() => parseCondition(chain(1001))).toThrow(failure(long, chain(1000).length + operator.length + 2));
  });

  test("operators count in the whole condition", () => {
    const third = `(1${" == 1".repeat(333)})`;
    expect(() => parseCondition(`${third} && ${third} && 1 ${"|| 1 ".repeat(332)}`)).not.toThrow();
    expect(() => parseCondition(`${third} && ${third} && 1 ${"|| 1 ".repeat(333)}`)).toThrow();
  });

  test("an array may be long", () => {
    const items = Array.from({ length: 5000 }, (_, number) => number);
    expect(parseCondition(`$.a in [${items.join()}]`)).toEqual(compare(a, "in", array(...items.map(literal))));
  });

  test("hostile text is an error, never a crash", () => {
    for (const piece of ["(", "[", "!", "-", "1==", "1&&", "(1||", "$.a[", '"\\', "$[[", "[1,", "!("]) {
      expect(() => parseCondition(piece.repeat(100_000))).toThrow(expect.objectContaining({ name: "ExpressionError" }));
    }
  });
});

const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
  const key = fc.oneof(fc.constantFrom("a", "key", "größe"), fc.string({ unit: "binary" }));
  const segment: fc.Arbitrary<Segment> = fc.oneof(
    key.map((name): Segment => ({ kind: "key", key: name })),
    fc.integer().map((number): Segment => ({ kind: "index", index: number + 0 })),
    fc.constant<Segment>({ kind: "all" }),
  );
  const operand = tie("condition");
  return {
    condition: fc.oneof(
      { maxDepth: 5 },
      fc
        .oneof(
          fc.constant(null),
          fc.boolean(),
          fc.nat(),
          fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
          key,
        )
        .map((value) => literal(value === 0 ? 0 : value)),
      fc.array(segment, { maxLength: 4 }).map((path): Condition => ({ kind: "path", path })),
      fc.array(operand, { maxLength: 3 }).map((items) => array(...items)),
      operand.map(not),
      operand.map(negate),
      fc.tuple(operand, operand).map(([left, right]) => and(left, right)),
      fc.tuple(operand, operand).map(([left, right]) => or(left, right)),
      fc
        .tuple(operand, fc.constantFrom<Comparison>("==", "!=", "<", "<=", ">", ">=", "in"), operand)
        .map(([left, operator, right]) => compare(left, operator, right)),
    ),
  };
});

/** How tightly the outermost operator of a condition binds: 0 is loosest. */
function level(condition: Condition): number {
  return { or: 0, and: 1, compare: 2, not: 3, negate: 3, literal: 4, path: 4, array: 4 }[condition.kind];
}

/** The text of a condition, with parentheses only where the grammar needs them. */
function print(condition: Condition): string {
  const operand = (inner: Condition, least: number) => (level(inner) < least ? `(${print(inner)})` : print(inner));
  switch (condition.kind) {
    case "literal":
      return JSON.stringify(condition.value);
    case "path":
      return `$${condition.path.map((segment) => `[${segment.kind === "key" ? JSON.stringify(segment.key) : segment.kind === "index" ? segment.index : "*"}]`).join("")}`;
    case "array":
      return `[${condition.items.map(print).join(",")}]`;
    case "not":
      return `!${operand(condition.operand, 3)}`;
    case "negate":
      return `-${operand(condition.operand, 3)}`;
    case "and":
      return `${operand(condition.left, 1)} && ${operand(condition.right, 2)}`;
    case "or":
      return `${operand(condition.left, 0)}||${operand(condition.right, 1)}`;
    case "compare":
      return `${operand(condition.left, 2)} ${condition.operator} ${operand(condition.right, 3)}`;
  }
}

test("every condition is read back from its text with the fewest parentheses", () => {
  fc.assert(
    fc.property(condition, (tree) => {
      expect(parseCondition(print(tree))).toEqual(tree);
    }),
    { numRuns: 1000 },
  );
});
