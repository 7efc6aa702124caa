/** Broken definitions: parallel and foreach (fdl.md §3.5, §3.6). */
import { type Flawed, FOREACH, PASS, step } from "./definition-text.ts";

export const brokenForks: readonly Flawed[] = [
  {
    title: "no branches",
    text: step("type: parallel, name: p"),
    problems: ['4:5: error: step "p": A parallel step needs "branches".'],
    refusedBySchema: true,
  },
  {
    title: "an empty list of branches",
    text: step("type: parallel, name: p, branches: []"),
    problems: ['4:41: error: step "p": "branches" must not be an empty list.'],
    refusedBySchema: true,
  },
  {
    title: "branches that are a map",
    text: step("type: parallel, name: p, branches: {steps: []}"),
    problems: ['4:41: error: step "p": "branches" must be a list of branches, not a map: write [{steps: […]}].'],
    refusedBySchema: true,
  },
  {
    title: "a branch without steps",
    text: step("type: parallel, name: p, branches: [{}]"),
    problems: ['4:42: error: step "p": A branch needs "steps".'],
    refusedBySchema: true,
  },
  {
    title: "a branch with an empty list of steps",
    text: step("type: parallel, name: p, branches: [{steps: []}]"),
    problems: ['4:50: error: step "p": "steps" must not be an empty list.'],
    refusedBySchema: true,
  },
  {
    title: "a branch that is a list",
    text: step(`type: parallel, name: p, branches: [[${PASS}]]`),
    problems: ['4:42: error: step "p": Each of the branches must be a map with "steps", not a list.'],
    refusedBySchema: true,
  },
  {
    title: "1,001 branches",
    text: step(`type: parallel, name: p, branches: [${"{},".repeat(1001)}]`),
    problems: ['4:41: error: step "p": "branches" may have 1000 branches; it has 1001.'],
    refusedBySchema: true,
  },
  {
    title: "no iterationMapping",
    text: step(`type: foreach, name: f, steps: [${PASS}]`),
    problems: ['4:5: error: step "f": A foreach step needs "iterationMapping".'],
    refusedBySchema: true,
  },
  {
    title: "an iterationMapping that is a path",
    text: step(`type: foreach, name: f, iterationMapping: $.items, steps: [${PASS}]`),
    problems: [
      '4:48: error: step "f": "iterationMapping" must be a map with "collection" and "item", not the string "$.items".',
    ],
    refusedBySchema: true,
  },
  {
    title: "no collection",
    text: step(`type: foreach, name: f, iterationMapping: {item: i}, steps: [${PASS}]`),
    problems: ['4:48: error: step "f": An iterationMapping needs "collection".'],
    refusedBySchema: true,
  },
  {
    title: "no item",
    text: step(`type: foreach, name: f, iterationMapping: {collection: $.a}, steps: [${PASS}]`),
    problems: ['4:48: error: step "f": An iterationMapping needs "item".'],
    refusedBySchema: true,
  },
  {
    title: "a collection that is a list",
    text: step(`type: foreach, name: f, iterationMapping: {collection: [1], item: i}, steps: [${PASS}]`),
    problems: ['4:61: error: step "f": "collection" must be a string, not a list.'],
    refusedBySchema: true,
  },
  {
    title: "a collection of another root",
    text: step(`type: foreach, name: f, iterationMapping: {collection: $input.a, item: i}, steps: [${PASS}]`),
    problems: ['4:61: error: step "f": The path starts at the step\'s own input: write "$.a".'],
    refusedBySchema: true,
  },
  {
    title: "a collection that is no path",
    text: step(`type: foreach, name: f, iterationMapping: {collection: items, item: i}, steps: [${PASS}]`),
    problems: [
      '4:61: error: step "f": A path starts with "$input", "$local", "$context" or "$", and goes on with ".name" or "[…]".',
    ],
    refusedBySchema: true,
  },
  {
    title: "item and index of one name",
    text: step(`type: foreach, name: f, iterationMapping: {collection: $.a, item: i, index: i}, steps: [${PASS}]`),
    problems: ['4:48: error: step "f": "item" and "index" must be different keys: both are "i".'],
    refusedBySchema: false,
  },
  {
    title: "no steps",
    text: step(FOREACH),
    problems: ['4:5: error: step "f": A foreach step needs "steps".'],
    refusedBySchema: true,
  },
  {
    title: "an empty list of steps",
    text: step(`${FOREACH}, steps: []`),
    problems: ['4:83: error: step "f": "steps" must not be an empty list.'],
    refusedBySchema: true,
  },
  {
    title: "a concurrency of 0",
    text: step(`${FOREACH}, concurrency: 0, steps: [${PASS}]`),
    problems: ['4:89: error: step "f": "concurrency" must be a whole number, from 1 to 1000, not the number 0.'],
    refusedBySchema: true,
  },
  {
    title: "a concurrency of 1,001",
    text: step(`${FOREACH}, concurrency: 1001, steps: [${PASS}]`),
    problems: ['4:89: error: step "f": "concurrency" must be a whole number, from 1 to 1000, not the number 1001.'],
    refusedBySchema: true,
  },
  {
    title: "timeoutSeconds on a foreach",
    text: step(`${FOREACH}, timeoutSeconds: 5, steps: [${PASS}]`),
    problems: [
      '4:76: error: step "f": A foreach step takes no "timeoutSeconds": only a task or the whole flow has one.',
    ],
    refusedBySchema: true,
  },
];
