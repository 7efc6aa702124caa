/** Paths in mappings (fdl.md §2.3, §10 rows 43 and 47). */
import { describe, expect, it } from "vitest";
import { columnOf, problems } from "./definition.ts";
import { run } from "./run.ts";

const DATA = {
  a: { b: { c: 1 } },
  list: [10, 20, 30],
  "with space": 2,
  "dash-ed": 3,
  größe: 4,
  "0": 5,
  parts: [{ p: [1, 2] }, { q: 0 }, { p: [] }, { p: [3] }],
  nested: [
    [1, [2]],
    [[3], 4],
  ],
  object: { z: 1, y: [2], x: 3 },
  text: "abc",
  nothing: null,
  quote: { "it's": 6, 'say "x"': 7, "]": 8 },
};

function read(path: string): unknown {
  const { output } = run(
    `- {type: pass, name: a, outputMappings: [{target: found, source: ${JSON.stringify(path)}}]}`,
    { input: DATA },
  );
  return Object(output).found;
}

describe("paths", () => {
  it.each<[string, unknown]>([
    ["$input", DATA],
    ["$input.a.b.c", 1],
    ["$input['a'].b[\"c\"]", 1],
    ["$input.list[1]", 20],
  ])("[PATH-01] reads %s", (path, value) => {
    expect(read(path)).toEqual(value);
  });

  it.each([
    ["$input.größe", 4],
    ["$input.dash-ed", 3],
    ["$input.0", 5],
    ["$input['with space']", 2],
    ['$input.quote["it\'s"]', 6],
    ["$input.quote['say \"x\"']", 7],
    ["$input.quote[']']", 8],
  ])("[PATH-02] reads the key of %s", (path, value) => {
    expect(read(path)).toEqual(value);
  });

  it.each([
    ["$input.list[0]", 10],
    ["$input.list[2]", 30],
    ["$input.list[-1]", 30],
    ["$input.list[-3]", 10],
    ["$input.nested[-1][0][0]", 3],
  ])("[PATH-03] counts in %s", (path, value) => {
    expect(read(path)).toEqual(value);
  });

  it.each([
    ["$input.list[*]", [10, 20, 30]],
    ["$input.parts[*].p", [[1, 2], [], [3]]],
    ["$input.parts[*].p[*]", [1, 2, 3]],
    [
      "$input.nested[*]",
      [
        [1, [2]],
        [[3], 4],
      ],
    ],
    ["$input.nested[*][*]", [1, [2], [3], 4]],
    ["$input.nested[*][*][*]", [2, 3]],
    ["$input.parts[*].p[0]", [1, 3]],
  ])("[PATH-04] enumerates %s", (path, value) => {
    expect(read(path)).toEqual(value);
  });

  it.each([
    ["$input.parts[*].q", [0]],
    ["$input.parts[*].none", []],
    ["$input.parts[*].none.more[*]", []],
  ])("[PATH-05] skips what %s does not find", (path, value) => {
    expect(read(path)).toEqual(value);
  });

  it.each([
    ["$input.object[*]", [1, [2], 3]],
    ["$input.object[*][*]", [2]],
    ["$input.missing[*]", []],
    ["$input.missing[*].k", []],
    ["$input.text[*]", []],
    ["$input.nothing[*]", []],
    ["$input.list[9][*]", []],
  ])("[PATH-06] enumerates %s", (path, value) => {
    expect(read(path)).toEqual(value);
  });

  it.each([
    "$input.missing",
    "$input.a.missing.c",
    "$input.list[3]",
    "$input.list[-4]",
    "$input.list.length",
    "$input.list.0",
    "$input.text.length",
    "$input.text[0]",
    "$input.nothing.k",
    "$input.object[0]",
    "$input.constructor",
    "$input.__proto__",
  ])("[PATH-07] %s is missing", (path) => {
    expect(read(path)).toBeUndefined();
  });

  it.each([
    ["$input.", 7],
    ["$input.a b", 8],
    ["$input[", 7],
    ["$input[x]", 7],
    ["$input['a", 7],
    ["$input[1", 8],
    ["$input[1.5]", 8],
  ])("[PATH-08] %s does not parse, from character %d on", (path, offset) => {
    const text = `- {type: pass, name: a, outputMappings: [{target: x, source: "${path}"}]}`;
    expect(problems(text)).toEqual([
      expect.stringMatching(new RegExp(`^4:${columnOf(text, path) + offset} error a: `)),
    ]);
  });

  it.each([
    ["$input..a", 7],
    ["$input.list[0:2]", 13],
    ["$input.list[?(@.x)]", 12],
    ["$input.list[0,1]", 13],
  ])("[PATH-09] %s is refused", (path, offset) => {
    const text = `- {type: pass, name: a, outputMappings: [{target: x, source: "${path}"}]}`;
    expect(problems(text)).toEqual([
      expect.stringMatching(new RegExp(`^4:${columnOf(text, path) + offset} error a: `)),
    ]);
  });
});
