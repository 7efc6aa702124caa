/** Choices (fdl.md §3.4, §10 rows 21 and 22). */
import { describe, expect, it } from "vitest";
import { trace } from "./events.ts";
import { run } from "./run.ts";
import { fails } from "./scripts.ts";

const set = (name: string, rest = "") =>
  `{type: pass, name: ${name}, outputMappings: [{target: ${name}, source: 1}]${rest}}`;

describe("choice", () => {
  it("[CHOICE-01] conditions read the step's own input", () => {
    const { output } = run(
      `
      - ${set("before")}
      - type: choice
        name: c
        inputMappings: [{target: y, source: $input.x}]
        choices:
          - {condition: $.before == 1, steps: [${set("unmapped")}]}
          - {condition: $.y == 5, steps: [${set("mapped")}]}
      - {type: choice, name: d, choices: [{condition: $.before == 1 && $.x == 5, steps: [${set("merged")}]}]}
      `,
      { input: { x: 5 } },
    );
    expect(output).toEqual({ before: 1, mapped: 1, merged: 1 });
  });

  it.each([
    [1, { a: 1 }],
    [2, { b: 1 }],
    [3, { b: 1 }],
    [9, { d: 1 }],
  ])("[CHOICE-02] [CHOICE-04] the first satisfied entry is taken, else default (x = %d)", (x, output) => {
    const outcome = run(
      `
      - type: choice
        name: c
        choices:
          - {condition: $.x == 1, steps: [${set("a")}]}
          - {condition: $.x <= 3, steps: [${set("b")}]}
          - {condition: $.x == 3, steps: [${set("c")}]}
        default: {steps: [${set("d")}]}
      `,
      { input: { x } },
    );
    expect(outcome.output).toEqual(output);
  });

  it.each([
    ["an entry", `choices: [{condition: "true", steps: [${set("a")}, ${set("b")}], goto: last}]`],
    ["default", `default: {steps: [${set("a")}, ${set("b")}], goto: last}`],
  ])("[CHOICE-03] [CHOICE-04] the steps of %s run, then its goto is followed", (_, fields) => {
    const { output, events } = run(`
      - {type: choice, name: c, ${fields}}
      - ${set("skipped")}
      - ${set("last")}
    `);
    expect(output).toEqual({ a: 1, b: 1, last: 1 });
    expect(trace(events, "StepEntered")).toEqual(["c", "a", "b", "last"]);
  });

  it("[CHOICE-03] [CHOICE-04] goto alone jumps", () => {
    const goto = (x: number) =>
      run(
        `
        - {type: choice, name: c, choices: [{condition: $.x == 1, goto: y}], default: {goto: z}}
        - ${set("skipped")}
        - ${set("y", ", end: true")}
        - ${set("z")}
        `,
        { input: { x } },
      ).output;
    expect([goto(1), goto(2)]).toEqual([{ y: 1 }, { z: 1 }]);
  });

  it.each([
    ["nothing satisfied and no default", `choices: [{condition: "false", goto: z}]`],
    ["an empty entry", `choices: [{condition: "true"}], default: {goto: z}`],
    ["an entry with no steps", `choices: [{condition: "true", steps: []}], default: {goto: z}`],
    ["an empty default", `choices: [{condition: "false", goto: z}], default: {}`],
    ["no entries", `choices: [], default: {}`],
  ])("[CHOICE-05] %s: the next step runs", (_, fields) => {
    const { status, output } = run(`
      - {type: choice, name: c, ${fields}}
      - ${set("next", ", end: true")}
      - ${set("z")}
    `);
    expect({ status, output }).toEqual({ status: "Succeeded", output: { next: 1 } });
  });

  it("[CHOICE-06] without choices default is taken", () => {
    expect(run(`- {type: choice, name: c, default: {steps: [${set("d")}]}}`).output).toEqual({ d: 1 });
  });

  it("[CHOICE-07] local is what the steps accumulated", () => {
    const { output } = run(
      `
      - {type: choice, name: c, default: {steps: [${set("a")}, ${set("b")}]}}
      - {type: choice, name: d, default: {steps: [${set("x")}]}, outputMappings: [{target: local, source: $local}, {target: y, source: $local.x}]}
      - {type: choice, name: e, choices: [], outputMappings: [{target: empty, source: $local}]}
      `,
      { input: { i: 1 } },
    );
    expect(output).toEqual({ a: 1, b: 1, local: { x: 1 }, y: 1, empty: {} });
  });

  it("[CHOICE-08] the output is merged before the goto's target starts", () => {
    const { calls } = run(
      `
      - {type: choice, name: c, default: {steps: [${set("a")}], goto: t}, outputMappings: [{target: fromChoice, source: $local.a}]}
      - ${set("skipped")}
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}
      `,
      { functions: { "s/f": () => ({}) } },
    );
    expect(calls.map((call) => call.payload)).toEqual([{ fromChoice: 1 }]);
  });

  it.each([
    [1, { y: 1 }],
    [2, {}],
  ])("[CHOICE-09] end: true ends the list unless a goto is followed (x = %d)", (x, output) => {
    const outcome = run(
      `
      - {type: choice, name: c, end: true, choices: [{condition: $.x == 1, goto: y}], default: {}}
      - ${set("skipped")}
      - ${set("y")}
      `,
      { input: { x } },
    );
    expect(outcome).toMatchObject({ status: "Succeeded", output });
    expect(outcome.output).toEqual(output);
  });

  it("[CHOICE-10] an error in its steps fails the choice and its parent", () => {
    const outcome = run(
      `
      - type: choice
        name: outer
        default:
          steps:
            - {type: choice, name: inner, default: {steps: [{type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}], goto: x}}
            - ${set("x")}
      - ${set("y")}
      `,
      { functions: { "s/f": fails("E", "why") } },
    );
    expect(outcome).toMatchObject({ status: "Failed", error: "E", cause: "why" });
    expect(trace(outcome.events, "StepFailed")).toEqual(["t", "inner", "outer"]);
    expect(trace(outcome.events, "StepEntered")).toEqual(["outer", "inner", "t"]);
  });
});
