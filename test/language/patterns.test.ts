/** Patterns and callbacks (fdl.md §3.1.2, §3.1.3, §10 rows 15, 16, 48). */
import { describe, expect, it } from "vitest";
import type { Json } from "../../lib/fdl/json.ts";
import { problems } from "./definition.ts";
import { details, trace } from "./events.ts";
import { run } from "./run.ts";
import { fails, timesOut } from "./scripts.ts";

const TASK = `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"`;
const QUEUE = `type: task, name: t, resourceArn: "acs:mns:::/queues/q/messages", serviceParams: {MessageBody: $}`;
const answer = { functions: { "s/f": () => ({ r: 1 }) } };
const report = (output: Json) => () => ({ kind: "succeeded", output }) as const;

describe("patterns", () => {
  it("[PAT-01] requestResponse waits for a function's result", () => {
    expect(run(`- {${TASK}, pattern: requestResponse}`, answer).output).toEqual({ r: 1 });
  });

  it("[PAT-01] requestResponse waits for the receipt of a queue or topic", () => {
    const receipt = { MessageId: "m", MessageBodyMD5: "5", RequestId: "r" };
    expect(run(`- {${QUEUE}}`, { queues: { q: () => receipt } }).output).toEqual(receipt);
    expect(run(`- {${QUEUE.replace("queues/q", "topics/x")}}`, { topics: { x: () => receipt } }).output).toEqual(
      receipt,
    );
  });

  it("[PAT-02] requestResponse with Async does not wait: local is {}", () => {
    const { output, calls, events } = run(
      `- {${TASK}, serviceParams: {InvocationType: Async}, outputMappings: [{target: l, source: $local}]}`,
      answer,
    );
    expect(output).toEqual({ l: {} });
    expect(calls).toEqual([expect.objectContaining({ kind: "function", invocationType: "Async" })]);
    expect(trace(events, "TaskSubmitted")).toEqual([]);
  });

  it("[PAT-03] sync with Async is handed over and its end waited for", () => {
    const { output, calls, events } = run(`- {${TASK}, pattern: sync, serviceParams: {InvocationType: Async}}`, answer);
    expect(output).toEqual({ r: 1 });
    expect(calls).toEqual([expect.objectContaining({ invocationType: "Async" })]);
    expect(trace(events, "TaskSubmitted")).toEqual(["t"]);
  });

  it("[PAT-03] its failure is the task's", () => {
    const { output, events } = run(
      `[{${TASK}, pattern: sync, serviceParams: {InvocationType: Async}, catch: [{errors: [E], goto: z}], errorMappings: [{target: c, source: $local.cause}]}, {type: succeed, name: z}]`,
      { functions: { "s/f": fails("E", "why") } },
    );
    expect(output).toEqual({ c: "why" });
    expect(trace(events, "TaskSubmitted")).toEqual(["t"]);
  });

  it.each(["", ", serviceParams: {InvocationType: Sync}"])(
    "[PAT-04] sync%s is called as with requestResponse",
    (rest) => {
      const { output, calls, events } = run(`- {${TASK}, pattern: sync${rest}}`, answer);
      expect(output).toEqual({ r: 1 });
      expect(calls).toEqual([expect.objectContaining({ invocationType: "Sync" })]);
      expect(trace(events, "TaskSubmitted")).toEqual([]);
    },
  );

  it.each(["queues/q", "topics/x"])("[PAT-05] %s takes no sync", (name) => {
    const of = (pattern: string) => problems(`- {${QUEUE.replace("queues/q", name)}, pattern: ${pattern}}`);
    expect(of("sync")).toEqual([expect.stringMatching(/error t: .*sync/)]);
    expect([of("requestResponse"), of("waitForCallback")]).toEqual([[], []]);
  });
});

describe("callbacks", () => {
  const CALLBACK = `${TASK}, pattern: waitForCallback`;

  it("[CB-01] the resource is called, then the step waits for the report", () => {
    const { output, calls, events } = run(`- {${CALLBACK}}`, { ...answer, verdicts: report({ ok: 1 }) });
    expect(calls).toEqual([expect.objectContaining({ invocationType: "Sync" })]);
    expect(output).toEqual({ ok: 1 });
    expect(events.map((event) => event.type).slice(2, 6)).toEqual([
      "TaskScheduled",
      "TaskStarted",
      "TaskSubmitted",
      "TaskSucceeded",
    ]);
  });

  it("[CB-01] a message may be the call", () => {
    const { output, calls } = run(
      `- {${QUEUE}, pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}]}`,
      {
        queues: { q: () => ({ MessageId: "m" }) },
        verdicts: report({ ok: 1 }),
      },
    );
    expect(calls).toEqual([expect.objectContaining({ kind: "queue" })]);
    expect(output).toEqual({ ok: 1 });
  });

  it("[CB-02] a call that fails fails the attempt: it is retried and caught, and no report is asked for", () => {
    const { output, calls, events } = run(
      `[{${CALLBACK}, retry: [{errors: [E], maxAttempts: 1}], catch: [{errors: [E], goto: z}], errorMappings: [{target: e, source: $local.error}]}, {type: succeed, name: z}]`,
      {
        functions: { "s/f": fails("E") },
        verdicts: () => {
          throw new Error("nothing was submitted");
        },
      },
    );
    expect(calls).toHaveLength(2);
    expect(output).toEqual({ e: "E" });
    expect(trace(events, "TaskSubmitFailed")).toEqual(["t", "t"]);
    expect(trace(events, "TaskSubmitted")).toEqual([]);
  });

  it("[CB-03] [CB-04] local is the report's output, not what the call returned", () => {
    const { output } = run(`- {${CALLBACK}, outputMappings: [{target: l, source: $local}]}`, {
      ...answer,
      verdicts: report({ a: [1] }),
    });
    expect(output).toEqual({ l: { a: [1] } });
  });

  it("[CB-05] a report of failure fails the attempt with its error and cause", () => {
    expect(
      run(`- {${CALLBACK}}`, { ...answer, verdicts: () => ({ kind: "failed", error: "Mine", cause: "because" }) }),
    ).toMatchObject({
      status: "Failed",
      error: "Mine",
      cause: "because",
    });
  });

  it("[CB-05] which is retried and caught", () => {
    let attempts = 0;
    const { output, calls } = run(`- {${CALLBACK}, retry: [{errors: [Mine]}]}`, {
      ...answer,
      verdicts: () =>
        ++attempts < 3 ? { kind: "failed", error: "Mine", cause: "" } : { kind: "succeeded", output: { attempts } },
    });
    expect(calls).toHaveLength(3);
    expect(output).toEqual({ attempts: 3 });
  });

  it("[CB-06] the output follows the rules of results", () => {
    expect(run(`- {${CALLBACK}}`, { ...answer, verdicts: report(`{"a": 1}`) }).output).toEqual({ a: 1 });
    expect(run(`- {${CALLBACK}}`, { ...answer, verdicts: report([1]) })).toMatchObject({
      status: "Failed",
      error: "FnF.InvalidLocal",
    });
    const mapped = run(`- {${CALLBACK}, outputMappings: [{target: l, source: $local}]}`, {
      ...answer,
      verdicts: report([1]),
    });
    expect(mapped.output).toEqual({ l: [1] });
  });

  it("[CB-07] timeoutSeconds covers the call and the wait", () => {
    const outcome = run(`- {${CALLBACK}, timeoutSeconds: 60}`, {
      functions: { "s/f": () => ({}) },
      verdicts: () => "never",
    });
    expect(outcome).toMatchObject({ status: "Failed", error: "FnF.TaskTimeout", seconds: 60 });
    expect(trace(outcome.events, "TaskTimedOut")).toEqual(["t"]);
  });

  it("[CB-07] the call may pass it as well", () => {
    const outcome = run(`- {${CALLBACK}, timeoutSeconds: 60}`, { functions: { "s/f": timesOut } });
    expect(outcome).toMatchObject({ status: "Failed", error: "FnF.TaskTimeout" });
    expect(trace(outcome.events, "TaskSubmitted")).toEqual([]);
  });

  it("[CB-07] an attempt after a time-out has the whole time again", () => {
    const outcome = run(
      `- {${CALLBACK}, timeoutSeconds: 60, retry: [{errors: [FnF.TaskTimeout], maxAttempts: 1, intervalSeconds: 5}]}`,
      {
        ...answer,
        verdicts: () => "never",
      },
    );
    expect(outcome).toMatchObject({ status: "Failed", error: "FnF.TaskTimeout", seconds: 125 });
    expect(details(outcome.events, "TaskTimedOut")).toHaveLength(2);
  });
});
