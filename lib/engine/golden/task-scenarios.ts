/** Golden scenarios of tasks: results, retries, catches, callbacks, sub-flows. */
import { flowOf } from "../testing/flow.ts";
import { TaskError } from "../testing/play.ts";
import { inTurn, type Scenario, START } from "./scenario.ts";

export const taskScenarios: Readonly<Record<string, Scenario>> = {
  "loop-by-goto": {
    definition: `
version: v1
type: flow
steps:
  - {type: task, name: GetJobStatus, resourceArn: "acs:fc:::services/s/functions/status"}
  - type: choice
    name: CheckJobComplete
    choices:
      - condition: $.status == "failed"
        goto: JobFailed
      - condition: $.status == "succeeded"
        steps: [{type: pass, name: note, outputMappings: [{target: noted, source: true}]}]
        goto: JobSucceeded
    default:
      steps: [{type: wait, name: Pause, duration: $.delay}]
      goto: GetJobStatus
  - {type: succeed, name: JobSucceeded}
  - {type: fail, name: JobFailed, error: JobFailed, cause: the job says so}
`,
    world: () => ({
      input: { delay: 10 },
      startedAt: START,
      functions: { status: inTurn({ status: "running" }, '{"status":"running"}', { status: "succeeded" }) },
    }),
  },
  "retry-and-catch": {
    definition: `
version: v1
type: flow
steps:
  - type: task
    name: flaky
    resourceArn: acs:fc:::services/s.online/functions/flaky
    timeoutSeconds: 60
    inputMappings: [{target: token, source: $context.task.token}, {target: a, source: $input.a}]
    outputMappings: [{target: b, source: $local.b}]
    retry:
      - {errors: [FC.Throttled], intervalSeconds: 0, maxAttempts: 1}
      - {errors: [FnF.TaskTimeout, Again], intervalSeconds: 3, maxAttempts: 2, multiplier: 1.5}
    catch:
      - {errors: [Other], goto: never}
      - {errors: [FnF.ALL], goto: handle}
    errorMappings: [{target: error, source: $local.code}, {target: cause, source: $local.cause}]
  - {type: fail, name: never}
  - {type: pass, name: handle, outputMappings: [{target: handled, source: $input.error}]}
  - type: task
    name: plain
    resourceArn: acs:fc:::services/s/functions/plain
    retry: [{errors: [FnF.InvalidLocal]}]
`,
    world: () => ({
      input: { a: 1 },
      startedAt: START,
      functions: {
        flaky: inTurn(
          new TaskError("Throttled", "429"),
          new TaskError("Again", "not yet"),
          new TaskError("FnF.TaskTimeout", "60 s"),
          new TaskError("Again", '{"errorMessage":"still not"}'),
        ),
        plain: inTurn([1], "text", { ok: true }),
      },
    }),
  },
  callbacks: {
    definition: `
version: v1
type: flow
steps:
  - type: task
    name: approve
    resourceArn: acs:mns:::/queues/approvals/messages
    pattern: waitForCallback
    timeoutSeconds: 3600
    heartbeatSeconds: 600
    inputMappings: [{target: token, source: $context.task.token}, {target: order, source: $input.order}]
    serviceParams: {MessageBody: $, DelaySeconds: 5, Priority: 1}
    retry: [{errors: [FnF.TaskTimeout], maxAttempts: 1}]
    outputMappings: [{target: approved, source: $local.approved}, {target: with, source: $input.token}]
  - {type: task, name: function, resourceArn: "arn:aws:lambda:us-east-1:123456789012:function:ask:live", pattern: waitForCallback, catch: [{errors: [Denied], goto: third}]}
  - {type: task, name: third, resourceArn: "acs:mns:::/topics/t/messages", pattern: waitForCallback, serviceParams: {MessageBody: x, MessageTag: $.order.tag}}
`,
    world: () => ({
      input: { order: { id: 7, tag: "express" } },
      startedAt: START,
      functions: { ask: () => ({ asked: true }) },
      topics: {
        t: () => {
          throw new TaskError("MNS.TopicNotExist", "no topic t");
        },
      },
      verdicts: ({ step, retryCount }) => {
        if (step === "function") return { kind: "failed", error: "Denied", cause: "by the manager", after: 4 };
        return retryCount === 0 ? undefined : { kind: "succeeded", output: { approved: true }, after: 90 };
      },
    }),
  },
  "sub-flows": {
    definition: `
version: v1
type: flow
steps:
  - {type: task, name: start, resourceArn: "acs:fnf:::flow/child", serviceParams: {Input: $.given, ExecutionName: $.name}}
  - {type: task, name: run, resourceArn: "acs:fnf:::flow/child", pattern: sync, inputMappings: [{target: n, source: 3}]}
  - {type: task, name: async, resourceArn: "acs:fc:::services/s/functions/f", pattern: sync, serviceParams: {InvocationType: Async}}
  - {type: task, name: forget, resourceArn: "acs:fc:::services/s/functions/f", serviceParams: {InvocationType: Async}}
  - {type: task, name: act, action: "fnf:StartExecution", serviceParams: {FlowName: nowhere}, catch: [{errors: [fnf.FlowNotExists], goto: broken}]}
  - {type: fail, name: never}
  - {type: task, name: broken, resourceArn: "acs:fnf:::flow/failing", pattern: sync, catch: [{errors: [FnF.RuntimeError], goto: unready}]}
  - {type: fail, name: never-either}
  - {type: task, name: unready, resourceArn: "acs:fnf:::flow/child", serviceParams: {Input: $.absent}}
`,
    world: () => ({
      input: { given: { n: 2 }, name: "child-1" },
      startedAt: START,
      functions: { f: inTurn({ async: 1 }, { forgotten: 2 }) },
      flows: {
        child: flowOf(
          `steps: [{type: wait, name: w, duration: $.n}, {type: pass, name: p, outputMappings: [{target: n, source: $input.n}]}]`,
        ),
        failing: flowOf("steps: [{type: fail, name: f}]"),
      },
    }),
  },
};
