import { describe, expect, it } from "vitest";
import type { Json } from "../../fdl/json.ts";
import { flowOf } from "../testing/flow.ts";
import { play, TaskError } from "../testing/play.ts";
import { details, trace } from "../testing/trace.ts";

const ARN = "acs:fc:::services/s/functions/f";
const set = (name: string, key: string, source: Json) =>
  `{type: pass, name: ${name}, outputMappings: [{target: ${key}, source: ${JSON.stringify(source)}}]}`;

describe("parallel", () => {
  const two = flowOf(`
steps:
  - type: parallel
    name: p
    branches:
      - steps: [${set("a", "x", 1)}]
      - steps: [${set("b", "x", 2)}, ${set("c", "y", "$input.n")}]
    outputMappings: [{target: all, source: $local}, {target: xs, source: "$local[*].x"}, {target: n, source: $input.n}]
`);

  it("has its branches' locals as its local, in the order of the definition", () => {
    const { output } = play(two, { input: { n: 7 } });
    expect(output).toEqual({ all: [{ x: 1 }, { x: 2, y: 7 }], xs: [1, 2], n: 7 });
  });

  it("encloses the branches' events in its own", () => {
    const { history } = play(two, { input: { n: 7 } });
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered p",
      "StepStarted p",
      "BranchEntered p",
      ...["StepEntered a", "StepStarted a", "StepSucceeded a", "StepExited a"],
      "BranchExited p",
      "BranchEntered p",
      ...["StepEntered b", "StepStarted b", "StepSucceeded b", "StepExited b"],
      ...["StepEntered c", "StepStarted c", "StepSucceeded c", "StepExited c"],
      "BranchExited p",
      "StepSucceeded p",
      "StepExited p",
      "ExecutionSucceeded",
    ]);
    // Both BranchEntered are caused by StepStarted, StepSucceeded by the branch that ended last.
    expect(history.map(({ ScheduleEventId }) => ScheduleEventId)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 3, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    ]);
    expect(details(history, "BranchEntered")).toEqual([
      { input: { n: 7 }, index: 0 },
      { input: { n: 7 }, index: 1 },
    ]);
    expect(details(history, "BranchExited")).toEqual([
      { local: { x: 1 }, index: 0 },
      { local: { x: 2, y: 7 }, index: 1 },
    ]);
  });

  it("ends with the branch that ends last, which causes its StepSucceeded", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    branches:
      - steps: [{type: wait, name: long, duration: 9}]
      - steps: [{type: wait, name: short, duration: 3}]
`);
    const { history, time, output } = play(flow);
    expect({ time, output }).toEqual({ time: 9000, output: {} });
    const exits = history.filter(({ Type }) => Type === "BranchExited");
    expect(exits.map(({ EventDetail }) => EventDetail.index)).toEqual([1, 0]);
    const last = exits[1]?.EventId;
    expect(history.find(({ Type, StepName }) => Type === "StepSucceeded" && StepName === "p")?.ScheduleEventId).toBe(
      last,
    );
  });

  it("publishes nothing by default, and takes mapped input to its branches", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    inputMappings: [{target: m, source: $input.n}]
    branches: [{steps: [${set("a", "seen", "$input")}]}]
  - {type: pass, name: q, outputMappings: [{target: rest, source: $input}]}
`);
    const { output, history } = play(flow, { input: { n: 7 } });
    expect(output).toEqual({ rest: { n: 7 } });
    expect(details(history, "BranchExited")).toEqual([{ local: { seen: { m: 7 } }, index: 0 }]);
  });

  it("lets a branch end by succeed or end without ending the others", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    branches:
      - steps: [{type: succeed, name: s}, {type: fail, name: f}]
      - steps: [{type: pass, name: e, end: true}, {type: fail, name: g}]
      - steps: [${set("a", "x", 1)}]
    outputMappings: [{target: all, source: $local}]
`);
    expect(play(flow).output).toEqual({ all: [{}, {}, { x: 1 }] });
  });

  it("fails with the first branch that fails; what others do later is not seen", () => {
    const flow = flowOf(`
steps:
  - type: choice
    name: c
    default:
      steps:
        - type: parallel
          name: p
          branches:
            - steps: [{type: wait, name: late, duration: 5}, {type: fail, name: f, error: Late}]
            - steps: [{type: wait, name: soon, duration: 2}, {type: fail, name: g, error: Soon, cause: why}]
`);
    const { history, error, cause, time } = play(flow);
    expect({ error, cause, time }).toEqual({ error: "Soon", cause: "why", time: 2000 });
    expect(trace(history).slice(-5)).toEqual([
      "StepEntered g",
      "StepFailed g",
      "StepFailed p",
      "StepFailed c",
      "ExecutionFailed",
    ]);
    const failed = history.filter(({ Type }) => Type === "StepFailed");
    expect(failed[1]?.ScheduleEventId).toBe(failed[0]?.EventId);
    expect(trace(history)).not.toContain("BranchExited p");
  });

  it("tells once of what its input lacks", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    inputMappings: [{target: m, source: $input.m}]
    branches: [{steps: [{type: pass, name: a}]}]
    catch: [{errors: [E], goto: p}]
`);
    expect(play(flow).warnings).toEqual(['p: inputMappings: $input.m is missing, so "m" is left out.']);
  });

  it("nests, and counts its branches' events", () => {
    const flow = flowOf(`
steps:
  - type: parallel
    name: p
    branches:
      - steps:
          - type: parallel
            name: q
            branches: [{steps: [${set("a", "id", "$context.step.eventId")}]}, {steps: [${set("b", "x", 2)}]}]
            outputMappings: [{target: inner, source: $local}, {target: id, source: $context.step.eventId}]
  - ${set("last", "id", "$context.step.eventId")}
`);
    const { output, steps, history } = play(flow);
    expect(output).toEqual({ id: history.find(({ StepName }) => StepName === "last")?.EventId });
    // StepEntered of q is event 5, of a event 7 + 1 (the fork had 6 events).
    expect(details(history, "BranchExited", "q")).toMatchObject([{ local: { id: 8 } }, { local: { x: 2 } }]);
    expect(details(history, "BranchExited", "p")).toMatchObject([{ local: { inner: [{ id: 8 }, { x: 2 }], id: 5 } }]);
    const done = steps.flatMap(({ branch, after: { effect } }) =>
      effect.kind === "branchDone" ? [[branch, effect.events]] : [],
    );
    expect(done).toEqual([
      ["0.0.0.0", 6],
      ["0.0.0.1", 6],
      ["0.0", 18],
    ]);
  });
});

describe("foreach", () => {
  const squares = (more = "") =>
    flowOf(`
steps:
  - type: foreach
    name: each
    iterationMapping: {collection: $.items, item: item, index: i}
    steps:
      - {type: task, name: square, resourceArn: "${ARN}", outputMappings: [{target: v, source: $local.v}, {target: i, source: $input.i}]}
    outputMappings: [{target: all, source: "$local"}]${more}
`);
  const f = (payload: Json) => ({ v: Number((payload as { item: number }).item) ** 2 });

  it.each([1, 2, 3, 5, 100])("keeps the order of the collection with %d at a time", (concurrency) => {
    const { output, steps } = play(squares(`\n    concurrency: ${concurrency}`), {
      input: { items: [3, 1, 4, 1, 5] },
      functions: { f },
    });
    expect(output).toEqual({ all: [9, 1, 16, 1, 25].map((v, i) => ({ v, i })) });
    expect(steps[0]?.after.effect).toMatchObject({ kind: "fork" });
    const branches = new Set(steps.map(({ branch }) => branch).filter((branch) => branch !== ""));
    expect(branches.size).toBe(Math.min(concurrency, 5));
  });

  it("gives each iteration the foreach's input with item and index laid over it", () => {
    const flow = flowOf(`
steps:
  - type: foreach
    name: each
    iterationMapping: {collection: $.items, item: items, index: n}
    steps: [${set("a", "seen", "$input")}]
    outputMappings: [{target: all, source: "$local[*].seen"}]
    concurrency: 1
`);
    const { output, history } = play(flow, { input: { items: ["x", [null]], n: "kept", z: 0 } });
    expect(output).toEqual({
      all: [
        { items: "x", n: 0, z: 0 },
        { items: [null], n: 1, z: 0 },
      ],
    });
    expect(details(history, "IterationEntered")).toEqual([
      { input: { items: "x", n: 0, z: 0 }, index: 0 },
      { input: { items: [null], n: 1, z: 0 }, index: 1 },
    ]);
    expect(details(history, "StepStarted", "each")).toEqual([{ input: { items: ["x", [null]], n: "kept", z: 0 } }]);
  });

  it("without an index adds none", () => {
    const flow = flowOf(`
steps:
  - type: foreach
    name: each
    iterationMapping: {collection: $.a.items, item: __proto__}
    steps: [${set("a", "seen", "$input")}]
    outputMappings: [{target: all, source: "$local[*].seen"}]
`);
    const { output } = play(flow, { input: { a: { items: [1] } } });
    expect(JSON.stringify(output)).toBe('{"all":[{"a":{"items":[1]},"__proto__":1}]}');
  });

  it("encloses iterations in events caused by the fork, one after another in a lane", () => {
    const flow = flowOf(`
steps:
  - type: foreach
    name: each
    iterationMapping: {collection: $.items, item: item}
    steps: [{type: pass, name: a}]
    concurrency: 2
`);
    const { history } = play(flow, { input: { items: [1, 2, 3] } });
    const iterations = history.filter(({ Type }) => Type.startsWith("Iteration"));
    expect(iterations.map(({ Type, EventDetail }) => `${Type} ${EventDetail.index}`)).toEqual([
      "IterationEntered 0",
      "IterationExited 0",
      "IterationEntered 2",
      "IterationExited 2",
      "IterationEntered 1",
      "IterationExited 1",
    ]);
    const entered = iterations.filter(({ Type }) => Type === "IterationEntered");
    expect(entered.map(({ ScheduleEventId, StepName }) => [ScheduleEventId, StepName])).toEqual([
      [3, "each"],
      [3, "each"],
      [3, "each"],
    ]);
    expect(iterations[1]).toMatchObject({ ScheduleEventId: 8, EventDetail: { local: {}, index: 0 } });
  });

  it("over nothing is done at once", () => {
    const { output, steps, history } = play(squares(), { input: { items: [] } });
    expect(output).toEqual({ all: [] });
    expect(steps).toHaveLength(1);
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered each",
      "StepStarted each",
      "StepSucceeded each",
      "StepExited each",
      "ExecutionSucceeded",
    ]);
  });

  it.each<[string, Json]>([
    ["is missing", {}],
    ["is no array", { items: { a: 1 } }],
    ["is text", { items: "abc" }],
  ])("fails when its collection %s", (_, input) => {
    const { error, cause, history } = play(squares(), { input: input as Record<string, Json> });
    expect({ error, cause }).toEqual({
      error: "FnF.InvalidInput",
      cause: 'The collection $.items of step "each" is missing in its input, or is no array.',
    });
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered each",
      "StepStarted each",
      "StepFailed each",
      "ExecutionFailed",
    ]);
  });

  it("loops inside an iteration as in any list", () => {
    const flow = flowOf(`
steps:
  - type: foreach
    name: each
    iterationMapping: {collection: $.items, item: item}
    outputMappings: [{target: all, source: "$local[*].n"}]
    steps:
      - {type: task, name: next, resourceArn: "${ARN}"}
      - {type: choice, name: again, choices: [{condition: $.n < $.item, goto: next}]}
`);
    const next = (payload: Json) => ({ n: ((payload as { n?: number }).n ?? 0) + 1 });
    expect(play(flow, { input: { items: [1, 3, 2] }, functions: { f: next } }).output).toEqual({ all: [1, 3, 2] });
  });

  it("nests", () => {
    const flow = flowOf(`
steps:
  - type: foreach
    name: rows
    iterationMapping: {collection: $.rows, item: row}
    outputMappings: [{target: sums, source: "$local[*].row"}]
    concurrency: 1
    steps:
      - type: choice
        name: c
        default:
          steps:
            - type: foreach
              name: cells
              iterationMapping: {collection: $.row, item: cell}
              steps: [${set("a", "v", "$input.cell")}]
              outputMappings: [{target: row, source: "$local[*].v"}]
`);
    const rows = [[1, 2], [], [3]];
    expect(play(flow, { input: { rows } }).output).toEqual({ sums: rows });
  });
});

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

  it("have no FC. names: those are for functions", () => {
    expect(
      play(step("catch: [{errors: [FC.E], goto: c}]"), { input: { items: [1] }, functions: { f: failing(1) } }).status,
    ).toBe("Failed");
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
