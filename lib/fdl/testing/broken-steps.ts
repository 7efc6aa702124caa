/** Broken definitions: what all steps have in common (fdl.md §1.2, §1.3). */
import { type Flawed, flow, PASS } from "./definition-text.ts";

export const brokenSteps: readonly Flawed[] = [
  {
    title: "a step that is a word",
    text: flow("- pass"),
    problems: ['4:5: error: A step must be a map with a type and a name, not the string "pass".'],
    refusedBySchema: true,
  },
  {
    title: "a step that is empty",
    text: flow("-"),
    problems: ["4:4: error: A step must be a map with a type and a name, not empty."],
    refusedBySchema: true,
  },
  {
    title: "a step without type",
    text: flow("- name: a"),
    problems: [
      '4:5: error: step "a": A step needs "type": one of task, pass, wait, choice, parallel, foreach, succeed, fail.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a misspelt key for the type",
    text: flow("- {tpye: pass, name: a}"),
    problems: ['4:6: error: step "a": A step has no key "tpye". Did you mean "type"?'],
    refusedBySchema: true,
  },
  {
    title: "a goto on a step",
    text: flow("- {type: pass, name: a, goto: a}"),
    problems: [
      '4:27: error: step "a": A pass step takes no "goto": only the entries of a choice and catch policies jump.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a type with a tag",
    text: flow("- {type: !x pass, name: a}"),
    problems: ['4:12: error: The tag "!x" is not supported: write the value without a tag.'],
  },
  {
    title: "no value for the type",
    text: flow("- {type: , name: a}"),
    problems: ['4:12: error: step "a": "type" must be a string, not empty.'],
    refusedBySchema: true,
  },
  {
    title: "no value for the name",
    text: flow("- {type: pass, name: }"),
    problems: ['4:18: error: "name" has no value.'],
    refusedBySchema: true,
  },
  {
    title: "a step without name",
    text: flow("- type: pass"),
    problems: ['4:5: error: A pass step needs "name".'],
    refusedBySchema: true,
  },
  {
    title: "an empty name",
    text: flow("- {type: pass, name: ''}"),
    problems: ['4:24: error: "name" must have at least one character.'],
    refusedBySchema: true,
  },
  {
    title: "a name that is a number",
    text: flow("- {type: pass, name: 5}"),
    problems: ['4:24: error: "name" must be a string, not the number 5: write "5".'],
    refusedBySchema: true,
  },
  {
    title: "a name that is a list",
    text: flow("- {type: pass, name: [a]}"),
    problems: ['4:24: error: "name" must be a string, not a list.'],
    refusedBySchema: true,
  },
  {
    title: "a name of 129 characters",
    text: flow(`- {type: pass, name: ${"n".repeat(129)}}`),
    problems: [
      '4:24: error: step "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…": "name" may have 128 characters; it has 129.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a type that is no string",
    text: flow("- {type: 5, name: a}"),
    problems: ['4:12: error: step "a": "type" must be a string, not the number 5: write "5".'],
    refusedBySchema: true,
  },
  {
    title: "an unknown type",
    text: flow("- {type: lambda, name: a}"),
    problems: [
      '4:12: error: step "a": There is no step type "lambda", only task, pass, wait, choice, parallel, foreach, succeed, fail.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a misspelt type",
    text: flow("- {type: tsak, name: a}"),
    problems: [
      '4:12: error: step "a": There is no step type "tsak", only task, pass, wait, choice, parallel, foreach, succeed, fail. Did you mean "task"?',
    ],
    refusedBySchema: true,
  },
  {
    title: "a type in another case",
    text: flow("- {type: Task, name: a}"),
    problems: [
      '4:12: error: step "a": There is no step type "Task", only task, pass, wait, choice, parallel, foreach, succeed, fail. Did you mean "task"?',
    ],
    refusedBySchema: true,
  },
  {
    title: "a loop",
    text: flow("- {type: loop, name: a, steps: []}"),
    problems: [
      '4:12: error: step "a": Loop steps are not supported: jump back with the goto of a choice, or use foreach.',
    ],
    refusedBySchema: true,
  },
  {
    title: "end that is a string",
    text: flow("- {type: pass, name: a, end: 'true'}"),
    problems: ['4:32: error: step "a": "end" must be true or false, not the string "true": write true.'],
    refusedBySchema: true,
  },
  {
    title: "end that is yes",
    text: flow("- {type: pass, name: a, end: yes}"),
    problems: ['4:32: error: step "a": "end" must be true or false, not the string "yes": write true.'],
    refusedBySchema: true,
  },
  {
    title: "end that is off",
    text: flow("- {type: pass, name: a, end: off}"),
    problems: ['4:32: error: step "a": "end" must be true or false, not the string "off": write false.'],
    refusedBySchema: true,
  },
  {
    title: "end that is a number",
    text: flow("- {type: pass, name: a, end: 1}"),
    problems: ['4:32: error: step "a": "end" must be true or false, not the number 1.'],
    refusedBySchema: true,
  },
  {
    title: "end that is a list",
    text: flow("- {type: pass, name: a, end: []}"),
    problems: ['4:32: error: step "a": "end" must be true or false, not a list.'],
    refusedBySchema: true,
  },
  {
    title: "retry on a pass",
    text: flow("- {type: pass, name: a, retry: []}"),
    problems: [
      '4:27: error: step "a": A pass step takes no "retry": only task, parallel and foreach steps are retried.',
    ],
    refusedBySchema: true,
  },
  {
    title: "catch on a wait",
    text: flow("- {type: wait, name: a, duration: 1, catch: []}"),
    problems: [
      '4:40: error: step "a": A wait step takes no "catch": only errors of task, parallel and foreach steps are caught.',
    ],
    refusedBySchema: true,
  },
  {
    title: "errorMappings on a choice",
    text: flow("- {type: choice, name: a, errorMappings: [], default: {}}"),
    problems: [
      '4:29: error: step "a": A choice step takes no "errorMappings": it belongs to a catch, which only task, parallel and foreach steps have.',
    ],
    refusedBySchema: true,
  },
  {
    title: "timeoutSeconds on a succeed",
    text: flow("- {type: succeed, name: a, timeoutSeconds: 5}"),
    problems: [
      '4:30: error: step "a": A succeed step takes no "timeoutSeconds": only a task or the whole flow has one.',
    ],
    refusedBySchema: true,
  },
  {
    title: "retry on a fail",
    text: flow("- {type: fail, name: a, retry: []}"),
    problems: [
      '4:27: error: step "a": A fail step takes no "retry": only task, parallel and foreach steps are retried.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a misspelt key",
    text: flow("- {type: pass, name: a, outputMapping: []}"),
    problems: ['4:27: error: step "a": A pass step has no key "outputMapping". Did you mean "outputMappings"?'],
    refusedBySchema: true,
  },
  {
    title: "swapped letters",
    text: flow("- {type: pass, name: a, edn: true}"),
    problems: ['4:27: error: step "a": A pass step has no key "edn". Did you mean "end"?'],
    refusedBySchema: true,
  },
  {
    title: "and for end",
    text: flow("- {type: pass, name: a, and: true}"),
    problems: ['4:27: error: step "a": A pass step has no key "and". Did you mean "end"?'],
    refusedBySchema: true,
  },
  {
    title: "a misspelt required key is not missing too",
    text: flow("- {type: pass, nmae: a}"),
    problems: ['4:18: error: A pass step has no key "nmae". Did you mean "name"?'],
    refusedBySchema: true,
  },
  {
    title: "two steps of one name",
    text: flow(`
      - ${PASS}
      - {type: pass, name: b}
      - ${PASS}
    `),
    problems: ['6:24: error: step "a": The list already has a step "a", on line 4: names are unique within a list.'],
    refusedBySchema: false,
  },
  {
    title: "three steps of one name",
    text: flow(`
      - ${PASS}
      - ${PASS}
      - ${PASS}
    `),
    problems: [
      '5:24: error: step "a": The list already has a step "a", on line 4: names are unique within a list.',
      '6:24: error: step "a": The list already has a step "a", on line 4: names are unique within a list.',
    ],
    refusedBySchema: false,
  },
  {
    title: "two steps of one name in a branch",
    text: flow(`
      - type: parallel
        name: p
        branches:
          - steps: [${PASS}, ${PASS}]
    `),
    problems: ['7:59: error: step "a": The list already has a step "a", on line 7: names are unique within a list.'],
    refusedBySchema: false,
  },
  {
    title: "an error in a step without name",
    text: flow(`
      - type: parallel
        name: p
        branches:
          - steps: [{type: pass, end: 5}]
    `),
    problems: ['7:17: error: A pass step needs "name".', '7:35: error: "end" must be true or false, not the number 5.'],
    refusedBySchema: true,
  },
  {
    title: "fail with a number as error",
    text: flow("- {type: fail, name: a, error: 404}"),
    problems: ['4:34: error: step "a": "error" must be a string, not the number 404: write "404".'],
    refusedBySchema: true,
  },
  {
    title: "fail with a map as cause",
    text: flow("- {type: fail, name: a, cause: {x: 1}}"),
    problems: ['4:34: error: step "a": "cause" must be a string, not a map.'],
    refusedBySchema: true,
  },
];
