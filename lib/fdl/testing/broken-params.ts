/** Broken definitions: serviceParams of tasks (fdl.md §3.1.5, §3.1.6). */
import { ACTION_TASK, FLOW_TASK, type Flawed, FUNCTION_TASK, QUEUE_TASK, step, TOPIC_TASK } from "./definition-text.ts";

export const brokenParams: readonly Flawed[] = [
  {
    title: "serviceParams that are a list",
    text: step(`${FUNCTION_TASK}, serviceParams: []`),
    problems: ['4:90: error: step "t": "serviceParams" must be a map of parameters, not a list.'],
    refusedBySchema: true,
  },
  {
    title: "serviceParams that are a path",
    text: step(`${QUEUE_TASK}, serviceParams: $`),
    problems: ['4:87: error: step "t": "serviceParams" must be a map of parameters, not the string "$".'],
    refusedBySchema: true,
  },
  {
    title: "an unknown InvocationType",
    text: step(`${FUNCTION_TASK}, serviceParams: {InvocationType: async}`),
    problems: [
      '4:107: error: step "t": "InvocationType" must be "Sync" or "Async", not "async". Did you mean "Async"?',
    ],
    refusedBySchema: true,
  },
  {
    title: "a misspelt parameter",
    text: step(`${FUNCTION_TASK}, serviceParams: {InvocatonType: Async}`),
    problems: [
      '4:91: error: step "t": "serviceParams" of a function has no key "InvocatonType". Did you mean "InvocationType"?',
    ],
    refusedBySchema: true,
  },
  {
    title: "no serviceParams on a queue",
    text: step(QUEUE_TASK),
    problems: ['4:5: error: step "t": The task needs "serviceParams" with "MessageBody".'],
    refusedBySchema: false,
  },
  {
    title: "no serviceParams on a topic",
    text: step("type: task, name: t, resourceArn: 'arn:aws:sns:us-east-1:123456789012:t'"),
    problems: ['4:5: error: step "t": The task needs "serviceParams" with "MessageBody".'],
    refusedBySchema: false,
  },
  {
    title: "no MessageBody",
    text: step(`${QUEUE_TASK}, serviceParams: {Priority: 1}`),
    problems: ['4:87: error: step "t": "serviceParams" of a queue needs "MessageBody".'],
    refusedBySchema: false,
  },
  {
    title: "no value for MessageBody",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: }`),
    problems: ['4:88: error: step "t": "MessageBody" has no value.'],
    refusedBySchema: true,
  },
  {
    title: "messageBody in another case",
    text: step(`${QUEUE_TASK}, serviceParams: {messageBody: $}`),
    problems: [
      '4:88: error: step "t": "serviceParams" of a queue has no key "messageBody". Did you mean "MessageBody"?',
    ],
    refusedBySchema: true,
  },
  {
    title: "a priority of 0",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $, Priority: 0}`),
    problems: ['4:114: error: step "t": "Priority" must be a whole number, from 1 to 16, not the number 0.'],
    refusedBySchema: true,
  },
  {
    title: "a priority of 17",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $, Priority: 17}`),
    problems: ['4:114: error: step "t": "Priority" must be a whole number, from 1 to 16, not the number 17.'],
    refusedBySchema: true,
  },
  {
    title: "a delay over a week",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $, DelaySeconds: 604801}`),
    problems: [
      '4:118: error: step "t": "DelaySeconds" must be a whole number of seconds, from 0 to 604800, not the number 604801.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a negative delay",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $, DelaySeconds: -1}`),
    problems: [
      '4:118: error: step "t": "DelaySeconds" must be a whole number of seconds, from 0 to 604800, not the number -1.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a path that does not parse as a parameter",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $.a b}`),
    problems: [
      '4:104: error: step "t": Expected ".", "[" or the end of the path but found " ". A key with other characters than letters, digits, "_" and "-" is written ["…"].',
    ],
    refusedBySchema: false,
  },
  {
    title: "attributes that are a list",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $, MessageAttributes: []}`),
    problems: ['4:123: error: step "t": "MessageAttributes" must be a map, not a list.'],
    refusedBySchema: true,
  },
  {
    title: "attributes that are the text of a list",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $, MessageAttributes: '[]'}`),
    problems: ['4:123: error: step "t": "MessageAttributes" must be a map, or the JSON text of an object.'],
    refusedBySchema: false,
  },
  {
    title: "attributes that are no JSON text",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $, MessageAttributes: a=b}`),
    problems: ['4:123: error: step "t": "MessageAttributes" must be a map, or the JSON text of an object.'],
    refusedBySchema: false,
  },
  {
    title: "a hole in attributes",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $, MessageAttributes: {a: .nan}}`),
    problems: ['4:127: error: ".nan" is no number that JSON can hold: numbers are finite.'],
  },
  {
    title: "a tag that is a number",
    text: step(`${TOPIC_TASK}, serviceParams: {MessageBody: $, MessageTag: 5}`),
    problems: ['4:116: error: step "t": "MessageTag" must be a string, not the number 5: write "5".'],
    refusedBySchema: true,
  },
  {
    title: "no serviceParams for the action",
    text: step(ACTION_TASK),
    problems: ['4:5: error: step "t": The task needs "serviceParams" with "FlowName".'],
    refusedBySchema: false,
  },
  {
    title: "no FlowName",
    text: step(`${ACTION_TASK}, serviceParams: {Input: $}`),
    problems: ['4:72: error: step "t": "serviceParams" of fnf:StartExecution needs "FlowName".'],
    refusedBySchema: false,
  },
  {
    title: "a FlowName that is no name",
    text: step(`${ACTION_TASK}, serviceParams: {FlowName: 1st}`),
    problems: [
      '4:83: error: step "t": "FlowName" must be 1 to 128 letters, digits, "_" or "-", the first a letter or "_".',
    ],
    refusedBySchema: true,
  },
  {
    title: "an empty FlowName",
    text: step(`${ACTION_TASK}, serviceParams: {FlowName: ''}`),
    problems: ['4:83: error: step "t": "FlowName" must have at least one character.'],
    refusedBySchema: true,
  },
  {
    title: "a callback token for the action",
    text: step(`${ACTION_TASK}, serviceParams: {FlowName: f, CallbackFnFTaskToken: $.token}`),
    problems: [
      '4:86: error: step "t": "serviceParams" of fnf:StartExecution takes no "CallbackFnFTaskToken": use pattern: sync to wait for the new execution.',
    ],
    refusedBySchema: true,
  },
  {
    title: "an ExecutionName that is no name",
    text: step(`${FLOW_TASK}, serviceParams: {ExecutionName: a b}`),
    problems: [
      '4:91: error: step "t": "ExecutionName" must be 1 to 128 letters, digits, "_" or "-", the first a letter or "_".',
    ],
    refusedBySchema: true,
  },
  {
    title: "no value for serviceParams of a queue",
    text: step(`${QUEUE_TASK}, serviceParams: `),
    problems: [
      '4:5: error: step "t": The task needs "serviceParams" with "MessageBody".',
      '4:72: warning: step "t": "serviceParams" has no value: it is ignored.',
    ],
    refusedBySchema: true,
  },
  {
    title: "an Input that is a number",
    text: step(`${FLOW_TASK}, serviceParams: {Input: 5}`),
    problems: ['4:83: error: step "t": "Input" must be a map, not the number 5.'],
    refusedBySchema: true,
  },
];
