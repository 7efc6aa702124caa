import { describe, expect, it } from "vitest";
import { entryOf, isEmpty, jsonOf, type MapNode, type SourceNode } from "./source.ts";

const scalar = (value: null | boolean | number | string): SourceNode => ({
  kind: "scalar",
  at: 0,
  end: 0,
  style: "plain",
  value,
});
const map = (...entries: readonly (readonly [string, SourceNode])[]): MapNode => ({
  kind: "map",
  at: 0,
  entries: entries.map(([key, value]) => ({ key, at: 0, value })),
});
const list = (...items: readonly SourceNode[]): SourceNode => ({ kind: "list", at: 0, items });
const hole: SourceNode = { kind: "hole", at: 0 };

describe("jsonOf", () => {
  it.each([
    ["a scalar", scalar("x"), "x"],
    ["null", scalar(null), null],
    ["nested values", list(map(["k", list(scalar(1), scalar(true))])), [{ k: [1, true] }]],
    [
      "hostile keys",
      map(["__proto__", scalar(1)], ["constructor", scalar(2)]),
      JSON.parse('{"__proto__": 1, "constructor": 2}'),
    ],
    ["a hole", hole, undefined],
    ["a list with a hole", list(scalar(1), hole), undefined],
    ["a map with a hole", map(["a", scalar(1)], ["b", list(hole)]), undefined],
  ])("of %s", (_, node, json) => {
    expect(jsonOf(node)).toStrictEqual(json);
  });
});

it("finds the entry of a key", () => {
  const node = map(["a", scalar(1)], ["b", scalar(2)]);
  expect(entryOf(node, "b")).toBe(node.entries[1]);
  expect(entryOf(node, "toString")).toBeUndefined();
});

it("knows null, and nothing else, as empty", () => {
  expect([scalar(null), scalar(""), scalar(0), list(), map(), hole].map(isEmpty)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});
