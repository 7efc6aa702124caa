import { describe, expect, it } from "vitest";
import type { Json } from "../../fdl/json.ts";
import { flowOf } from "../testing/flow.ts";
import { play, TaskError } from "../testing/play.ts";
import { details } from "../testing/trace.ts";

const ARN = "acs:fc:::services/s/functions/f";

describe("errors of a whole parallel or foreach", () => {
  const step = (more: string) =>
    flowOf(`
steps:
  - type: foreach
    name: each
    iterationMapping: {collection: $.items, item: item}
    outputMappings: [{target: all, source: "$local[*].v"}]
    steps: [{type: task, name: t, resourceArn: "${ARN}"}]
    ${more}
  - {type: fail, name: not-here}
  - {type: pass, name: c}
`);
  const failing = (n: number) => {
    let rest = n;
    return (payload: Json) => {
      rest -= 1;
      if (rest >= 0) throw new TaskError("E", "why");
      return { v: (payload as { item: number }).item };
    };
  };

  it("are retried as a whole, with a StepStarted for each run", () => {
    const flow = step("retry: [{errors: [E], intervalSeconds: 3}]\n    end: true");
    const { output, history, steps, time } = play(flow, { input: { items: [1, 2] }, functions: { f: failing(1) } });
    expect({ output, time }).toEqual({ output: { all: [1, 2] }, time: 3000 });
    const starts = history.filter(({ Type, StepName }) => Type === "StepStarted" && StepName === "each");
    expect(starts).toHaveLength(2);
    expect(details(history, "StepEntered", "each")).toHaveLength(1);
    expect(details(history, "StepExited", "each")).toEqual([{ local: { all: [1, 2] }, retryCount: 1 }]);
    // The second run is caused by the end of the branch that failed, and has branches of its own.
    const stepFailed = history.find(({ Type, StepName }) => Type === "StepFailed" && StepName === "t");
    expect(starts[1]?.ScheduleEventId).toBe(stepFailed?.EventId);
    expect([...new Set(steps.map(({ branch }) => branch))]).toEqual(["", "0.0", "0.1", "2.0", "2.1"]);
  });

  it("are retried at once when the interval is 0", () => {
    const flow = step("retry: [{errors: [E], intervalSeconds: 0}]\n    end: true");
    expect(play(flow, { input: { items: [1, 2] }, functions: { f: failing(3) } })).toMatchObject({
      status: "Succeeded",
      time: 0,
    });
  });

  it("are caught, with the error in the data only by errorMappings", () => {
    const flow = step("catch: [{errors: [E], goto: c}]\n    errorMappings: [{target: e, source: $local.error}]");
    const { output, history } = play(flow, { input: { items: [1] }, functions: { f: failing(1) } });
    expect(output).toEqual({ e: "E" });
    expect(details(history, "StepExited", "each")).toEqual([
      { local: { e: "E" }, error: "E", cause: "why", retryCount: 0, goto: "c" },
    ]);
    const exited = history.find(({ Type, StepName }) => Type === "StepExited" && StepName === "each");
    const failed = history.find(({ Type, StepName }) => Type === "StepFailed" && StepName === "t");
    expect(exited?.ScheduleEventId).toBe(failed?.EventId);
  });

  it("are those of fail steps too", () => {
    const flow = flowOf(`
steps:
  - {type: parallel, name: p, branches: [{steps: [{type: fail, name: f}]}], catch: [{errors: [FnF.ALL], goto: c}]}
  - {type: fail, name: not-here}
  - {type: pass, name: c}
`);
    expect(play(flow).status).toBe("Succeeded");
  });

  it("a bad collection is one of them", () => {
    const flow = step(
      "retry: [{errors: [FnF.InvalidInput], intervalSeconds: 1, maxAttempts: 1}]\n    catch: [{errors: [FnF.InvalidInput], goto: c}]",
    );
    const { output, history, warnings } = play(flow);
    expect(output).toEqual({});
    expect(details(history, "StepStarted", "each")).toHaveLength(2);
    expect(details(history, "StepExited", "each")).toMatchObject([
      { error: "FnF.InvalidInput", retryCount: 1, goto: "c" },
    ]);
    expect(warnings).toEqual([]);
  });

  it("are named FC.X as well, as those of a function are", () => {
    expect(
      play(step("catch: [{errors: [FC.E], goto: c}]"), { input: { items: [1] }, functions: { f: failing(1) } }).status,
    ).toBe("Succeeded");
  });

  it("do not tell of missing paths again when they are retried", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    inputMappings: [{target: a, source: $input.a}]
    branches: [{steps: [{type: task, name: t, resourceArn: "${ARN}"}]}]
    retry: [{errors: [E], intervalSeconds: 0}]
`);
    const { warnings, status } = play(flow, { functions: { f: failing(2) } });
    expect({ status, warnings }).toEqual({
      status: "Succeeded",
      warnings: ['p: inputMappings: $input.a is missing, so "a" is left out.'],
    });
  });
});
