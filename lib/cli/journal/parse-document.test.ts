import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { StepwellError } from "../../fdl/errors.ts";
import { explanation } from "../explain/explanation.ts";
import { replay } from "../replay/replay.ts";
import { UsageError } from "../usage.ts";
import { parseDocument } from "./parse-document.ts";
import { orderWorld } from "./testing/order.ts";
import { exportText } from "./testing/source.ts";

let text = "";
beforeAll(async () => {
  const { world, header } = await orderWorld();
  text = await exportText(world.plain, header.ref);
});

describe("a text that is no export", () => {
  it.each([
    ["", "it is empty"],
    ["  \n", "it is empty"],
    ["{", "not valid JSON"],
    ["null", "no exported execution"],
    ["[]", "no exported execution"],
    ['"x"', "no exported execution"],
    ['{"stepwell": "flow"}', "no exported execution"],
    ['{"stepwell": "execution"}', "format undefined"],
    ['{"stepwell": "execution", "format": 2}', "format 2; this version of Stepwell reads format 1"],
    ['{"stepwell": "execution", "format": 1}', "values is no object"],
    ['{"stepwell": "execution", "format": 1, "values": {}, "places": [3]}', "places[0] is no list"],
    ['{"stepwell": "execution", "format": 1, "values": {}, "places": [[["a"], "h"]]}', "lacks a large value"],
    ['{"stepwell": "execution", "format": 1, "values": {"h": 1}, "places": [[null, "h"]]}', "lacks a large value"],
    ['{"stepwell": "execution", "format": 1, "values": {}, "places": []}', "exportedAt is no number"],
  ])("%j is refused", (wrong, why) => {
    expect(() => parseDocument(wrong, "x.json")).toThrow(UsageError);
    expect(() => parseDocument(wrong, "x.json")).toThrow(why);
    expect(() => parseDocument(wrong, "x.json")).toThrow("x.json");
  });
});

it("is intact through other white space, and through another order of its fields", () => {
  const value = JSON.parse(text);
  expect(parseDocument(text, "x").intact).toBe(true);
  expect(parseDocument(JSON.stringify(value, null, 4), "x").intact).toBe(true);
  const { stepwell, format, ...rest } = value;
  expect(parseDocument(JSON.stringify({ ...rest, format, stepwell }), "x").intact).toBe(true);
});

it("is not intact when anything in it was changed, or its checksum taken away", () => {
  expect(parseDocument(text.replace('"anchor":0', '"anchor":1'), "x").intact).toBe(false);
  expect(parseDocument(text.replace(/x{100000}/, "y"), "x").intact).toBe(false);
  expect(parseDocument(text.replace(/,\n"sha256": "[0-9a-f]+"/, ""), "x").intact).toBe(false);
});

it("whatever is put in whatever place, is read, replayed and explained, or refused in words", () => {
  const whole = JSON.parse(text);
  const paths = [...pathsOf(whole)];
  const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom("", "9.9", "0.0.0", -1, 1e300, 0.5, "fork"));
  let read = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 3 }), (changes) => {
      const copy = structuredClone(whole);
      for (const [path, value] of changes) setAt(copy, path, value);
      try {
        const { document } = parseDocument(JSON.stringify(copy), "x.json");
        for (const { history } of replay(document).entries) history();
        explanation(document, { now: document.exportedAt, inUse: true });
        read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(StepwellError);
      }
    }),
    { numRuns: 400 },
  );
  expect(read).toBeGreaterThan(20);
});

function* pathsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) yield* pathsOf(part, [...path, key]);
}

function setAt(value: unknown, path: readonly string[], junk: unknown): void {
  const [key = "", ...rest] = path;
  if (typeof value !== "object" || value === null) return;
  if (rest.length > 0) setAt(Reflect.get(value, key), rest, junk);
  else Reflect.set(value, key, junk);
}
