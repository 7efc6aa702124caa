/** How data flows through steps (fdl.md §2.1, §2.2). */
import { describe, expect, it } from "vitest";
import { detail } from "./events.ts";
import { run } from "./run.ts";

describe("input, local, output", () => {
  it("[DATA-01] input and output are objects; local is an array for parallel and foreach only", () => {
    const { output, calls } = run(
      `
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", outputMappings: [{target: task, source: $local}]}
      - type: choice
        name: c
        default: {steps: [{type: pass, name: inner, outputMappings: [{target: k, source: 1}]}]}
        outputMappings: [{target: choice, source: $local}]
      - type: parallel
        name: p
        branches: [{steps: [{type: pass, name: b}]}]
        outputMappings: [{target: parallel, source: $local}]
      - type: foreach
        name: e
        iterationMapping: {collection: $.list, item: it}
        steps: [{type: pass, name: i}]
        outputMappings: [{target: foreach, source: $local}]
      `,
      { input: { list: [1, 2] }, functions: { "s/f": () => ({ r: 1 }) } },
    );
    expect(calls.map((call) => call.payload)).toEqual([{ list: [1, 2] }]);
    expect(output).toEqual({ task: { r: 1 }, choice: { k: 1 }, parallel: [{}], foreach: [{}, {}] });
  });

  it("[DATA-02] each frame begins with its owner's input and an empty local", () => {
    const show = `outputMappings: [{target: seen, source: $}]`;
    const { output } = run(
      `
      inputMappings: [{target: a, source: $input.a}, {target: list, source: [10]}]
      outputMappings: [{target: all, source: $local}]
      steps:
      - {type: pass, name: first, inputMappings: [{target: input, source: $input}, {target: local, source: $local}], ${show}}
      - type: choice
        name: c
        inputMappings: [{target: only, source: choice}]
        choices: [{condition: "true", steps: [{type: pass, name: x, inputMappings: [{target: input, source: $input}, {target: local, source: $local}], ${show}}]}]
        outputMappings: [{target: choice, source: $local.seen}]
      - type: choice
        name: d
        inputMappings: [{target: only, source: default}]
        default: {steps: [{type: pass, name: x, inputMappings: [{target: input, source: $input}, {target: local, source: $local}], ${show}}]}
        outputMappings: [{target: default, source: $local.seen}]
      - type: parallel
        name: p
        inputMappings: [{target: only, source: parallel}]
        branches: [{steps: [{type: pass, name: x, inputMappings: [{target: input, source: $input}, {target: local, source: $local}], ${show}}]}]
        outputMappings: [{target: parallel, source: "$local[0].seen"}]
      - type: foreach
        name: e
        inputMappings: [{target: list, source: $input.list}]
        iterationMapping: {collection: $.list, item: it, index: i}
        steps: [{type: pass, name: x, inputMappings: [{target: input, source: $input}, {target: local, source: $local}], ${show}}]
        outputMappings: [{target: foreach, source: "$local[0].seen"}]
      `,
      { input: { a: 1, dropped: 2 } },
    );
    expect(output).toEqual({
      all: {
        seen: { input: { a: 1, list: [10] }, local: {} },
        choice: { input: { only: "choice" }, local: {} },
        default: { input: { only: "default" }, local: {} },
        parallel: { input: { only: "parallel" }, local: {} },
        foreach: { input: { list: [10], it: 10, i: 0 }, local: {} },
      },
    });
  });

  it("[DATA-03] a step without inputMappings sees the union of its frame's input and local, local winning", () => {
    const { calls } = run(
      `
      - {type: pass, name: a, outputMappings: [{target: x, source: local}, {target: y, source: 1}]}
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}
      `,
      { input: { x: "input", z: 2 }, functions: { "s/f": () => ({}) } },
    );
    expect(calls.map((call) => call.payload)).toEqual([{ x: "local", y: 1, z: 2 }]);
  });

  it("[DATA-04] a step with inputMappings sees the mapped keys only", () => {
    const { calls } = run(
      `
      - {type: pass, name: a, outputMappings: [{target: y, source: 1}]}
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", inputMappings: [{target: q, source: $input.x}]}
      `,
      { input: { x: 1, z: 2 }, functions: { "s/f": () => ({}) } },
    );
    expect(calls.map((call) => call.payload)).toEqual([{ q: 1 }]);
  });

  it("[DATA-05] empty mapping lists count as none", () => {
    const { calls, output } = run(
      `
      inputMappings: []
      outputMappings: []
      steps:
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", inputMappings: [], outputMappings: []}
      `,
      { input: { x: 1 }, functions: { "s/f": () => ({ r: 2 }) } },
    );
    expect(calls.map((call) => call.payload)).toEqual([{ x: 1 }]);
    expect(output).toEqual({ r: 2 });
  });

  it("[DATA-06] without outputMappings the output is local, but {} for parallel and foreach", () => {
    const { output, events } = run(
      `
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}
      - {type: choice, name: c, default: {steps: [{type: pass, name: in, outputMappings: [{target: fromChoice, source: 1}]}]}}
      - {type: parallel, name: p, branches: [{steps: [{type: pass, name: in, outputMappings: [{target: hidden, source: 1}]}]}]}
      - type: foreach
        name: e
        iterationMapping: {collection: $.list, item: it}
        steps: [{type: pass, name: in, outputMappings: [{target: hidden, source: 1}]}]
      `,
      { input: { list: [1] }, functions: { "s/f": () => ({ fromTask: 1 }) } },
    );
    expect(output).toEqual({ fromTask: 1, fromChoice: 1 });
    expect(detail(events, "StepSucceeded", "p")).toEqual({ output: {} });
    expect(detail(events, "StepSucceeded", "e")).toEqual({ output: {} });
  });

  it("[DATA-07] with outputMappings the output is the mapped keys only", () => {
    const { output } = run(
      `- {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", outputMappings: [{target: kept, source: $local.a}]}`,
      { functions: { "s/f": () => ({ a: 1, b: 2 }) } },
    );
    expect(output).toEqual({ kept: 1 });
  });

  it("[DATA-08] outputs are merged into the frame's local, later steps winning", () => {
    const { output } = run(`
      - {type: pass, name: a, outputMappings: [{target: x, source: 1}, {target: y, source: 1}]}
      - {type: pass, name: b, outputMappings: [{target: y, source: 2}, {target: z, source: 2}]}
    `);
    expect(output).toEqual({ x: 1, y: 2, z: 2 });
  });

  it("[DATA-09] merges are shallow", () => {
    const { output, calls } = run(
      `
      - {type: pass, name: a, outputMappings: [{target: o, source: {a: 1}}]}
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}
      - {type: pass, name: b, outputMappings: [{target: o, source: {b: 2}}]}
      `,
      { input: { o: { fromInput: true } }, functions: { "s/f": () => ({}) } },
    );
    expect(calls.map((call) => call.payload)).toEqual([{ o: { a: 1 } }]);
    expect(output).toEqual({ o: { b: 2 } });
  });

  it("[DATA-10] outputs never change the frame's input", () => {
    const { output } = run(
      `
      - {type: pass, name: a, outputMappings: [{target: x, source: new}]}
      - type: pass
        name: b
        inputMappings: [{target: in, source: $input.x}, {target: lo, source: $local.x}]
        outputMappings: [{target: in, source: $input.in}, {target: lo, source: $input.lo}]
      `,
      { input: { x: "old" } },
    );
    expect(output).toEqual({ x: "new", in: "old", lo: "new" });
  });

  it("[DATA-11] hostile keys are keys like any other", () => {
    const hostile = JSON.parse(`{"__proto__": {"polluted": 1}, "constructor": 2, "toString": 3}`);
    const { output } = run(
      `
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}
      - type: pass
        name: b
        outputMappings:
          - {target: proto, source: "$input['__proto__'].polluted"}
          - {target: built, source: $input.constructor}
          - {target: absent, source: $input.hasOwnProperty}
          - {target: __proto__, source: [4]}
      `,
      { functions: { "s/f": () => hostile } },
    );
    expect(JSON.stringify(output)).toBe(`{"__proto__":[4],"constructor":2,"toString":3,"proto":1,"built":2}`);
    expect(Object.hasOwn({}, "polluted") || "polluted" in {}).toBe(false);
  });
});
