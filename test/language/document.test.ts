/** The document around the steps (fdl.md §1.1, §9.2, §10 row 51). */
import { describe, expect, it } from "vitest";
import { problemsOf } from "./definition.ts";
import { run, runDefinition } from "./run.ts";

const STEP = `{type: pass, name: a, outputMappings: [{target: x, source: 1}]}`;
const definition = (head: string) => `${head}\nsteps:\n  - ${STEP}\n`;

describe("document", () => {
  it("[DOC-01] is read by the core schema of YAML 1.2", () => {
    const { output } = run(`
      - type: pass
        name: a
        outputMappings:
          - {target: strings, source: [yes, no, on, off, y, 2001-01-01, 0b1, 1_000, "1"]}
          - {target: booleans, source: [true, false]}
          - {target: numbers, source: [1, -1, 1.5, 1e3, 0x10, 0o7]}
          - {target: nulls, source: [null, ~]}
          - target: folded
            source: >-
              two
              lines
    `);
    expect(output).toEqual({
      strings: ["yes", "no", "on", "off", "y", "2001-01-01", "0b1", "1_000", "1"],
      booleans: [true, false],
      numbers: [1, -1, 1.5, 1000, 16, 7],
      nulls: [null, null],
      folded: "two lines",
    });
  });

  it("[DOC-02] may be JSON", () => {
    const json = JSON.stringify({
      version: "v1",
      type: "flow",
      steps: [{ type: "pass", name: "a", outputMappings: [{ target: "x", source: "$input.n" }] }],
    });
    expect(runDefinition(json, { input: { n: 1 } }).output).toEqual({ x: 1 });
    expect(runDefinition(JSON.stringify(JSON.parse(json), null, "\t"), { input: { n: 1 } }).output).toEqual({ x: 1 });
  });

  it("[DOC-03] may use anchors and aliases", () => {
    const { output } = run(`
      - {type: pass, name: a, outputMappings: &shared [{target: x, source: {k: [1]}}]}
      - {type: pass, name: b, outputMappings: *shared}
    `);
    expect(output).toEqual({ x: { k: [1] } });
  });

  it.each([
    ["a merge key", `version: v1\ntype: flow\nsteps:\n  - &a {type: pass, name: a}\n  - {<<: *a, name: b}\n`, /<</],
    ["a tag", `version: v1\ntype: !flow flow\nsteps: [${STEP}]\n`, /tag/],
    [
      "!!binary",
      `version: v1\ntype: flow\nsteps: [{type: pass, name: a, outputMappings: [{target: x, source: !!binary aGk=}]}]\n`,
      /tag/,
    ],
    ["!Ref", `version: v1\ntype: flow\nsteps: [{type: task, name: a, resourceArn: !Ref S/f}]\n`, /tag/],
    ["a duplicate key", `version: v1\ntype: flow\ntype: flow\nsteps: [${STEP}]\n`, /type|unique|duplicate/i],
    [
      "a duplicate key in data",
      `version: v1\ntype: flow\nsteps: [{type: pass, name: a, outputMappings: [{target: x, source: {k: 1, k: 2}}]}]\n`,
      /k|unique|twice/i,
    ],
    [
      "a key that is no string",
      `version: v1\ntype: flow\nsteps: [{type: pass, name: a, outputMappings: [{target: x, source: {[1]: 2}}]}]\n`,
      /key/,
    ],
    [
      "a second document",
      `${definition("version: v1\ntype: flow")}---\n${definition("version: v1\ntype: flow")}`,
      /document/,
    ],
    ["broken syntax", `version: v1\ntype: flow\nsteps: [${STEP}\n`, /YAML/],
    ["no mapping at all", `just text\n`, /./],
    ["nothing", ``, /./],
  ])("[DOC-03] %s is an error", (_, text, message) => {
    const found = problemsOf(text);
    expect(found).not.toEqual([]);
    expect(found).toContainEqual(expect.stringMatching(/^\d+:\d+ error/));
    expect(found).toContainEqual(expect.stringMatching(message));
  });

  it("[DOC-15] an alias inside its own anchor is an error", () => {
    const text = `version: v1\ntype: flow\nsteps:\n  - &a {type: choice, name: a, default: {steps: [*a]}}\n`;
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^4:50 error: .*\*a/)]);
  });

  it("[DOC-15] aliases that grow a small text into a huge one are an error", () => {
    const levels = Array.from(
      { length: 30 },
      (_, n) =>
        `  - {type: pass, name: s${n}, outputMappings: [{target: x, source: &l${n} [${n === 0 ? 1 : `*l${n - 1}, *l${n - 1}`}]}]}`,
    );
    const found = problemsOf(`version: v1\ntype: flow\nsteps:\n${levels.join("\n")}\n`);
    expect(found).toContainEqual(expect.stringMatching(/^\d+:\d+ error.*alias/));
  });

  it.each(["v1", "v1beta1", "v1.0", `"v1"`, `'v1beta1'`])("[DOC-04] version: %s", (version) => {
    expect(runDefinition(definition(`version: ${version}\ntype: flow`)).output).toEqual({ x: 1 });
  });

  it.each([`v2`, `1`, `V1`, `v1.1`, `""`, `[v1]`])("[DOC-04] version: %s is refused", (version) => {
    expect(problemsOf(definition(`version: ${version}\ntype: flow`))).toEqual([
      expect.stringMatching(/^1:10 error: .*version.*v1/),
    ]);
  });

  it("[DOC-04] version is required", () => {
    expect(problemsOf(definition(`type: flow`))).toEqual([expect.stringMatching(/^1:1 error: .*"version"/)]);
  });

  it("[DOC-05] type is required and must be flow", () => {
    expect(problemsOf(definition(`version: v1`))).toEqual([expect.stringMatching(/^1:1 error: .*"type"/)]);
    expect(problemsOf(definition(`version: v1\ntype: workflow`))).toEqual([
      expect.stringMatching(/^2:7 error: .*flow/),
    ]);
  });

  it("[DOC-06] steps run from top to bottom", () => {
    const { output } = run(`
      - {type: pass, name: a, outputMappings: [{target: list, source: a}]}
      - {type: pass, name: b, inputMappings: [{target: was, source: $local.list}], outputMappings: [{target: before, source: $input.was}]}
      - {type: pass, name: c, outputMappings: [{target: list, source: c}]}
    `);
    expect(output).toEqual({ list: "c", before: "a" });
  });

  it.each([
    `version: v1\ntype: flow\n`,
    `version: v1\ntype: flow\nsteps: []\n`,
    `version: v1\ntype: flow\nsteps: {}\n`,
    `version: v1\ntype: flow\nsteps:\n`,
  ])("[DOC-06] %j has no steps", (text) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^\d+:\d+ error: .*"steps"/)]);
  });

  it("[DOC-07] inputMappings builds the flow input", () => {
    const { calls } = run(
      `
      inputMappings: [{target: a, source: $input.x.y}, {target: all, source: $input}, {target: c, source: 5}, {target: gone, source: $input.z}]
      steps:
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}
      `,
      { input: { x: { y: 1 } }, functions: { "s/f": () => ({}) } },
    );
    expect(calls.map((call) => call.payload)).toEqual([{ a: 1, all: { x: { y: 1 } }, c: 5 }]);
  });

  it("[DOC-08] without them it is the execution's input, {} when there is none", () => {
    const flow = `- {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}`;
    const payloads = [{ x: 1 }, undefined].map(
      (input) => run(flow, { ...(input && { input }), functions: { "s/f": () => ({}) } }).calls[0]?.payload,
    );
    expect(payloads).toEqual([{ x: 1 }, {}]);
  });

  it("[DOC-09] outputMappings builds the output", () => {
    const { output } = run(
      `
      inputMappings: [{target: in, source: $input.x}]
      outputMappings: [{target: i, source: $input}, {target: l, source: $local}, {target: both, source: $}, {target: c, source: [1]}, {target: gone, source: $local.z}]
      steps:
      - {type: pass, name: a, outputMappings: [{target: y, source: 2}]}
      `,
      { input: { x: 1 } },
    );
    expect(output).toEqual({ i: { in: 1 }, l: { y: 2 }, both: { in: 1, y: 2 }, c: [1] });
  });

  it("[DOC-10] without them it is the merge of all top-level outputs, without the input", () => {
    const { output } = run(`[${STEP}, {type: pass, name: b, outputMappings: [{target: y, source: 2}]}]`, {
      input: { in: 1 },
    });
    expect(output).toEqual({ x: 1, y: 2 });
  });

  it("[DOC-11] there is no output when the flow fails", () => {
    const outcome = run(`
      outputMappings: [{target: y, source: 1}]
      steps:
      - ${STEP}
      - {type: fail, name: f, error: E}
    `);
    expect(outcome).toMatchObject({ status: "Failed", error: "E", warnings: [] });
    expect(outcome.output).toBeUndefined();
  });

  it.each([0, -1, 1.5, `"10"`, 31_536_001])("[DOC-12] [LIMIT-04] timeoutSeconds: %s is refused", (value) => {
    expect(problemsOf(definition(`version: v1\ntype: flow\ntimeoutSeconds: ${value}`))).toEqual([
      expect.stringMatching(/^3:17 error: "timeoutSeconds"/),
    ]);
  });

  it("[DOC-12] [LIMIT-04] timeoutSeconds may be 1 to a year", () => {
    for (const value of [1, 31_536_000])
      expect(problemsOf(definition(`version: v1\ntype: flow\ntimeoutSeconds: ${value}`))).toEqual([]);
  });

  it("[DOC-13] name is accepted and ignored", () => {
    const text = definition(`version: v1\ntype: flow\nname: other`).replace("source: 1", "source: $context.flow.name");
    expect(problemsOf(text)).toEqual([]);
    expect(runDefinition(text, { flow: "mine" }).output).toEqual({ x: "mine" });
  });

  it.each([
    `Type: StateMachine\nSpecVersion: v1\nName: x\nStartAt: a\nStates:\n  - {Type: Pass, Name: a, End: true}\n`,
    `type: StateMachine\nversion: v1\nsteps: []\n`,
    `States: []\n`,
  ])("[DOC-14] %j is refused as CloudFlow", (text) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^\d+:\d+ error: .*CloudFlow/)]);
  });
});
