/** Jumps (fdl.md §5, §10 row 24). */
import { describe, expect, it } from "vitest";
import { problems } from "./definition.ts";
import { trace } from "./events.ts";
import { run } from "./run.ts";
import { failing, fails } from "./scripts.ts";

const set = (name: string, rest = "") =>
  `{type: pass, name: ${name}, outputMappings: [{target: ${name}, source: 1}]${rest}}`;
const COUNT = `{type: task, name: count, resourceArn: "acs:fc:::services/s/functions/count"}`;

/** A function that answers {n: 1}, {n: 2}, … */
function counting() {
  let n = 0;
  return { "s/count": () => ({ n: ++n }) };
}

describe("goto", () => {
  it("[GOTO-01] stands in a choice's entry, in default and in catch", () => {
    const goes = (x: number) =>
      trace(
        run(
          `
          - {type: choice, name: c, choices: [{condition: $.x == 1, goto: a}], default: {goto: t}}
          - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", catch: [{errors: [E], goto: b}]}
          - ${set("a", ", end: true")}
          - ${set("b", ", end: true")}
          `,
          { input: { x }, functions: { "s/f": fails("E") } },
        ).events,
        "StepEntered",
      );
    expect([goes(1), goes(2)]).toEqual([
      ["c", "a"],
      ["c", "t", "b"],
    ]);
  });

  it("[GOTO-01] names a sibling in inner lists as well", () => {
    const { output } = run(`
      - type: parallel
        name: p
        branches: [{steps: [{type: choice, name: c, default: {goto: x}}, ${set("skipped")}, ${set("x")}]}]
        outputMappings: [{target: local, source: $local}]
      - ${set("x")}
    `);
    expect(output).toEqual({ local: [{ x: 1 }], x: 1 });
  });

  it.each([
    ["an unknown step", `- {type: choice, name: c, default: {goto: nowhere}}`],
    ["a step of the entry's own steps", `- {type: choice, name: c, default: {steps: [${set("x")}], goto: x}}`],
    [
      "a step of an outer list",
      `[{type: choice, name: o, default: {steps: [{type: choice, name: c, default: {goto: x}}]}}, ${set("x")}]`,
    ],
    [
      "a step of another branch",
      `- {type: parallel, name: p, branches: [{steps: [{type: choice, name: c, default: {goto: x}}]}, {steps: [${set("x")}]}]}`,
    ],
    [
      "an unknown step, from catch",
      `- {type: task, name: c, resourceArn: "acs:fc:::services/s/functions/f", catch: [{errors: [E], goto: nowhere}]}`,
    ],
    [
      "a step outside, from catch",
      `[{type: choice, name: o, default: {steps: [{type: task, name: c, resourceArn: "acs:fc:::services/s/functions/f", catch: [{errors: [E], goto: x}]}]}}, ${set("x")}]`,
    ],
  ])("[GOTO-02] %s is no target", (_, text) => {
    expect(problems(text)).toEqual([expect.stringMatching(/^4:\d+ error c: .*"(nowhere|x)"/)]);
  });

  it("[GOTO-03] goes forward and backward", () => {
    const { output, events } = run(
      `
      - {type: choice, name: in, default: {goto: count}}
      - ${set("skipped")}
      - ${COUNT}
      - {type: choice, name: again, choices: [{condition: $.n < 3, goto: count}]}
      `,
      { functions: counting() },
    );
    expect(output).toEqual({ n: 3 });
    expect(trace(events, "StepEntered")).toEqual(["in", "count", "again", "count", "again", "count", "again"]);
  });

  it("[GOTO-03] [MORE-02] the number of rounds has no limit, and history none on its events", () => {
    const { output, events } = run(
      `[${COUNT}, {type: choice, name: again, choices: [{condition: $.n < 2000, goto: count}]}]`,
      {
        functions: counting(),
      },
    );
    expect(output).toEqual({ n: 2000 });
    expect(events.length).toBeGreaterThan(5000);
  });

  it("[GOTO-04] runs on from its target to the next steps", () => {
    const { output } = run(`
      - {type: choice, name: c, default: {goto: b}}
      - ${set("a")}
      - ${set("b")}
      - ${set("d")}
      - {type: succeed, name: done}
      - ${set("tail")}
    `);
    expect(output).toEqual({ b: 1, d: 1 });
  });

  it("[GOTO-05] a choice may jump to itself", () => {
    const { output, events } = run(
      `- {type: choice, name: c, choices: [{condition: $.n < 3, steps: [${COUNT}], goto: c}]}`,
      {
        input: { n: 0 },
        functions: counting(),
      },
    );
    expect(output).toEqual({ n: 3 });
    expect(trace(events, "StepEntered")).toEqual(["c", "count", "c", "count", "c", "count", "c"]);
  });

  it("[GOTO-05] a task may catch into itself", () => {
    const { output, calls } = run(
      `- {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", catch: [{errors: [E], goto: t}]}`,
      {
        functions: { "s/f": failing(["E", "E"], { ok: 1 }) },
      },
    );
    expect(output).toEqual({ ok: 1 });
    expect(calls).toHaveLength(3);
  });

  it("[GOTO-06] going back keeps the frame's local", () => {
    const { calls, output } = run(
      `
      - ${COUNT}
      - {type: choice, name: first, choices: [{condition: $.n == 1, steps: [${set("once")}], goto: count}]}
      `,
      { functions: counting() },
    );
    expect(calls.map((call) => call.payload)).toEqual([{}, { n: 1, once: 1 }]);
    expect(output).toEqual({ n: 2, once: 1 });
  });
});
