/** Broken definitions: retry and catch (fdl.md §6.3, §6.4). */
import { type Flawed, FUNCTION_TASK, flow, PASS, step } from "./definition-text.ts";

export const brokenPolicies: readonly Flawed[] = [
  {
    title: "retry that is a map",
    text: step(`${FUNCTION_TASK}, retry: {errors: [FnF.ALL]}`),
    problems: [
      '4:82: error: step "t": "retry" must be a list of retry policies, not a map: write [{errors: [FnF.ALL]}].',
    ],
    refusedBySchema: true,
  },
  {
    title: "a retry policy that is a word",
    text: step(`${FUNCTION_TASK}, retry: [FnF.ALL]`),
    problems: [
      '4:83: error: step "t": Each of the retry policies must be a map with "errors", not the string "FnF.ALL".',
    ],
    refusedBySchema: true,
  },
  {
    title: "no errors in a retry policy",
    text: step(`${FUNCTION_TASK}, retry: [{maxAttempts: 1}]`),
    problems: ['4:83: error: step "t": A retry policy needs "errors".'],
    refusedBySchema: true,
  },
  {
    title: "an empty list of errors",
    text: step(`${FUNCTION_TASK}, retry: [{errors: []}]`),
    problems: ['4:92: error: step "t": "errors" must not be an empty list.'],
    refusedBySchema: true,
  },
  {
    title: "errors that are a word",
    text: step(`${FUNCTION_TASK}, retry: [{errors: FnF.ALL}]`),
    problems: [
      '4:92: error: step "t": "errors" must be a list of error names, not the string "FnF.ALL": write [FnF.ALL].',
    ],
    refusedBySchema: true,
  },
  {
    title: "an error that is a number",
    text: step(`${FUNCTION_TASK}, retry: [{errors: [404]}]`),
    problems: ['4:93: error: step "t": Each of the error names must be a string, not the number 404: write "404".'],
    refusedBySchema: true,
  },
  {
    title: "an error that is empty",
    text: step(`${FUNCTION_TASK}, retry: [{errors: ['']}]`),
    problems: ['4:93: error: step "t": Each of the error names must have at least one character.'],
    refusedBySchema: true,
  },
  {
    title: "a negative interval",
    text: step(`${FUNCTION_TASK}, retry: [{errors: [FnF.ALL], intervalSeconds: -1}]`),
    problems: [
      '4:120: error: step "t": "intervalSeconds" must be a whole number of seconds, from 0 to 31536000, not the number -1.',
    ],
    refusedBySchema: true,
  },
  {
    title: "an interval over a year",
    text: step(`${FUNCTION_TASK}, retry: [{errors: [FnF.ALL], intervalSeconds: 31536001}]`),
    problems: [
      '4:120: error: step "t": "intervalSeconds" must be a whole number of seconds, from 0 to 31536000, not the number 31536001.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a fraction as an interval",
    text: step(`${FUNCTION_TASK}, retry: [{errors: [FnF.ALL], intervalSeconds: 0.5}]`),
    problems: [
      '4:120: error: step "t": "intervalSeconds" must be a whole number of seconds, from 0 to 31536000, not the number 0.5.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a negative number of attempts",
    text: step(`${FUNCTION_TASK}, retry: [{errors: [FnF.ALL], maxAttempts: -1}]`),
    problems: ['4:116: error: step "t": "maxAttempts" must be a whole number, 0 or more, not the number -1.'],
    refusedBySchema: true,
  },
  {
    title: "attempts in quotes",
    text: step(`${FUNCTION_TASK}, retry: [{errors: [FnF.ALL], maxAttempts: '3'}]`),
    problems: [
      '4:116: error: step "t": "maxAttempts" must be a whole number, 0 or more, not the string "3": write 3 without quotes.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a multiplier below 1",
    text: step(`${FUNCTION_TASK}, retry: [{errors: [FnF.ALL], multiplier: 0.9}]`),
    problems: ['4:115: error: step "t": "multiplier" must be a number, 1 or more, not the number 0.9.'],
    refusedBySchema: true,
  },
  {
    title: "a longest interval over a year",
    text: step(`${FUNCTION_TASK}, retry: [{errors: [FnF.ALL], maxIntervalSeconds: 31536001}]`),
    problems: [
      '4:123: error: step "t": "maxIntervalSeconds" must be a whole number of seconds, from 0 to 31536000, not the number 31536001.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a misspelt key in a retry policy",
    text: step(`${FUNCTION_TASK}, retry: [{errors: [FnF.ALL], maxAttemps: 1}]`),
    problems: ['4:103: error: step "t": A retry policy has no key "maxAttemps". Did you mean "maxAttempts"?'],
    refusedBySchema: true,
  },
  {
    title: "catch that is a word",
    text: step(`${FUNCTION_TASK}, catch: a`),
    problems: [
      '4:82: error: step "t": "catch" must be a list of catch policies, not the string "a": write [{errors: [FnF.ALL], goto: step}].',
    ],
    refusedBySchema: true,
  },
  {
    title: "no goto in a catch policy",
    text: step(`${FUNCTION_TASK}, catch: [{errors: [FnF.ALL]}]`),
    problems: ['4:83: error: step "t": A catch policy needs "goto".'],
    refusedBySchema: true,
  },
  {
    title: "no errors in a catch policy",
    text: step(`${FUNCTION_TASK}, catch: [{goto: t}]`),
    problems: ['4:83: error: step "t": A catch policy needs "errors".'],
    refusedBySchema: true,
  },
  {
    title: "steps in a catch policy",
    text: step(`${FUNCTION_TASK}, catch: [{errors: [FnF.ALL], goto: t, steps: []}]`),
    problems: [
      '4:112: error: step "t": A catch policy takes no "steps": put the steps behind the one that its goto names.',
    ],
    refusedBySchema: true,
  },
  {
    title: "timeoutSeconds on a parallel",
    text: flow(`- {type: parallel, name: p, timeoutSeconds: 5, branches: [{steps: [${PASS}]}]}`),
    problems: [
      '4:31: error: step "p": A parallel step takes no "timeoutSeconds": only a task or the whole flow has one.',
    ],
    refusedBySchema: true,
  },
  {
    title: "errorMappings that are wrong",
    text: step(`${FUNCTION_TASK}, catch: [{errors: [FnF.ALL], goto: t}], errorMappings: [{source: 1}]`),
    problems: ['4:130: error: step "t": A mapping needs "target".'],
    refusedBySchema: true,
  },
];
