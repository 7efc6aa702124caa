/** Right definitions: tasks (fdl.md §3.1, §6.3, §6.4, §12). */
import { ACTION_TASK, FLOW_TASK, FUNCTION_TASK, QUEUE_TASK, step, TOPIC_TASK } from "./definition-text.ts";
import { constant, path, type Valid, whole } from "./valid-parts.ts";

const own = { region: "", account: "" };

const bareTask = {
  type: "task",
  name: "t",
  resourceArn: "acs:fc:::services/s/functions/f",
  resource: { kind: "fc", service: "s", function: "f", ...own },
  action: false,
  pattern: "requestResponse",
  onLost: "retry",
  retry: [],
  catch: [],
  end: false,
} as const;

const queueTask = {
  ...bareTask,
  resourceArn: "acs:mns:::/queues/q/messages",
  resource: { kind: "queue", queue: "q", ...own },
} as const;

const topicTask = {
  ...bareTask,
  resourceArn: "acs:mns:::/topics/t/messages",
  resource: { kind: "topic", topic: "t", ...own },
} as const;

const flowTask = {
  ...bareTask,
  resourceArn: "acs:fnf:::flow/f",
  resource: { kind: "flow", flow: "f" },
} as const;

export const validTasks: readonly Valid[] = [
  { title: "a function", text: step(FUNCTION_TASK), step: bareTask },
  {
    title: "a function with everything",
    text: step(
      `${FUNCTION_TASK}, pattern: waitForCallback, timeoutSeconds: 31536000, heartbeatSeconds: 1, onLost: fail, end: true, serviceParams: {InvocationType: Async, StatefulAsyncInvocationID: $.id}`,
    ),
    step: {
      ...bareTask,
      pattern: "waitForCallback",
      timeoutSeconds: 31_536_000,
      heartbeatSeconds: 1,
      onLost: "fail",
      end: true,
      serviceParams: { InvocationType: constant("Async"), StatefulAsyncInvocationID: path("id") },
    },
  },
  {
    title: "a function of AWS, with sync and its defaults spelt out",
    text: step(
      "type: task, name: t, resourceArn: 'arn:aws:lambda:::function:f', pattern: sync, onLost: retry, timeoutSeconds: 1, serviceParams: {InvocationType: Sync}",
    ),
    step: {
      ...bareTask,
      resourceArn: "arn:aws:lambda:::function:f",
      resource: { kind: "function", function: "f", ...own },
      pattern: "sync",
      timeoutSeconds: 1,
      serviceParams: { InvocationType: constant("Sync") },
    },
  },
  {
    title: "a retry policy with its defaults, and a catch",
    text: step(
      `${FUNCTION_TASK}, retry: [{errors: [FnF.ALL]}], catch: [{errors: [A, B], goto: t}], errorMappings: [{target: e, source: x}]`,
    ),
    step: {
      ...bareTask,
      retry: [{ errors: ["FnF.ALL"], intervalSeconds: 1, maxAttempts: 3, multiplier: 2, maxIntervalSeconds: 86_400 }],
      catch: [{ errors: ["A", "B"], goto: "t" }],
      errorMappings: [{ target: "e", source: constant("x") }],
    },
  },
  {
    title: "a retry policy with all its values",
    text: step(
      `${FUNCTION_TASK}, retry: [{errors: [A], intervalSeconds: 0, maxAttempts: 0, multiplier: 1, maxIntervalSeconds: 0}]`,
    ),
    step: {
      ...bareTask,
      retry: [{ errors: ["A"], intervalSeconds: 0, maxAttempts: 0, multiplier: 1, maxIntervalSeconds: 0 }],
    },
  },
  {
    title: "a retry policy with an interval longer than FnF's longest",
    text: step(`${FUNCTION_TASK}, retry: [{errors: [A], intervalSeconds: 31536000, multiplier: 1.5}]`),
    step: {
      ...bareTask,
      retry: [
        {
          errors: ["A"],
          intervalSeconds: 31_536_000,
          maxAttempts: 3,
          multiplier: 1.5,
          maxIntervalSeconds: 31_536_000,
        },
      ],
    },
  },
  {
    title: "a queue",
    text: step(
      `${QUEUE_TASK}, pattern: waitForCallback, serviceParams: {MessageBody: $, DelaySeconds: 604800, Priority: 16, MessageAttributes: {k: v}, MessageGroupId: $.group, MessageDeduplicationId: d}`,
    ),
    step: {
      ...queueTask,
      pattern: "waitForCallback",
      serviceParams: {
        MessageBody: whole,
        DelaySeconds: constant(604_800),
        Priority: constant(16),
        MessageAttributes: constant({ k: "v" }),
        MessageGroupId: path("group"),
        MessageDeduplicationId: constant("d"),
      },
    },
  },
  {
    title: "a queue, at the lower bounds",
    text: step(
      `${QUEUE_TASK}, serviceParams: {MessageBody: {a: [1]}, DelaySeconds: 0, Priority: 1, MessageAttributes: '{"k": "v"}'}`,
    ),
    step: {
      ...queueTask,
      serviceParams: {
        MessageBody: constant({ a: [1] }),
        DelaySeconds: constant(0),
        Priority: constant(1),
        MessageAttributes: constant('{"k": "v"}'),
      },
    },
  },
  {
    title: "a topic",
    text: step(`${TOPIC_TASK}, serviceParams: {MessageBody: '', MessageTag: a, Subject: b}`),
    step: {
      ...topicTask,
      serviceParams: { MessageBody: constant(""), MessageTag: constant("a"), Subject: constant("b") },
    },
  },
  { title: "a sub-flow", text: step(`${FLOW_TASK}, pattern: sync`), step: { ...flowTask, pattern: "sync" } },
  {
    title: "a sub-flow with parameters",
    text: step(`${FLOW_TASK}, serviceParams: {Input: $, ExecutionName: run_1}`),
    step: { ...flowTask, serviceParams: { Input: whole, ExecutionName: constant("run_1") } },
  },
  {
    title: "an action",
    text: step(`${ACTION_TASK}, pattern: sync, serviceParams: {FlowName: f, Input: {a: 1}, ExecutionName: $.name}`),
    step: {
      ...flowTask,
      resourceArn: "fnf:StartExecution",
      resource: { kind: "flow" },
      action: true,
      pattern: "sync",
      serviceParams: { FlowName: constant("f"), Input: constant({ a: 1 }), ExecutionName: path("name") },
    },
  },
];
