/** Broken definitions: mapping lists, and where a path in them is wrong (fdl.md §2.3). */
import { type Flawed, flow } from "./definition-text.ts";

export const brokenMappings: readonly Flawed[] = [
  {
    title: "mappings that are a map",
    text: flow("- {type: pass, name: a, outputMappings: {x: 1}}"),
    problems: [
      '4:43: error: step "a": "outputMappings" must be a list of mappings, not a map: write [{target: key, source: value}].',
    ],
    refusedBySchema: true,
  },
  {
    title: "a mapping that is a word",
    text: flow("- {type: pass, name: a, outputMappings: [x]}"),
    problems: ['4:44: error: step "a": Each of the mappings must be a map with "target", not the string "x".'],
    refusedBySchema: true,
  },
  {
    title: "no target",
    text: flow("- {type: pass, name: a, outputMappings: [{source: 1}]}"),
    problems: ['4:44: error: step "a": A mapping needs "target".'],
    refusedBySchema: true,
  },
  {
    title: "no value for target",
    text: flow("- {type: pass, name: a, outputMappings: [{target: , source: 1}]}"),
    problems: ['4:45: error: step "a": "target" has no value.'],
    refusedBySchema: true,
  },
  {
    title: "an empty target",
    text: flow("- {type: pass, name: a, outputMappings: [{target: '', source: 1}]}"),
    problems: ['4:53: error: step "a": "target" must have at least one character.'],
    refusedBySchema: true,
  },
  {
    title: "a target that is a number",
    text: flow("- {type: pass, name: a, outputMappings: [{target: 1, source: 1}]}"),
    problems: ['4:53: error: step "a": "target" must be a string, not the number 1: write "1".'],
    refusedBySchema: true,
  },
  {
    title: "a target that is true",
    text: flow("- {type: pass, name: a, outputMappings: [{target: true, source: 1}]}"),
    problems: ['4:53: error: step "a": "target" must be a string, not true: write "true".'],
    refusedBySchema: true,
  },
  {
    title: "a misspelt source",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, sorce: 1}]}"),
    problems: ['4:56: error: step "a": A mapping has no key "sorce". Did you mean "source"?'],
    refusedBySchema: true,
  },
  {
    title: "a path with a blank, plain",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: $local.a b}]}"),
    problems: [
      '4:72: error: step "a": Expected ".", "[" or the end of the path but found " ". A key with other characters than letters, digits, "_" and "-" is written ["…"].',
    ],
    refusedBySchema: false,
  },
  {
    title: "a path with an empty key in double quotes",
    text: flow('- {type: pass, name: a, outputMappings: [{target: x, source: "$local..b"}]}'),
    problems: ['4:72: error: step "a": ".." (any depth) is no part of the language: name each key on the way.'],
    refusedBySchema: false,
  },
  {
    title: "a path behind an escape",
    text: flow(
      String.raw`- {type: pass, name: a, outputMappings: [{target: x, source: "\x24local.\u0061\U00000062.c[\"d\"]e"}]}`,
    ),
    problems: [
      '4:100: error: step "a": Expected ".", "[" or the end of the path but found "e". A key with other characters than letters, digits, "_" and "-" is written ["…"].',
    ],
    refusedBySchema: false,
  },
  {
    title: "a path behind an astral escape",
    text: flow(String.raw`- {type: pass, name: a, outputMappings: [{target: x, source: "$local[\"\U0001F600\"]e"}]}`),
    problems: [
      '4:87: error: step "a": Expected ".", "[" or the end of the path but found "e". A key with other characters than letters, digits, "_" and "-" is written ["…"].',
    ],
    refusedBySchema: false,
  },
  {
    title: "a path with a doubled quote",
    text: flow(`- {type: pass, name: a, outputMappings: [{target: x, source: '$local[''k'']e'}]}`),
    problems: [
      '4:78: error: step "a": Expected ".", "[" or the end of the path but found "e". A key with other characters than letters, digits, "_" and "-" is written ["…"].',
    ],
    refusedBySchema: false,
  },
  {
    title: "a path over two lines",
    text: flow(`
      - type: pass
        name: a
        outputMappings:
          - target: x
            source: $local.a
              b
    `),
    problems: [
      '8:17: error: step "a": Expected ".", "[" or the end of the path but found " ". A key with other characters than letters, digits, "_" and "-" is written ["…"].',
    ],
    refusedBySchema: false,
  },
  {
    title: "a path in a block",
    text: flow(`
      - type: pass
        name: a
        outputMappings:
          - target: x
            source: |
              $local.a b
    `),
    problems: [
      '8:17: error: step "a": Expected ".", "[" or the end of the path but found " ". A key with other characters than letters, digits, "_" and "-" is written ["…"].',
    ],
    refusedBySchema: false,
  },
  {
    title: "a wrong mapping list that is used twice is reported once",
    text: flow(`
      - {type: pass, name: a, outputMappings: &m [{source: 1}]}
      - {type: pass, name: b, outputMappings: *m}
    `),
    problems: ['4:47: error: step "a": A mapping needs "target".'],
    refusedBySchema: true,
  },
  {
    title: "each wrong mapping of a list",
    text: flow("- {type: pass, name: a, outputMappings: [{source: 1}, x, {target: y, source: '$local['}]}"),
    problems: [
      '4:44: error: step "a": A mapping needs "target".',
      '4:57: error: step "a": Each of the mappings must be a map with "target", not the string "x".',
      '4:88: error: step "a": Expected an index (0 is the first, -1 the last), a key in quotes or "*" but found the end.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a hole inside a constant list",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: [1, .nan]}]}"),
    problems: ['4:68: error: ".nan" is no number that JSON can hold: numbers are finite.'],
  },
  {
    title: "a hole inside a constant map",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: {k: .nan}}]}"),
    problems: ['4:68: error: ".nan" is no number that JSON can hold: numbers are finite.'],
  },
];
