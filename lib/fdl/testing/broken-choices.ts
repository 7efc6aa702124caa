/** Broken definitions: choices and jumps (fdl.md §3.4, §5). */
import { type Flawed, FUNCTION_TASK, flow, PASS, step } from "./definition-text.ts";

export const brokenChoices: readonly Flawed[] = [
  {
    title: "choices that are a map",
    text: step("type: choice, name: c, choices: {condition: $.a}"),
    problems: ['4:38: error: step "c": "choices" must be a list of choices, not a map.'],
    refusedBySchema: true,
  },
  {
    title: "an entry that is a word",
    text: step("type: choice, name: c, choices: [$.a]"),
    problems: ['4:39: error: step "c": Each of the choices must be a map with "condition", not the string "$.a".'],
    refusedBySchema: true,
  },
  {
    title: "no condition",
    text: step("type: choice, name: c, choices: [{goto: c}]"),
    problems: ['4:39: error: step "c": An entry of a choice needs "condition".'],
    refusedBySchema: true,
  },
  {
    title: "a condition that is true",
    text: step("type: choice, name: c, choices: [{condition: true}]"),
    problems: ['4:51: error: step "c": "condition" must be a string, not true: write "true".'],
    refusedBySchema: true,
  },
  {
    title: "an empty condition",
    text: step("type: choice, name: c, choices: [{condition: ''}]"),
    problems: ['4:51: error: step "c": "condition" must have at least one character.'],
    refusedBySchema: true,
  },
  {
    title: "a condition that does not parse",
    text: step("type: choice, name: c, choices: [{condition: $.a = 1}]"),
    problems: [
      '4:55: error: step "c": Expected an operator (== != < <= > >= in && ||) or the end but found "=". Equality is written "==".',
    ],
    refusedBySchema: false,
  },
  {
    title: "default that is a word",
    text: step("type: choice, name: c, default: c"),
    problems: ['4:38: error: step "c": "default" must be a map, not the string "c".'],
    refusedBySchema: true,
  },
  {
    title: "a condition in default",
    text: step("type: choice, name: c, default: {condition: $.a}"),
    problems: [
      '4:39: error: step "c": The default of a choice takes no "condition": it is taken when no condition holds.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a goto that is a number",
    text: step("type: choice, name: c, default: {goto: 5}"),
    problems: ['4:45: error: step "c": "goto" must be a string, not the number 5: write "5".'],
    refusedBySchema: true,
  },
  {
    title: "an empty goto",
    text: step("type: choice, name: c, default: {goto: ''}"),
    problems: ['4:45: error: step "c": "goto" must have at least one character.'],
    refusedBySchema: true,
  },
  {
    title: "a goto to nowhere",
    text: step("type: choice, name: c, default: {goto: elsewhere}"),
    problems: ['4:45: error: step "c": The list has no step "elsewhere" to go to.'],
    refusedBySchema: false,
  },
  {
    title: "a misspelt goto",
    text: step("type: choice, name: check, default: {goto: chek}"),
    problems: ['4:49: error: step "check": The list has no step "chek" to go to. Did you mean "check"?'],
    refusedBySchema: false,
  },
  {
    title: "a goto into a choice",
    text: flow(
      "- {type: choice, name: c, choices: [{condition: $.a, steps: [{type: pass, name: inner}]}], default: {goto: inner}}",
    ),
    problems: [
      '4:110: error: step "c": The list has no step "inner" to go to. There is one inside step "c", but a goto reaches only steps of its own list.',
    ],
    refusedBySchema: false,
  },
  {
    title: "a goto out of a choice",
    text: flow("- {type: choice, name: c, default: {steps: [{type: choice, name: d, default: {goto: c}}]}}"),
    problems: [
      '4:87: error: step "d": The list has no step "c" to go to. There is one at the flow\'s top level, but a goto reaches only steps of its own list.',
    ],
    refusedBySchema: false,
  },
  {
    title: "a goto out of a step without name",
    text: flow(`
      - {type: choice, default: {steps: [{type: pass, name: x}]}}
      - {type: choice, name: d, default: {goto: x}}
    `),
    problems: [
      '4:5: error: A choice step needs "name".',
      '5:45: error: step "d": The list has no step "x" to go to. There is one inside a step without name, but a goto reaches only steps of its own list.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a goto between branches",
    text: flow(`
      - type: parallel
        name: p
        branches:
          - steps: [${PASS}]
          - steps: [{type: choice, name: b, default: {goto: a}}]
    `),
    problems: [
      '8:57: error: step "b": The list has no step "a" to go to. There is one inside step "p", but a goto reaches only steps of its own list.',
    ],
    refusedBySchema: false,
  },
  {
    title: "a catch that jumps out of a foreach",
    text: flow(`
      - type: foreach
        name: each
        iterationMapping: {collection: $.items, item: item}
        steps: [{${FUNCTION_TASK}, catch: [{errors: [FnF.ALL], goto: each}]}]
    `),
    problems: [
      '7:117: error: step "t": The list has no step "each" to go to. There is one at the flow\'s top level, but a goto reaches only steps of its own list.',
    ],
    refusedBySchema: false,
  },
  {
    title: "steps of an entry that are a map",
    text: step("type: choice, name: c, default: {steps: {}}"),
    problems: ['4:46: error: step "c": "steps" must be a list of steps, not a map.'],
    refusedBySchema: true,
  },
  {
    title: "a misspelt default",
    text: step("type: choice, name: c, defualt: {}"),
    problems: [
      '4:5: warning: step "c": The choice has neither "choices" nor "default": it does nothing.',
      '4:29: error: step "c": A choice step has no key "defualt". Did you mean "default"?',
    ],
    refusedBySchema: true,
  },
];
