/**
 * What the golden journals were recorded from: flows, and the worlds they were played in. A recorded
 * journal stands on its own (golden.test.ts says how to record); with a new core version it stays as it is.
 */
import type { Json } from "../../fdl/json.ts";
import { flowOf } from "../testing/flow.ts";
import { TaskError, type World } from "../testing/play.ts";

export interface Scenario {
  readonly definition: string;
  /** Made anew for each play: its functions may count. */
  readonly world: () => World;
}

const START = Date.parse("2024-01-01T00:00:00.000Z");

/** Answers one after another; an answer that is an error is thrown. */
function inTurn(...answers: readonly (Json | TaskError)[]): () => Json | undefined {
  const rest = [...answers];
  return () => {
    const answer = rest.shift();
    if (answer instanceof TaskError) throw answer;
    return answer;
  };
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  "data-of-steps": {
    definition: `
version: v1
type: flow
inputMappings: [{target: user, source: $input.user}, {target: gone, source: $input.gone}]
outputMappings: [{target: result, source: $local}, {target: by, source: $context.execution.name}]
steps:
  - {type: pass, name: seedVars, outputMappings: [{target: n, source: 2}, {target: list, source: [{k: 1}, {}, {k: 3}]}]}
  - type: choice
    name: branch
    choices:
      - condition: $.n == 2 && $.user in ["ann"]
        steps:
          - type: pass
            name: inner
            inputMappings: [{target: who, source: $input.user}, {target: id, source: $context.step.eventId}]
            outputMappings: [{target: greeting, source: $.who}, {target: id, source: $input.id}]
  - {type: pass, name: pick, outputMappings: [{target: ks, source: "$input.list[*].k"}, {target: last, source: "$input.list[-1]"}]}
  - {type: succeed, name: done}
`,
    world: () => ({ input: { user: "ann", extra: true }, startedAt: START }),
  },
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
  waits: {
    definition: `
version: v1
type: flow
steps:
  - {type: wait, name: fraction, duration: "1.5"}
  - {type: wait, name: past, timestamp: "2020-01-01T00:00:00Z"}
  - {type: wait, name: until, timestamp: $.until}
  - {type: wait, name: none, duration: $.missing}
  - {type: wait, name: bad, duration: $.until}
`,
    world: () => ({ input: { until: "2024-01-01T08:01:00+08:00" }, startedAt: START }),
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
  parallel: {
    definition: `
version: v1
type: flow
steps:
  - {type: pass, name: before, outputMappings: [{target: x, source: 1}]}
  - type: parallel
    name: p
    branches:
      - steps: [{type: wait, name: slow, duration: 5}, {type: pass, name: a, outputMappings: [{target: v, source: $input.x}]}]
      - steps:
          - type: parallel
            name: q
            branches: [{steps: [{type: pass, name: b, end: true}, {type: fail, name: c}]}, {steps: [{type: succeed, name: d}]}]
            outputMappings: [{target: count, source: $local}]
          - {type: pass, name: e, outputMappings: [{target: id, source: $context.step.eventId}]}
    outputMappings: [{target: all, source: $local}]
  - {type: pass, name: after, outputMappings: [{target: id, source: $context.step.eventId}]}
`,
    world: () => ({ startedAt: START }),
  },
  "failing-branches": {
    definition: `
version: v1
type: flow
steps:
  - type: parallel
    name: caught
    branches:
      - steps: [{type: wait, name: late, duration: 3}, {type: fail, name: f, error: Late}]
      - steps: [{type: choice, name: c, default: {steps: [{type: task, name: t, resourceArn: "acs:fc:::services/s/functions/t"}]}}]
    retry: [{errors: [Early], intervalSeconds: 2, maxAttempts: 1}]
    catch: [{errors: [Late, Early], goto: next}]
    errorMappings: [{target: error, source: $local.error}]
  - {type: fail, name: never}
  - {type: pass, name: next}
  - type: parallel
    name: uncaught
    branches: [{steps: [{type: pass, name: a}]}, {steps: [{type: fail, name: g, error: Uncaught, cause: why}]}]
`,
    world: () => ({
      startedAt: START,
      functions: { t: inTurn(new TaskError("Early", "first"), new TaskError("Early", "second")) },
    }),
  },
  foreach: {
    definition: `
version: v1
type: flow
steps:
  - type: foreach
    name: each
    concurrency: 2
    iterationMapping: {collection: "$.orders[*].id", item: item, index: i}
    steps:
      - type: task
        name: work
        resourceArn: acs:fc:::services/s/functions/work
        catch: [{errors: [FnF.ALL], goto: skip}]
        outputMappings: [{target: done, source: $local.done}]
        end: true
      - {type: pass, name: skip, outputMappings: [{target: skipped, source: $input.item}, {target: at, source: $input.i}]}
    outputMappings: [{target: all, source: $local}, {target: done, source: "$local[*].done"}]
  - {type: foreach, name: none, iterationMapping: {collection: $.empty, item: item}, steps: [{type: pass, name: a}], outputMappings: [{target: none, source: $local}]}
  - {type: foreach, name: bad, iterationMapping: {collection: "$.done[0]", item: item}, steps: [{type: pass, name: b}], retry: [{errors: [FnF.InvalidInput], maxAttempts: 1}]}
`,
    world: () => ({
      input: { orders: [{ id: 3 }, { id: 1 }, {}, { id: 4 }, { id: 1 }], empty: [] },
      startedAt: START,
      functions: {
        work: (payload) => {
          const { item } = payload as { readonly item: number };
          if (item === 4) throw new TaskError("TooLarge", "4");
          return { done: item * 10 };
        },
      },
    }),
  },
  "foreach-flushes": {
    definition: `
version: v1
type: flow
steps:
  - type: foreach
    name: each
    concurrency: 1
    iterationMapping: {collection: $.items, item: item}
    steps: [{type: task, name: work, resourceArn: "acs:fc:::services/s/functions/work"}]
    outputMappings: [{target: n, source: "$local[*].n"}]
`,
    world: () => {
      const text = "x".repeat(20_000);
      let n = 0;
      return {
        input: { items: [1, 2, 3, 4, 5] },
        startedAt: START,
        functions: {
          work: () => {
            n += 1;
            return { n, text };
          },
        },
      };
    },
  },
  yields: {
    definition: `
version: v1
type: flow
steps:
  - {type: pass, name: a, inputMappings: [{target: t, source: $input.text}]}
  - {type: pass, name: b, inputMappings: [{target: t, source: $input.text}]}
  - {type: pass, name: c, inputMappings: [{target: t, source: $input.text}]}
`,
    world: () => ({ input: { text: "长".repeat(15_000) }, startedAt: START }),
  },
  "data-limit": {
    definition: `
version: v1
type: flow
steps:
  - type: choice
    name: c
    default:
      steps: [{type: pass, name: doubles, outputMappings: [{target: a, source: $input.text}, {target: b, source: $input.text}]}]
`,
    world: () => ({ input: { text: "0123456789" }, startedAt: START, maxDataBytes: 50 }),
  },
};
