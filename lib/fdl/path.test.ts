import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "./json.ts";
import { looksLikePath, lookup, type Path, parsePath, type Root, type Segment } from "./path.ts";

const failure = (message: string, offset: number) =>
  expect.objectContaining({ name: "ExpressionError", code: "InvalidArgument", message, offset });

const key = (name: string): Segment => ({ kind: "key", key: name });
const index = (number: number): Segment => ({ kind: "index", index: number });
const all: Segment = { kind: "all" };
const hostile = (text: string): Json => JSON.parse(text);

describe("a text that means a path (fdl.md §2.3)", () => {
  test.each([
    "$",
    "$input",
    "$local",
    "$context",
    "$.x",
    "$[0]",
    "$input.x",
    "$local[*].k",
    "$context.step.name",
    "$.",
    "$input[",
  ])("%s does", (text) => {
    expect(looksLikePath(text)).toBe(true);
  });

  test.each([
    "",
    "$5",
    "$5.00",
    "$inputs",
    "$inputs.x",
    "$Input",
    "$local_x",
    "$contexts[0]",
    "input.x",
    " $input",
    "$ ",
    "$$",
    "$$.x",
    "a@b",
    "/",
    "x.$input",
    "https://a/$input.x",
    "$input\n",
    "$input\n.x",
  ])("%j is a constant", (text) => {
    expect(looksLikePath(text)).toBe(false);
  });
});

describe("a parsed path", () => {
  test.each<[string, Root, Path]>([
    ["$", "merged", []],
    ["$input", "input", []],
    ["$local", "local", []],
    ["$context", "context", []],
    ["$.messageTag", "merged", [key("messageTag")]],
    ["$[0]", "merged", [index(0)]],
    ["$input.a.b.c", "input", [key("a"), key("b"), key("c")]],
    ["$local.Data.FrontResult.Name", "local", [key("Data"), key("FrontResult"), key("Name")]],
    ["$input.events[0].oss.object.key", "input", [key("events"), index(0), key("oss"), key("object"), key("key")]],
    ["$input.key_info[0]", "input", [key("key_info"), index(0)]],
    ["$local[0].k", "local", [index(0), key("k")]],
    ["$local[*].k", "local", [all, key("k")]],
    ["$local[*].parts[*]", "local", [all, key("parts"), all]],
    ["$context.task.token", "context", [key("task"), key("token")]],
    ["$input['quoted key']", "input", [key("quoted key")]],
    ['$input["a.b"]["[0]"].c', "input", [key("a.b"), key("[0]"), key("c")]],
    ["$input['it\\'s']", "input", [key("it's")]],
    ['$input[""]', "input", [key("")]],
    ["$input[-1][12][-10]", "input", [index(-1), index(12), index(-10)]],
    ["$input[9007199254740991]", "input", [index(9007199254740991)]],
    ["$input.a-b._c.1d.-", "input", [key("a-b"), key("_c"), key("1d"), key("-")]],
    ["$input.größe.名前.२", "input", [key("größe"), key("名前"), key("२")]],
    ["$input.e\u0301", "input", [key("e\u0301")]],
    ["$input.__proto__", "input", [key("__proto__")]],
    ["$input[*]", "input", [all]],
  ])("%s", (text, root, path) => {
    expect(parsePath(text)).toEqual({ root, path });
  });

  test("is read back from its text, whatever its keys are", () => {
    const segment = fc.oneof(
      fc.string({ unit: "binary" }).map(key),
      fc.integer({ min: -1e6, max: 1e6 }).map((number) => index(number + 0)),
      fc.constant(all),
    );
    fc.assert(
      fc.property(fc.constantFrom("input", "local", "context"), fc.array(segment), (root, path) => {
        const text = path.map((each) =>
          each.kind === "key" ? `[${JSON.stringify(each.key)}]` : each.kind === "index" ? `[${each.index}]` : "[*]",
        );
        expect(parsePath(`$${root}${text.join("")}`)).toEqual({ root, path });
      }),
    );
  });
});

describe("a text that is no path", () => {
  const start = 'A path starts with "$input", "$local", "$context" or "$", and goes on with ".name" or "[…]".';
  const slice = "Slices are no part of the language: take single elements, or all of them by [*].";
  const bracket = (what: string) =>
    `Expected an index (0 is the first, -1 the last), a key in quotes or "*" but found ${what}.`;
  const name = (what: string) =>
    `Expected a name of letters, digits, "_" and "-" after the dot but found ${what}. Other keys are written ["…"], without a dot.`;
  const more = (what: string) =>
    `Expected ".", "[" or the end of the path but found ${what}. A key with other characters than letters, digits, "_" and "-" is written ["…"].`;

  test.each([
    ["", start, 0],
    ["$inputs.x", start, 0],
    ["input.x", start, 0],
    ["$input.", name("the end"), 7],
    ["$input.a.", name("the end"), 9],
    ["$input. a", name('" "'), 7],
    ["$input.'a'", name(`"'"`), 7],
    ["$input.😀", name('"😀"'), 7],
    ["$input..a", '".." (any depth) is no part of the language: name each key on the way.', 7],
    ["$input.*", 'A wildcard is written "[*]", without a dot.', 7],
    ["$input.[0]", 'No dot stands before "[".', 7],
    ["$input.a b", more('" "'), 8],
    ["$input.a[0]b", more('"b"'), 11],
    ["$input.a ", more('" "'), 8],
    ["$input.a=1", more('"="'), 8],
    ["$input[", bracket("the end"), 7],
    ["$input[]", bracket('"]"'), 7],
    ["$input[a]", bracket('"a"'), 7],
    ["$input[+1]", bracket('"+"'), 7],
    ["$input[-0]", bracket('"-"'), 7],
    ["$input[-]", bracket('"-"'), 7],
    ["$input[ 0]", bracket('" "'), 7],
    ["$input[`a`]", bracket('"`"'), 7],
    ["$input[(1)]", bracket('"("'), 7],
    ["$input[9007199254740992]", "This index is too large.", 7],
    ["$input[-9007199254740992]", "This index is too large.", 7],
    [`$input[${"9".repeat(400)}]`, "This index is too large.", 7],
    ["$input[0", 'Expected "]" but found the end.', 8],
    ["$input[*", 'Expected "]" but found the end.', 8],
    ["$input[01]", 'Expected "]" but found "1".', 8],
    ["$input[1.5]", 'Expected "]" but found ".".', 8],
    ["$input['a'x]", `Expected "]" but found "x".`, 10],
    ["$input['a]", "The string that starts here is never closed: it needs another ' at its end.", 7],
    ["$input[?(@.a)]", "Filters are no part of the language: filter in a task.", 7],
    ["$input[:2]", slice, 7],
    ["$input[1:2]", slice, 8],
    ["$input[-1:]", slice, 9],
    ["$input[0,1]", "Brackets take one index or one key: write a mapping for each.", 8],
    ["$input['a','b']", "Brackets take one index or one key: write a mapping for each.", 10],
  ])("%j", (text, message, offset) => {
    expect(() => parsePath(text)).toThrow(failure(message, offset));
  });
});

describe("looking up", () => {
  const value = {
    a: { b: { c: 1 } },
    list: [10, 20, 30],
    rows: [{ k: 1, parts: [1, 2] }, { parts: [3] }, { k: null, parts: "no" }, 5],
    nested: [[[1], [2]], [[3]]],
    "10": "ten",
    text: "abc",
    nothing: null,
    no: false,
  };

  test.each<[string, Json | undefined]>([
    ["$", value],
    ["$.a", { b: { c: 1 } }],
    ["$.a.b.c", 1],
    ["$.list[0]", 10],
    ["$.list[2]", 30],
    ["$.list[-1]", 30],
    ["$.list[-3]", 10],
    ["$.10", "ten"],
    ["$.nothing", null],
    ["$.no", false],
    ["$.list[*]", [10, 20, 30]],
    ["$.a[*]", [{ c: 1 }]],
    ["$.rows[*].k", [1, null]],
    ["$.rows[*].parts", [[1, 2], [3], "no"]],
    ["$.rows[*].parts[*]", [1, 2, 3]],
    ["$.rows[*].parts[0]", [1, 3]],
    ["$.rows[*].parts[-2]", [1]],
    ["$.nested[*]", value.nested],
    ["$.nested[*][*]", [[1], [2], [3]]],
    ["$.nested[*][*][*]", [1, 2, 3]],
    ["$.nested[0][*]", [[1], [2]]],
    ["$.nested[*][1]", [[2]]],
    ["$.rows[0][*]", [1, [1, 2]]],
    ["$[*].b", [{ c: 1 }]],
  ])("%s finds it", (text, expected) => {
    expect(lookup(value, parsePath(text).path)).toEqual(expected);
  });

  test.each([
    "$.missing",
    "$.a.missing",
    "$.missing.b.c",
    "$.list[3]",
    "$.list[-4]",
    "$.list[99999999999]",
    "$.list.0",
    "$.list.length",
    "$.a[0]",
    "$[10]",
    "$.text.length",
    "$.text[0]",
    "$.text.b",
    "$.nothing.b",
    "$.no.b",
    "$.constructor",
    "$.__proto__",
    "$.a.toString",
    '$[""]',
  ])("%s is missing", (text) => {
    expect(lookup(value, parsePath(text).path)).toBeUndefined();
  });

  test.each([
    "$.missing[*]",
    "$.missing.b[*].c",
    "$.text[*]",
    "$.nothing[*]",
    "$.a.b.c[*]",
    "$.list[*].k",
    "$.list[*][*]",
  ])("%s has nothing to enumerate: an empty array", (text) => {
    expect(lookup(value, parsePath(text).path)).toEqual([]);
  });

  test("a wildcard on an object takes its values in the order of its keys", () => {
    expect(lookup({ b: 1, a: [2], c: { d: 3 } }, [all])).toEqual([1, [2], { d: 3 }]);
  });

  test("an empty array and an empty object enumerate to nothing", () => {
    expect(lookup([], [all])).toEqual([]);
    expect(lookup({}, [all])).toEqual([]);
  });

  test("from a missing root nothing is found", () => {
    expect(lookup(undefined, [])).toBeUndefined();
    expect(lookup(undefined, [key("a")])).toBeUndefined();
    expect(lookup(undefined, [all])).toEqual([]);
  });

  test("a root that is false, empty or null is a value", () => {
    for (const root of [false, 0, "", null, []]) expect(lookup(root, [])).toBe(root);
  });

  test("hostile keys are data like others", () => {
    const data = hostile('{"__proto__": {"constructor": 7}, "constructor": [8]}');
    expect(lookup(data, parsePath("$.__proto__.constructor").path)).toBe(7);
    expect(lookup(data, parsePath("$.constructor[0]").path)).toBe(8);
    expect(lookup(data, parsePath("$[*].constructor").path)).toEqual([7]);
  });

  test("with a wildcard is looking up from each element, flattened once", () => {
    const segment = fc.oneof(
      fc.constantFrom("a", "b").map(key),
      fc.integer({ min: -2, max: 2 }).map((number) => index(number + 0)),
      fc.constant(all),
    );
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "c"), tie("tree")),
      ),
    }));
    fc.assert(
      fc.property(fc.array(tree), fc.array(segment, { maxLength: 4 }), (elements, path) => {
        const found = elements.map((element) => lookup(element, path));
        const expected = path.includes(all) ? found.flat(1) : found.filter((value) => value !== undefined);
        expect(lookup(elements, [all, ...path])).toEqual(expected);
      }),
    );
  });
});
