/** Foreach steps (fdl.md §3.6, §10 rows 25 to 28, §12). */
import { describe, expect, it } from "vitest";
import { columnOf, problems } from "./definition.ts";
import { details, trace } from "./events.ts";
import { run } from "./run.ts";
import { fails } from "./scripts.ts";

const SHOW = `{type: pass, name: show, inputMappings: [{target: in, source: $input}], outputMappings: [{target: in, source: $input.in}]}`;
const set = (name: string, rest = "") =>
  `{type: pass, name: ${name}, outputMappings: [{target: ${name}, source: 1}]${rest}}`;
const each = (steps: string, rest = "", mapping = "collection: $.list, item: x, index: i") =>
  `- {type: foreach, name: e, iterationMapping: {${mapping}}, steps: [${steps}], outputMappings: [{target: out, source: $local}]${rest}}`;

describe("foreach", () => {
  it.each([
    [`- {type: foreach, name: e, iterationMapping: {collection: $.list, item: x}}`, /steps/],
    [`- {type: foreach, name: e, steps: [{type: pass, name: a}]}`, /iterationMapping/],
    [`- {type: foreach, name: e, steps: [{type: pass, name: a}], iterationMapping: {item: x}}`, /collection/],
    [`- {type: foreach, name: e, steps: [{type: pass, name: a}], iterationMapping: {collection: $.list}}`, /item/],
  ])("[EACH-01] %s is refused", (text, message) => {
    expect(problems(text)).toEqual([expect.stringMatching(message)]);
    expect(problems(text)).toEqual([expect.stringMatching(/error e: /)]);
  });

  it("[EACH-01] index is optional", () => {
    expect(run(each(SHOW, "", "collection: $.list, item: x"), { input: { list: [5] } }).output).toEqual({
      out: [{ in: { list: [5], x: 5 } }],
    });
  });

  it("[EACH-01] item and index are different keys", () => {
    const text = each(SHOW, "", "collection: $.list, item: x, index: x");
    expect(problems(text)).toEqual([expect.stringMatching(/^4:\d+ error e: .*"item".*"index"/)]);
  });

  it.each([
    ["$.list", { list: [1, 2] }],
    ["$.a.b[1]", { a: { b: [0, [1, 2]] } }],
    ["$.rows[*].id", { rows: [{ id: 1 }, { id: 2 }, {}] }],
    ["$['with space']", { "with space": [1, 2] }],
  ])("[EACH-02] collection %s goes into the step's input", (collection, input) => {
    const { output } = run(
      each(
        `{type: pass, name: show, outputMappings: [{target: v, source: $input.x}]}`,
        "",
        `collection: "${collection}", item: x`,
      ),
      { input },
    );
    expect(output).toEqual({ out: [{ v: 1 }, { v: 2 }] });
  });

  it("[EACH-02] that input is the mapped one", () => {
    const text = each(SHOW, ", inputMappings: [{target: list, source: $input.other}]", "collection: $.list, item: x");
    expect(run(text, { input: { list: [1], other: [2] } }).output).toEqual({ out: [{ in: { list: [2], x: 2 } }] });
  });

  it("[EACH-02] a constant collection is refused", () => {
    const text = each(SHOW, "", "collection: list, item: x");
    expect(problems(text)).toEqual([
      expect.stringMatching(new RegExp(`^4:${columnOf(text, "list, item")} error e: .*path`)),
    ]);
  });

  it("[EACH-03] [EACH-04] an iteration sees the step's input, its element and its number", () => {
    expect(run(each(SHOW), { input: { list: ["a", "b"], k: 1 } }).output).toEqual({
      out: [{ in: { list: ["a", "b"], k: 1, x: "a", i: 0 } }, { in: { list: ["a", "b"], k: 1, x: "b", i: 1 } }],
    });
  });

  it("[EACH-03] item and index win over keys of the same name", () => {
    const text = each(SHOW, "", "collection: $.list, item: list, index: k");
    expect(run(text, { input: { list: ["a"], k: 9 } }).output).toEqual({ out: [{ in: { list: "a", k: 0 } }] });
  });

  it.each([[1], ["s"], [null], [true], [[1, [2]]], [{ k: { l: 1 } }], [{}]])(
    "[EACH-05] an element may be %j",
    (element) => {
      const text = each(`{type: pass, name: show, outputMappings: [{target: v, source: $input.x}]}`);
      expect(run(text, { input: { list: [element] } }).output).toEqual({ out: [{ v: element }] });
    },
  );

  it("[EACH-05] paths go into elements", () => {
    const text = each(`{type: pass, name: show, outputMappings: [{target: v, source: "$input.x[0]"}]}`);
    expect(run(text, { input: { list: [["key", 5]] } }).output).toEqual({ out: [{ v: "key" }] });
  });

  it("[EACH-06] 100 iterations run at the same time, the rest wait their turn", () => {
    const ten = `{type: wait, name: w, duration: 10}`;
    const list = (length: number) => Array.from({ length }, (_, n) => n);
    expect(run(each(ten), { input: { list: list(100) } }).seconds).toBe(10);
    expect(run(each(ten), { input: { list: list(101) } }).seconds).toBe(20);
    expect(run(each(ten), { input: { list: list(250) } }).seconds).toBe(30);
  });

  it("[EACH-07] local is in the order of the collection, whoever ends first", () => {
    const list = [30, 10, 20, 5];
    const text = each(
      `{type: wait, name: w, duration: $.x}, {type: pass, name: show, outputMappings: [{target: v, source: $input.x}]}`,
      ", concurrency: 3",
    );
    expect(run(text, { input: { list } }).output).toEqual({ out: list.map((v) => ({ v })) });
  });

  it("[EACH-08] the default output is {}", () => {
    const { output } = run(
      `- {type: foreach, name: e, iterationMapping: {collection: $.list, item: x}, steps: [${set("a")}]}`,
      { input: { list: [1] } },
    );
    expect(output).toEqual({});
  });

  it("[EACH-09] an empty collection runs nothing", () => {
    const { output, events } = run(each(set("a")), { input: { list: [] } });
    expect(output).toEqual({ out: [] });
    expect(trace(events, "IterationEntered")).toEqual([]);
    expect(trace(events, "StepExited")).toEqual(["e"]);
  });

  it.each([[{}], [{ list: null }], [{ list: "abc" }], [{ list: { a: 1 } }], [{ list: 3 }]])(
    "[EACH-10] %j has no collection",
    (input) => {
      const outcome = run(each(set("a")), { input });
      expect(outcome).toMatchObject({ status: "Failed", error: "FnF.InvalidInput" });
      expect(outcome.cause).toContain("$.list");
      expect(trace(outcome.events, "StepFailed")).toEqual(["e"]);
    },
  );

  it("[EACH-11] every iteration begins anew", () => {
    const text = each(
      `{type: pass, name: before, inputMappings: [{target: l, source: $local}], outputMappings: [{target: begun, source: $input.l}]}, ${set("mine")}`,
      ", concurrency: 1",
    );
    expect(run(text, { input: { list: [1, 2] } }).output).toEqual({
      out: [
        { begun: {}, mine: 1 },
        { begun: {}, mine: 1 },
      ],
    });
  });

  it("[EACH-12] foreach and parallel nest", () => {
    const { output } = run(
      `
      - type: foreach
        name: rows
        iterationMapping: {collection: $.rows, item: row}
        steps:
          - type: parallel
            name: p
            branches:
              - steps:
                  - type: foreach
                    name: cells
                    iterationMapping: {collection: $.row, item: cell, index: n}
                    steps: [{type: pass, name: cell, outputMappings: [{target: v, source: $input.cell}]}]
                    outputMappings: [{target: vs, source: "$local[*].v"}]
              - steps: [${set("other")}]
            outputMappings: [{target: vs, source: "$local[0].vs"}]
        outputMappings: [{target: all, source: "$local[*].vs"}]
      `,
      { input: { rows: [[1, 2], [], [3]] } },
    );
    expect(output).toEqual({ all: [[1, 2], [], [3]] });
  });

  it("[EACH-12] a goto loop in an iteration is the iteration's own", () => {
    const counter = new Map<number, number>();
    const { output } = run(
      `
      - type: foreach
        name: e
        iterationMapping: {collection: $.list, item: x}
        steps:
          - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/count"}
          - {type: choice, name: again, choices: [{condition: $.n < $.x, goto: t}]}
        outputMappings: [{target: ns, source: "$local[*].n"}]
      `,
      {
        input: { list: [3, 1, 2] },
        functions: {
          "s/count": (event) => {
            const x = Number(Object(event).x);
            counter.set(x, (counter.get(x) ?? 0) + 1);
            return { n: counter.get(x) ?? 0 };
          },
        },
      },
    );
    expect(output).toEqual({ ns: [3, 1, 2] });
  });

  it("[EACH-13] a failing iteration fails the step; the others are cancelled", () => {
    const outcome = run(
      each(
        `{type: wait, name: w, duration: $.x}, {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}`,
      ),
      { input: { list: [50, 5, 60] }, functions: { "s/f": fails("E", "why") } },
    );
    expect(outcome).toMatchObject({ status: "Failed", error: "E", cause: "why", seconds: 5 });
    expect(outcome.calls).toHaveLength(1);
    expect(trace(outcome.events, "StepFailed")).toEqual(["t", "e"]);
  });

  it("[EACH-14] succeed and end: true end that iteration only", () => {
    const stop = each(
      `{type: choice, name: c, choices: [{condition: $.x == 1, goto: s}]}, ${set("a", ", end: true")}, {type: succeed, name: s}, ${set("b")}`,
    );
    expect(run(stop, { input: { list: [1, 2, 1] } }).output).toEqual({ out: [{}, { a: 1 }, {}] });
    expect(details(run(stop, { input: { list: [1, 2, 1] } }).events, "IterationExited")).toHaveLength(3);
  });
});
