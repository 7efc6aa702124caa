import { describe, expect, it } from "vitest";
import type { Json } from "../../fdl/json.ts";
import { flowOf } from "../testing/flow.ts";
import { play } from "../testing/play.ts";
import { details, trace } from "../testing/trace.ts";

const ARN = "acs:fc:::services/s/functions/f";
const set = (name: string, key: string, source: Json) =>
  `{type: pass, name: ${name}, outputMappings: [{target: ${key}, source: ${JSON.stringify(source)}}]}`;

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
