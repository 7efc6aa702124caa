/** Broken definitions: tasks (fdl.md §3.1, §12). */
import { type Flawed, FUNCTION_TASK, QUEUE_TASK, step, TOPIC_TASK } from "./definition-text.ts";

export const brokenTasks: readonly Flawed[] = [
  {
    title: "no name",
    text: step("type: task, resourceArn: 'acs:fnf:::flow/f'"),
    problems: ['4:5: error: A task step needs "name".'],
    refusedBySchema: true,
  },
  {
    title: "neither resourceArn nor action",
    text: step("type: task, name: t"),
    problems: ['4:5: error: step "t": A task step needs "resourceArn" or "action".'],
    refusedBySchema: true,
  },
  {
    title: "both resourceArn and action",
    text: step(`${FUNCTION_TASK}, action: 'fnf:StartExecution', serviceParams: {FlowName: f}`),
    problems: [
      '4:5: error: step "t": A task step takes "resourceArn" or "action", not both.',
      '4:121: warning: step "t": "serviceParams" of a function has no key "FlowName": it is ignored.',
    ],
    refusedBySchema: true,
  },
  {
    title: "no value for resourceArn",
    text: step("type: task, name: t, resourceArn: "),
    problems: ['4:27: error: step "t": "resourceArn" has no value.'],
    refusedBySchema: true,
  },
  {
    title: "no value for action",
    text: step("type: task, name: t, action: "),
    problems: ['4:27: error: step "t": "action" has no value.'],
    refusedBySchema: true,
  },
  {
    title: "a misspelt resourceArn",
    text: step("type: task, name: t, resourceARN: 'acs:fc:::services/s/functions/f'"),
    problems: ['4:27: error: step "t": A task step has no key "resourceARN". Did you mean "resourceArn"?'],
    refusedBySchema: true,
  },
  {
    title: "an empty resourceArn",
    text: step("type: task, name: t, resourceArn: ''"),
    problems: ['4:40: error: step "t": "resourceArn" must have at least one character.'],
    refusedBySchema: true,
  },
  {
    title: "a resourceArn that is a list",
    text: step("type: task, name: t, resourceArn: []"),
    problems: ['4:40: error: step "t": "resourceArn" must be a string, not a list.'],
    refusedBySchema: true,
  },
  {
    title: "a resourceArn of another service",
    text: step("type: task, name: t, resourceArn: 'acs:ecs:::x'"),
    problems: [
      '4:41: error: step "t": A resource name has one of the forms acs:fc:{region}:{account}:services/{service}[.{versionOrAlias}]/functions/{function}, acs:fc:{region}:{account}:functions/{function}[/{versionOrAlias}], acs:mns:{region}:{account}:/queues/{queue}/messages, acs:mns:{region}:{account}:/topics/{topic}/messages, acs:fnf:{region}:{account}:flow/{flow}, arn:aws:lambda:{region}:{account}:function:{function}[:{versionOrAlias}], arn:aws:sqs:{region}:{account}:{queue}, arn:aws:sns:{region}:{account}:{topic}.',
    ],
    refusedBySchema: false,
  },
  {
    title: "another action",
    text: step("type: task, name: t, action: 'ocr:RecognizeIdentityCard'"),
    problems: [
      '4:36: error: step "t": The action "ocr:RecognizeIdentityCard" is not supported, only "fnf:StartExecution" is: call the API from a function.',
    ],
    refusedBySchema: true,
  },
  {
    title: "an unknown pattern",
    text: step(`${FUNCTION_TASK}, pattern: async`),
    problems: [
      '4:84: error: step "t": "pattern" must be "requestResponse", "sync" or "waitForCallback", not "async". Did you mean "sync"?',
    ],
    refusedBySchema: true,
  },
  {
    title: "a pattern in another case",
    text: step(`${FUNCTION_TASK}, pattern: waitforcallback`),
    problems: [
      '4:84: error: step "t": "pattern" must be "requestResponse", "sync" or "waitForCallback", not "waitforcallback". Did you mean "waitForCallback"?',
    ],
    refusedBySchema: true,
  },
  {
    title: "a pattern that is no string",
    text: step(`${FUNCTION_TASK}, pattern: [sync]`),
    problems: ['4:84: error: step "t": "pattern" must be "requestResponse", "sync" or "waitForCallback", not a list.'],
    refusedBySchema: true,
  },
  {
    title: "sync on a queue",
    text: step(`${QUEUE_TASK}, pattern: sync, serviceParams: {MessageBody: $}`),
    problems: [
      '4:81: error: step "t": A queue does not tell when its message is dealt with, as "sync" needs it: use "waitForCallback" or "requestResponse".',
    ],
    refusedBySchema: false,
  },
  {
    title: "sync on a topic",
    text: step(`${TOPIC_TASK}, pattern: sync, serviceParams: {MessageBody: $}`),
    problems: [
      '4:81: error: step "t": A topic does not tell when its message is dealt with, as "sync" needs it: use "waitForCallback" or "requestResponse".',
    ],
    refusedBySchema: false,
  },
  {
    title: "a time-out of 0",
    text: step(`${FUNCTION_TASK}, timeoutSeconds: 0`),
    problems: [
      '4:91: error: step "t": "timeoutSeconds" must be a whole number of seconds, from 1 to 31536000, not the number 0.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a time-out over a year",
    text: step(`${FUNCTION_TASK}, timeoutSeconds: 31536001`),
    problems: [
      '4:91: error: step "t": "timeoutSeconds" must be a whole number of seconds, from 1 to 31536000, not the number 31536001.',
    ],
    refusedBySchema: true,
  },
  {
    title: "heartbeatSeconds without a callback",
    text: step(`${FUNCTION_TASK}, heartbeatSeconds: 5`),
    problems: ['4:75: error: step "t": "heartbeatSeconds" goes only with "pattern: waitForCallback".'],
    refusedBySchema: false,
  },
  {
    title: "heartbeatSeconds with sync",
    text: step(`${FUNCTION_TASK}, pattern: sync, heartbeatSeconds: 5`),
    problems: ['4:90: error: step "t": "heartbeatSeconds" goes only with "pattern: waitForCallback".'],
    refusedBySchema: false,
  },
  {
    title: "heartbeatSeconds of 0",
    text: step(`${FUNCTION_TASK}, pattern: waitForCallback, heartbeatSeconds: 0`),
    problems: [
      '4:119: error: step "t": "heartbeatSeconds" must be a whole number of seconds, from 1 to 31536000, not the number 0.',
    ],
    refusedBySchema: true,
  },
  {
    title: "an unknown onLost",
    text: step(`${FUNCTION_TASK}, onLost: ignore`),
    problems: ['4:83: error: step "t": "onLost" must be "retry" or "fail", not "ignore".'],
    refusedBySchema: true,
  },
  {
    title: "heartbeatSeconds beside an unknown pattern",
    text: step(`${FUNCTION_TASK}, pattern: callback, heartbeatSeconds: 5`),
    problems: [
      '4:84: error: step "t": "pattern" must be "requestResponse", "sync" or "waitForCallback", not "callback".',
    ],
    refusedBySchema: true,
  },
];
