import { expect, test } from "vitest";
import { type End, endAgrees, tokenOf, UNSPECIFIED, valueAgrees } from "./unspecified.ts";

test("what is unspecified agrees with any value, also with none under its key", () => {
  for (const seen of [1, "text", null, [1], { a: 1 }]) expect(valueAgrees({ x: UNSPECIFIED }, { x: seen })).toBe(true);
  expect(valueAgrees({ x: UNSPECIFIED }, {})).toBe(true);
  expect(valueAgrees([tokenOf(3)], ["any"])).toBe(true);
  expect(valueAgrees([UNSPECIFIED], [])).toBe(false);
});

test("everything else is to be the same, at any depth and in any order of keys", () => {
  expect(valueAgrees({ a: [1, { b: null }], c: "" }, { c: "", a: [1, { b: null }] })).toBe(true);
  expect(valueAgrees({ a: [1, { b: null }] }, { a: [1, { b: false }] })).toBe(false);
  expect(valueAgrees({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(valueAgrees({ a: 1, b: 2 }, { a: 1 })).toBe(false);
  expect(valueAgrees([1, 2], [2, 1])).toBe(false);
  expect(valueAgrees([], {})).toBe(false);
  expect(valueAgrees({}, [])).toBe(false);
  expect(valueAgrees({}, null)).toBe(false);
  expect(valueAgrees(1, "1")).toBe(false);
  expect(valueAgrees(1, undefined)).toBe(false);
  expect(valueAgrees({ ["__proto__"]: 1 }, {})).toBe(false);
});

test("an end agrees by status, and by output or error", () => {
  const done: End = { status: "Succeeded", output: { n: 1 } };
  expect(endAgrees(done, { status: "Succeeded", output: { n: 1 } })).toBe(true);
  expect(endAgrees(done, { status: "Succeeded", output: { n: 2 } })).toBe(false);
  expect(endAgrees(done, { status: "Succeeded" })).toBe(false);
  expect(endAgrees(done, { status: "Failed", error: "E" })).toBe(false);
  const failed: End = { status: "Failed", error: "E", cause: "why" };
  expect(endAgrees(failed, { status: "Failed", error: "E", cause: "why" })).toBe(true);
  expect(endAgrees(failed, { status: "Failed", error: "E", cause: "else" })).toBe(false);
  expect(endAgrees(failed, { status: "Failed", error: "F", cause: "why" })).toBe(false);
});

test("a cause that the language leaves open may be any", () => {
  expect(endAgrees({ status: "Failed", error: "E" }, { status: "Failed", error: "E", cause: "some" })).toBe(true);
});
