import { describe, expect, it } from "vitest";
import { flowOf } from "./testing/flow.ts";
import { play, TaskError } from "./testing/play.ts";
import { details, trace } from "./testing/trace.ts";

const ARN = "acs:fc:::services/s/functions/f";
const retrying = (policies: string, more = "") =>
  flowOf(`steps: [{type: task, name: t, resourceArn: "${ARN}", retry: [${policies}]${more}}]`);

/** Fails with the errors one after another, then succeeds. */
function failing(...errors: readonly string[]) {
  const rest = [...errors];
  return () => {
    const error = rest.shift();
    if (error !== undefined) throw new TaskError(error, "why");
    return { done: true };
  };
}

/** Retry delays, in ms. */
function delays(policies: string, ...errors: readonly string[]) {
  const { steps } = play(retrying(policies), { functions: { f: failing(...errors) } });
  return steps.flatMap(({ after: { effect, state } }) => (effect.kind === "timer" ? [effect.due - state.time] : []));
}

const times = (n: number, error = "E") => Array.from({ length: n }, () => error);

describe("retry", () => {
  it.each([
    ["the defaults", "{errors: [E]}", 3, [1000, 2000, 4000]],
    ["interval 10, multiplier 2", "{errors: [E], intervalSeconds: 10, multiplier: 2}", 3, [10_000, 20_000, 40_000]],
    ["multiplier 1", "{errors: [E], intervalSeconds: 3, multiplier: 1}", 3, [3000, 3000, 3000]],
    ["multiplier 1.5", "{errors: [E], multiplier: 1.5}", 3, [1000, 1500, 2250]],
    [
      "a bound of 5 s",
      "{errors: [E], intervalSeconds: 2, maxIntervalSeconds: 5, maxAttempts: 4}",
      4,
      [2000, 4000, 5000, 5000],
    ],
    ["one attempt more", "{errors: [E], maxAttempts: 1}", 2, [1000]],
    ["no attempt more", "{errors: [E], maxAttempts: 0}", 1, []],
    ["no interval", "{errors: [E], intervalSeconds: 0, maxAttempts: 5}", 6, []],
    ["delays to the millisecond", "{errors: [E], multiplier: 1.0004, maxAttempts: 2}", 2, [1000, 1000]],
  ])("%s waits as documented", (_, policies, failures, expected) => {
    expect(delays(policies, ...times(failures))).toEqual(expected);
  });

  it("keeps to the longest interval however often it retries", () => {
    const policies = "{errors: [E], multiplier: 1000000, maxIntervalSeconds: 7, maxAttempts: 60}";
    expect(delays(policies, ...times(60)).slice(1)).toEqual(Array.from({ length: 59 }, () => 7000));
  });

  it("retries at once when the interval is 0, however large the multiplier", () => {
    const policies = "{errors: [E], intervalSeconds: 0, multiplier: 1000000, maxAttempts: 60}";
    const { status, steps, time } = play(retrying(policies), { functions: { f: failing(...times(60)) } });
    expect({ status, time }).toEqual({ status: "Succeeded", time: 0 });
    expect(steps).toHaveLength(62);
  });

  it("writes attempt after attempt, each caused by the failure before", () => {
    const { history } = play(retrying("{errors: [E]}"), { functions: { f: failing("E") } });
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered t",
      "TaskScheduled t",
      "TaskStarted t",
      "TaskFailed t",
      "TaskScheduled t",
      "TaskStarted t",
      "TaskSucceeded t",
      "StepExited t",
      "ExecutionSucceeded",
    ]);
    expect(history.map(({ ScheduleEventId }) => ScheduleEventId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(history.map(({ Time }) => Time.slice(17, 19))).toEqual([
      "00",
      "00",
      "00",
      "00",
      "00",
      "01",
      "01",
      "01",
      "01",
      "01",
    ]);
    expect(details(history, "StepExited")).toMatchObject([{ retryCount: 1, output: { done: true } }]);
  });

  it("shows no retryCount when there was no retry", () => {
    const { history } = play(retrying("{errors: [E]}"), { functions: { f: failing() } });
    expect(Object.keys(details(history, "StepExited")[0] ?? {})).toEqual(["input", "resourceArn", "output", "local"]);
  });

  it("tells each attempt how many there were before", () => {
    const { steps } = play(retrying("{errors: [E]}"), { functions: { f: failing("E", "E") } });
    const counts = steps.flatMap(({ after: { effect } }) => (effect.kind === "invoke" ? [effect.retryCount] : []));
    expect(counts).toEqual([0, 1, 2]);
  });

  it("takes the first policy that matches, and no later one when it is used up", () => {
    const policies = "{errors: [E], maxAttempts: 1, intervalSeconds: 3}, {errors: [FnF.ALL], maxAttempts: 5}";
    expect(delays(policies, "E", "E")).toEqual([3000]);
    expect(play(retrying(policies), { functions: { f: failing("E", "E") } }).error).toBe("E");
  });

  it("counts for each policy, and in all for retryCount", () => {
    const policies =
      "{errors: [A], maxAttempts: 2, intervalSeconds: 1}, {errors: [B], maxAttempts: 2, intervalSeconds: 10}";
    expect(delays(policies, "A", "B", "A", "B")).toEqual([1000, 10_000, 2000, 20_000]);
    const { history, steps } = play(
      retrying(policies, ", catch: [{errors: [FnF.ALL], goto: t2}]}, {type: pass, name: t2"),
      {
        functions: { f: failing("A", "B", "A", "B", "B") },
      },
    );
    expect(details(history, "StepExited", "t")).toMatchObject([{ retryCount: 4, error: "B" }]);
    const used = steps.flatMap(({ after: { state } }) =>
      state.waiting.kind === "retry" ? [state.waiting.attempts] : [],
    );
    expect(used).toEqual([
      { retryCount: 1, used: [1, 0] },
      { retryCount: 2, used: [1, 1] },
      { retryCount: 3, used: [2, 1] },
      { retryCount: 4, used: [2, 2] },
    ]);
  });

  it("counts anew when the step is entered again", () => {
    const flow = flowOf(`
steps:
  - type: task
    name: t
    resourceArn: ${ARN}
    retry: [{errors: [E], maxAttempts: 1}]
    outputMappings: [{target: n, source: $local.n}]
  - {type: choice, name: c, choices: [{condition: $.n < 2, goto: t}]}
`);
    let calls = 0;
    const f = () => {
      calls += 1;
      if (calls % 2 === 1) throw new TaskError("E");
      return { n: calls / 2 };
    };
    expect(play(flow, { functions: { f } })).toMatchObject({ status: "Succeeded", output: { n: 2 } });
  });
});

describe("matching", () => {
  it.each([
    ["E", "E", true],
    ["e", "E", false],
    ["E", "EE", false],
    ["FnF.ALL", "E", true],
    ["FnF.ALL", "FnF.TaskTimeout", true],
    ["FnF.ALL", "FnF.InvalidLocal", true],
    ["FC.E", "E", true],
    ["E", "FC.E", false],
    ["FC.Unknown", "FC.Unknown", true],
  ])("a policy for %s and a function's error %s: %s", (policy, error, matched) => {
    const { status } = play(retrying(`{errors: [Other, "${policy}"]}`), { functions: { f: failing(error) } });
    expect(status).toBe(matched ? "Succeeded" : "Failed");
  });

  it("knows a function by its AWS name too", () => {
    const flow = flowOf(`
steps: [{type: task, name: t, resourceArn: "arn:aws:lambda:us-east-1:123456789012:function:f", retry: [{errors: [FC.E]}]}]
`);
    expect(play(flow, { functions: { f: failing("E") } }).status).toBe("Succeeded");
  });

  it("takes the FC. prefix for errors of functions only", () => {
    const flow = flowOf(`
steps: [{type: task, name: t, resourceArn: "acs:mns:::/queues/q/messages", serviceParams: {MessageBody: x}, retry: [{errors: [FC.E]}]}]
`);
    expect(play(flow, { queues: { q: failing("E") } }).status).toBe("Failed");
  });

  it("retries serviceParams that cannot be evaluated, at once within the bound of a transition", () => {
    const flow = retrying(
      "{errors: [FnF.InvalidInput], intervalSeconds: 0, maxAttempts: 2500}",
      ", serviceParams: {InvocationType: $.type}",
    );
    const { error, history, steps, time } = play(flow);
    expect({ error, time }).toEqual({ error: "FnF.InvalidInput", time: 0 });
    expect(details(history, "TaskFailed")).toHaveLength(2501);
    expect(steps.map(({ after }) => after.effect.kind)).toEqual([
      ...Array(steps.length - 1).fill("continue"),
      "failed",
    ]);
    const counts = steps.flatMap(
      ({ after: { history } }) => history.filter(({ type }) => type === "TaskFailed").length,
    );
    const waiting = steps[0]?.after.state.waiting;
    expect(waiting).toEqual({ kind: "retry", attempts: { retryCount: counts[0], used: [counts[0]] } });
    expect(Math.max(...counts)).toBeLessThanOrEqual(1000);
  });
});
