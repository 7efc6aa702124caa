/** Broken definitions: texts that are no YAML, or YAML that FDL does not take (fdl.md §10 row 51). */
import { type Flawed, flow, PASS } from "./definition-text.ts";

export const brokenYaml: readonly Flawed[] = [
  {
    title: "an empty text",
    text: "",
    problems: ["1:1: error: A definition must be a map with version, type and steps, not empty."],
  },
  {
    title: "a comment alone",
    text: "# nothing yet\n",
    problems: ["1:1: error: A definition must be a map with version, type and steps, not empty."],
  },
  {
    title: "a list at the top",
    text: "- version: v1\n",
    problems: ["1:1: error: A definition must be a map with version, type and steps, not a list."],
  },
  {
    title: "a plain text at the top",
    text: "hello\n",
    problems: ['1:1: error: A definition must be a map with version, type and steps, not the string "hello".'],
  },
  {
    title: "a quote that is not closed",
    text: 'version: "v1\ntype: flow\n',
    problems: ['3:1: error: This is not valid YAML: Missing closing "quote.'],
  },
  {
    title: "a bracket that is not closed",
    text: `version: v1\ntype: flow\nsteps: [${PASS}\n`,
    problems: [
      "4:1: error: This is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ].",
    ],
  },
  {
    title: "indentation by a tab",
    text: "version: v1\ntype: flow\nsteps:\n\t- type: pass\n",
    problems: ["4:1: error: This is not valid YAML: Tabs are not allowed as indentation."],
  },
  {
    title: "a key in the wrong column",
    text: "version: v1\ntype: flow\n steps: []\n",
    problems: [
      "2:7: error: This is not valid YAML: Nested mappings are not allowed in compact mappings.",
      "2:7: error: This is not valid YAML: Implicit keys need to be on a single line.",
    ],
  },
  {
    title: "a second document",
    text: "version: v1\n---\ntype: flow\n",
    problems: [
      "2:1: error: A second YAML document starts here: a definition is one document, so remove it and its `---`.",
    ],
  },
  {
    title: "an anchor's name that is empty",
    text: "version: & v1\n",
    problems: ["1:10: error: This is not valid YAML: Anchor cannot be an empty string."],
  },
  {
    title: "an alias without an anchor",
    text: flow("- {type: pass, name: a, outputMappings: *m}"),
    problems: ["4:43: error: There is no anchor &m before the alias *m."],
  },
  {
    title: "an alias before its anchor",
    text: flow(`
      - {type: pass, name: a, outputMappings: *m}
      - {type: pass, name: b, outputMappings: &m []}
    `),
    problems: ["4:43: error: There is no anchor &m before the alias *m."],
  },
  {
    title: "an alias inside its own anchor",
    text: flow("- {type: pass, name: a, outputMappings: &m [{target: x, source: *m}]}"),
    problems: ["4:67: error: The alias *m stands inside its own anchor: written out it would have no end."],
  },
  {
    title: "a key given twice",
    text: flow(`
      - type: pass
        name: a
        type: wait
    `),
    problems: ['6:5: error: The key "type" is already given on line 4: keys are unique.'],
  },
  {
    title: "a key given twice inside a constant",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: {k: 1, 'k': 2}}]}"),
    problems: ['4:71: error: The key "k" is already given on line 4: keys are unique.'],
  },
  {
    title: "a merge key",
    text: flow(`
      - &base ${PASS}
      - {<<: *base, name: b}
    `),
    problems: [
      '5:5: error: step "b": A step needs "type": one of task, pass, wait, choice, parallel, foreach, succeed, fail.',
      "5:6: error: The merge key << is not supported: write the keys out, or use an alias for a whole value.",
    ],
  },
  {
    title: "a number as a key",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: {1: one}}]}"),
    problems: ["4:65: error: The key 1 is no string: put it in quotes."],
  },
  {
    title: "null as a key",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: {: one}}]}"),
    problems: ["4:65: error: The key null is no string: put it in quotes."],
  },
  {
    title: "a list as a key",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: {[k]: one}}]}"),
    problems: ["4:65: error: A list or a map cannot be a key: keys are strings."],
  },
  {
    title: "a key that is an alias of nothing",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: {*k : one}}]}"),
    problems: ["4:65: error: There is no anchor &k before the alias *k."],
  },
  {
    title: "infinity",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: .inf}]}"),
    problems: ['4:64: error: ".inf" is no number that JSON can hold: numbers are finite.'],
  },
  {
    title: "not a number",
    text: flow("- {type: wait, name: a, duration: .nan}"),
    problems: ['4:37: error: ".nan" is no number that JSON can hold: numbers are finite.'],
  },
  {
    title: "a number that overflows",
    text: flow("- {type: wait, name: a, duration: 1e999}"),
    problems: ['4:37: error: "1e999" is no number that JSON can hold: numbers are finite.'],
  },
  {
    title: "a custom tag",
    text: flow("- {type: pass, name: !upper a}"),
    problems: ['4:24: error: The tag "!upper" is not supported: write the value without a tag.'],
  },
  {
    title: "a tag of YAML 1.1",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: !!binary aGk=}]}"),
    problems: ['4:64: error: The tag "!!binary" is not supported: write the value without a tag.'],
  },
  {
    title: "a verbatim tag",
    text: flow("- {type: pass, name: !<tag:yaml.org,2002:str> a}"),
    problems: ['4:24: error: The tag "!<tag:yaml.org,2002:str>" is not supported: write the value without a tag.'],
  },
  {
    title: "a tag on a map",
    text: flow("- {type: pass, name: a, outputMappings: [{target: x, source: !!omap {k: 1}}]}"),
    problems: ['4:64: error: The tag "!!omap" is not supported: write the value without a tag.'],
  },
  {
    title: "a tag of a deployment template",
    text: flow("- {type: task, name: a, resourceArn: !Ref Service/function}"),
    problems: [
      '4:40: error: The tag "!Ref" belongs to a deployment template: a deploy tool must replace it by the name it stands for, such as acs:fc:::services/S/functions/F.',
    ],
  },
  {
    title: "a core tag that the value does not fit",
    text: flow("- {type: wait, name: a, duration: !!int soon}"),
    problems: [
      "4:37: error: The value does not fit its tag !!int.",
      '4:43: error: step "a": "duration" must be a number of seconds (or a path such as $.seconds), at most 31536000, not the string "soon".',
    ],
  },
  {
    title: "a core tag that the collection does not fit",
    text: flow("- {type: pass, name: a, outputMappings: !!map []}"),
    problems: ["4:43: error: The value does not fit its tag !!map."],
  },
  {
    title: "a tag before the definition",
    text: "--- !x\n{version: v1}\n",
    problems: ['1:5: error: The tag "!x" is not supported: write the value without a tag.'],
  },
  {
    title: "a tag with a handle",
    text: "version: !my!Ref v1\n",
    problems: [
      '1:10: error: The tag "!my!Ref" is not supported: write the value without a tag.',
      "1:10: error: This is not valid YAML: Could not resolve tag: !my!Ref.",
    ],
  },
  {
    title: "a tag of YAML 1.1 that has rules of its own",
    text: "version: !!pairs [1]\n",
    problems: [
      '1:1: error: A flow needs "type".',
      '1:1: error: A flow needs "steps".',
      '1:10: error: The tag "!!pairs" is not supported: write the value without a tag.',
    ],
  },
  {
    title: "a tag in a second document",
    text: "version: v1\n---\ntype: !x flow\n",
    problems: [
      "2:1: error: A second YAML document starts here: a definition is one document, so remove it and its `---`.",
    ],
  },
  {
    title: "a directive that mentions another",
    text: "%FOO %YAML 1.2\n---\nversion: v1\n",
    problems: ['1:1: error: The directive "%FOO %YAML 1.2" is not supported: definitions are YAML 1.2.'],
  },
  {
    title: "a YAML 1.1 directive",
    text: "%YAML 1.1\n---\nversion: v1\n",
    problems: ['1:1: error: The directive "%YAML 1.1" is not supported: definitions are YAML 1.2.'],
  },
  {
    title: "a TAG directive",
    text: "%TAG ! tag:example.com,2026:\n---\nversion: v1\n",
    problems: ['1:1: error: The directive "%TAG ! tag:example.com,2026:" is not supported: definitions are YAML 1.2.'],
  },
  {
    title: "an anchor of a list with a wrong alias in it",
    text: flow(`
      - {type: pass, name: a, outputMappings: &m [*n]}
      - {type: pass, name: b, outputMappings: *m}
    `),
    problems: ["4:47: error: There is no anchor &n before the alias *n."],
  },
  {
    title: "lists nested too deeply",
    text: `a: ${"[".repeat(101)}${"]".repeat(101)}\n`,
    problems: ["1:103: error: Lists and maps are nested deeper than 100 levels here."],
  },
  {
    title: "maps nested too deeply",
    text: Array.from({ length: 101 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""),
    problems: ["101:101: error: Lists and maps are nested deeper than 100 levels here."],
  },
  {
    title: "indicators nested too deeply on one line",
    text: `${"- ".repeat(101)}\n`,
    problems: ["1:201: error: Lists and maps are nested deeper than 100 levels here."],
  },
  {
    title: "an alias that nests too deeply",
    text: `a: &a ${"[".repeat(60)}${"]".repeat(60)}\nb: ${"[".repeat(60)}*a${"]".repeat(60)}\n`,
    problems: [
      '1:1: warning: A flow has no key "a": it is ignored.',
      '1:1: error: A flow needs "version".',
      '1:1: error: A flow needs "type".',
      '1:1: error: A flow needs "steps".',
      '2:1: warning: A flow has no key "b": it is ignored.',
      "2:64: error: With the alias *a lists and maps are nested deeper than 100 levels.",
    ],
  },
  {
    title: "stray characters without end",
    text: `version: ${"*a ".repeat(20)}\n`,
    problems: ["1:37: error: This is not valid YAML: too many anchors, tags or stray characters around one value."],
  },
];
