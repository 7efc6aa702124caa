import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Mapping, Param, Source } from "./definition.ts";
import type { Json } from "./json.ts";
import { evaluateMappings, evaluateParam, parseParam, parseSource, type Roots } from "./mapping.ts";

const failure = (message: string, offset: number) =>
  expect.objectContaining({ name: "ExpressionError", code: "InvalidArgument", message, offset });
const more = (what: string) =>
  `Expected ".", "[" or the end of the path but found ${what}. A key with other characters than letters, digits, "_" and "-" is written ["…"].`;

const mapping = (target: string, source: Json): Mapping => ({ target, source: parseSource(source) });
const roots: Roots = {
  input: { user: "ann", list: [1, { n: 2 }] },
  local: [{ status: "ok" }, { status: "late" }, {}],
  context: { flow: { name: "f" } },
  merged: { user: "ann", n: 2, messageTag: "t" },
};

describe("the source of a mapping (fdl.md §2.3)", () => {
  test.each<[string, Source]>([
    ["$input", { kind: "path", root: "input", path: [], text: "$input" }],
    ["$local.a", { kind: "path", root: "local", path: [{ kind: "key", key: "a" }], text: "$local.a" }],
    ["$context.x", { kind: "path", root: "context", path: [{ kind: "key", key: "x" }], text: "$context.x" }],
    ["$", { kind: "path", root: "merged", path: [], text: "$" }],
    ["$.a", { kind: "path", root: "merged", path: [{ kind: "key", key: "a" }], text: "$.a" }],
  ])("%s is a path", (text, source) => {
    expect(parseSource(text)).toEqual(source);
  });

  test.each<Json>([
    "",
    "/",
    "https://a.b/c?d=$input.x",
    "a@b",
    "$5",
    "$inputs",
    52428800,
    -1,
    1.5,
    true,
    false,
    null,
    [],
    {},
    { a: "b", c: 1 },
    ["$input"],
    { a: "$local.x" },
  ])("%j is a constant", (value) => {
    expect(parseSource(value)).toEqual({ kind: "constant", value });
  });

  test("that looks like a path and does not parse is an error with its offset", () => {
    expect(() => parseSource("$input.a b")).toThrow(failure(more('" "'), 8));
  });
});

describe("a service parameter or wait value (fdl.md §3.1.5, §3.3)", () => {
  test.each<[string, Param]>([
    ["$", { kind: "path", path: [], text: "$" }],
    ["$.a", { kind: "path", path: [{ kind: "key", key: "a" }], text: "$.a" }],
    ["$[0]", { kind: "path", path: [{ kind: "index", index: 0 }], text: "$[0]" }],
    [
      "$.a.b[*]",
      { kind: "path", path: [{ kind: "key", key: "a" }, { kind: "key", key: "b" }, { kind: "all" }], text: "$.a.b[*]" },
    ],
  ])("%s is a path into the step's input", (text, param) => {
    expect(parseParam(text)).toEqual(param);
  });

  test.each<Json>([
    "$input",
    "$input.a",
    "$local.a",
    "$context.task.token",
    "$5",
    "$$",
    "$ ",
    "a$",
    "a$.b",
    "",
    "x",
    0,
    true,
    null,
    ["$"],
    { a: "$.a" },
  ])("%j is a constant", (value) => {
    expect(parseParam(value)).toEqual({ kind: "constant", value });
  });

  test("that looks like a path and does not parse is an error with its offset", () => {
    expect(() => parseParam("$.a b")).toThrow(failure(more('" "'), 3));
  });

  test("is its constant, or what the path finds in the input", () => {
    expect(evaluateParam(parseParam("x"), { x: 1 })).toBe("x");
    expect(evaluateParam(parseParam(null), {})).toBeNull();
    expect(evaluateParam(parseParam("$"), { x: 1 })).toEqual({ x: 1 });
    expect(evaluateParam(parseParam("$.x"), { x: 1 })).toBe(1);
    expect(evaluateParam(parseParam("$.y"), { x: 1 })).toBeUndefined();
  });
});

describe("evaluating mappings", () => {
  test.each<[string, Json, Json]>([
    ["the whole input", "$input", { user: "ann", list: [1, { n: 2 }] }],
    ["a key of the input", "$input.user", "ann"],
    ["an element", "$input.list[1].n", 2],
    ["a branch's local", "$local[0].status", "ok"],
    ["all branches' locals, without those that lack the key", "$local[*].status", ["ok", "late"]],
    ["the context", "$context.flow.name", "f"],
    ["the merged input", "$", { user: "ann", n: 2, messageTag: "t" }],
    ["a key of the merged input", "$.messageTag", "t"],
    ["a constant", { a: "$input.user" }, { a: "$input.user" }],
    ["null", null, null],
    ["false", false, false],
    ["the empty string", "", ""],
    ["a wildcard behind a missing key", "$input.nothing[*]", []],
  ])("copies %s as it is", (_, source, value) => {
    const warned: Mapping[] = [];
    expect(evaluateMappings([mapping("x", source)], roots, (each) => warned.push(each))).toEqual({ x: value });
    expect(warned).toEqual([]);
  });

  test("leaves the key of a missing path out and says so", () => {
    const lost = mapping("b", "$input.nobody");
    const warned: Mapping[] = [];
    const result = evaluateMappings([mapping("a", 1), lost, mapping("c", 3)], roots, (each) => warned.push(each));
    expect(result).toStrictEqual({ a: 1, c: 3 });
    expect(warned).toEqual([lost]);
    expect(warned[0]).toBe(lost);
  });

  test("leaves it out also when nobody wants to know", () => {
    expect(evaluateMappings([mapping("b", "$input.nobody")], roots)).toStrictEqual({});
  });

  test("paths into a root that is not there are missing", () => {
    const mappings = [mapping("a", "$input"), mapping("b", "$local.x"), mapping("c", "$context"), mapping("d", "$")];
    expect(evaluateMappings(mappings, { merged: {} })).toStrictEqual({ d: {} });
  });

  test("later entries overwrite earlier ones, missing ones do not", () => {
    expect(evaluateMappings([mapping("a", 1), mapping("a", 2), mapping("a", "$input.nobody")], roots)).toEqual({
      a: 2,
    });
  });

  test("an empty list makes an empty object", () => {
    expect(evaluateMappings([], roots)).toStrictEqual({});
  });

  test("a target is a literal key, dots and all", () => {
    expect(evaluateMappings([mapping("a.b[0]", 1), mapping("$input", 2), mapping("", 3)], roots)).toEqual({
      "a.b[0]": 1,
      $input: 2,
      "": 3,
    });
  });

  test("hostile targets become keys and touch no prototype", () => {
    const result = evaluateMappings([mapping("__proto__", { hacked: true }), mapping("constructor", 1)], roots);
    expect(JSON.stringify(result)).toBe('{"__proto__":{"hacked":true},"constructor":1}');
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.hasOwn(Object.prototype, "hacked")).toBe(false);
  });

  test("constants go through unchanged, whatever target and value", () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (target, value) => {
        const constant: Mapping = { target, source: { kind: "constant", value: JSON.parse(JSON.stringify(value)) } };
        const result = evaluateMappings([constant], roots);
        expect(JSON.stringify(result)).toBe(`{${JSON.stringify(target)}:${JSON.stringify(value)}}`);
      }),
    );
  });
});
