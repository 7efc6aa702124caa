import { expect, it } from "vitest";
import { boolean, executionName, flowName, integer, json, jsonObject, namePrefix, oneOf, text, time } from "./kinds.ts";
import { optional, required, unsupported } from "./parameter.ts";

it.each(["a", "_", "A-9_z", "a".repeat(128)])("takes the flow name %s", (name) => {
  expect(flowName(name, "FlowName")).toBe(name);
});

it.each(["", "9a", "-a", "a b", "a.b", "é", "a\n", "a\u0000", "a:b", "a".repeat(129), "\ud800"])(
  "refuses the flow name %j and says which parameter it is",
  (name) => {
    expect(() => flowName(name, "FlowName")).toThrow(/^FlowName ".*" is not allowed: it must be 1 to 128 letters/);
  },
);

it.each(["a", "0d1c2b3a-0000-4000-8000-000000000000", "order:0d1c2b3a-0000-4000-8000-000000000000"])(
  "takes the execution name %s",
  (name) => {
    expect(executionName(name, "ExecutionName")).toBe(name);
  },
);

it.each(["", "a:", ":a", "a:b:c", "a b", "a/b", "-a", "a\n"])("refuses the execution name %j", (name) => {
  expect(() => executionName(name, "ExecutionName")).toThrow(/^ExecutionName/);
  expect(() => namePrefix(name, "ExecutionNamePrefix")).toThrow(/^ExecutionNamePrefix/);
});

it.each([
  ["0", 0],
  ["60", 60],
  ["007", 7],
])("reads the whole number %s", (value, number) => {
  expect(integer(0, 60)(value, "N")).toBe(number);
});

it.each(["", "-1", "61", "1.0", "1e1", "0x1", " 1", "1 ", "NaN", "Infinity", "٣", "9".repeat(400)])(
  "refuses the number %j",
  (value) => {
    expect(() => integer(0, 60)(value, "N")).toThrow(/^N ".*" is not allowed: it must be a whole number from 0 to 60/);
  },
);

it.each([
  ["True", true],
  ["true", true],
  ["FALSE", false],
  ["False", false],
])("reads the boolean %s", (value, result) => {
  expect(boolean(value, "Enable")).toBe(result);
});

it.each(["", "1", "yes", "tru", "true "])("refuses the boolean %j", (value) => {
  expect(() => boolean(value, "Enable")).toThrow(/^Enable/);
});

it("takes one of some words, in that case", () => {
  const status = oneOf("Running", "Failed");
  expect(status("Failed", "Status")).toBe("Failed");
  expect(() => status("failed", "Status")).toThrow('Status "failed" is not allowed: it must be Running or Failed.');
  expect(() => status("__proto__", "Status")).toThrow(/^Status/);
});

it("reads times", () => {
  expect(time("2026-01-01T00:00:00Z", "T")).toBe(Date.UTC(2026, 0, 1));
  expect(time("2026-01-01T08:00:00.5+08:00", "T")).toBe(Date.UTC(2026, 0, 1) + 500);
  expect(() => time("2026-02-30T00:00:00Z", "T")).toThrow(/^T /);
  expect(() => time("yesterday", "T")).toThrow(/^T /);
});

it("counts the characters of a text, not its UTF-16 units", () => {
  expect(text(1, 3)("😀😀😀", "Error")).toBe("😀😀😀");
  expect(() => text(1, 3)("😀😀😀😀", "Error")).toThrow("Error has 4 characters: 1 to 3 are allowed.");
  expect(() => text(1, 3)("abcd", "Error")).toThrow("Error has 4 characters");
  expect(() => text(1, 3)("", "Error")).toThrow("Error has 0 characters");
});

it.each(["null", "1", '"x"', "[1]", '{"a":{"b":[]}}', ' {"a":1} '])("reads the JSON text %s", (value) => {
  expect(json(value, "Output")).toEqual(JSON.parse(value));
});

it.each(["", "{", "{'a':1}", "undefined", "NaN", '{"a":1}x', "\ufeff{}"])("refuses %j, which is no JSON", (value) => {
  expect(() => json(value, "Output")).toThrow(/^Output ".*" is no JSON text/);
});

it.each(["null", "1", '"x"', "[]"])("refuses %s, which is no object", (value) => {
  expect(() => jsonObject(value, "Input")).toThrow(/^Input ".*" is not allowed: it must be the JSON text of an object/);
});

it("keeps keys such as __proto__", () => {
  expect(Object.keys(jsonObject('{"__proto__":1,"constructor":2}', "Input"))).toEqual(["__proto__", "constructor"]);
});

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

it("refuses values that nest too deep to be written again", () => {
  expect(json(nested(1_000), "Output")).toHaveLength(1);
  expect(() => json(nested(1_001), "Output")).toThrow("Output is nested too deep: 1000 levels are allowed.");
  expect(() => json(`${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`, "Output")).toThrow(/too deep/);
});

it("does not take brackets in strings for nesting", () => {
  const value = JSON.stringify([`\\"${"[".repeat(5_000)}`, `"${"{".repeat(5_000)}\\`]);
  expect(json(value, "Output")).toEqual(JSON.parse(value));
});

it("looks at a text of hostile quotes once", () => {
  const before = performance.now();
  expect(() => json(`"${'\\"'.repeat(500_000)}`, "Output")).toThrow(/no JSON text/);
  expect(performance.now() - before).toBeLessThan(2_000);
});

it("tells a missing parameter from an empty one", () => {
  const name = required(flowName);
  expect(() => name.read(undefined, "FlowName")).toThrow(
    expect.objectContaining({ code: "MissingRequiredParams", message: "FlowName is missing." }),
  );
  expect(() => name.read("", "FlowName")).toThrow(expect.objectContaining({ code: "InvalidArgument" }));
});

it("lets something else stand for an optional parameter that is absent or empty", () => {
  const limit = optional(integer(1, 9), 5);
  expect([limit.read(undefined, "Limit"), limit.read("", "Limit"), limit.read("7", "Limit")]).toEqual([5, 5, 7]);
  expect(optional(flowName).read("", "Name")).toBeUndefined();
});

it("refuses what is not there, unless it is empty", () => {
  const qualifier = unsupported("leave it out");
  expect(qualifier.read(undefined, "Qualifier")).toBeUndefined();
  expect(qualifier.read("", "Qualifier")).toBeUndefined();
  expect(() => qualifier.read("prod", "Qualifier")).toThrow('Qualifier "prod" is not supported: leave it out.');
});
