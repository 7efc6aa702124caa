/** What all steps share, and the three simplest: pass, succeed, fail (fdl.md §1.2, §3.2, §3.7, §3.8). */
import { describe, expect, it } from "vitest";
import { problems } from "./definition.ts";
import { details, trace } from "./events.ts";
import { run } from "./run.ts";

const set = (name: string, rest = "") =>
  `{type: pass, name: ${name}, outputMappings: [{target: ${name}, source: 1}]${rest}}`;

describe("all steps", () => {
  it("[STEP-01] all eight types run", () => {
    const { status, events } = run(
      `
      - {type: pass, name: pa}
      - {type: wait, name: wa, duration: 1}
      - {type: task, name: ta, resourceArn: "acs:fc:::services/s/functions/f"}
      - type: parallel
        name: pr
        branches: [{steps: [{type: pass, name: b}]}]
      - type: foreach
        name: fo
        iterationMapping: {collection: $.list, item: x}
        steps: [{type: pass, name: i}]
      - type: choice
        name: ch
        choices: [{condition: $.stop, goto: fa}]
      - {type: succeed, name: su}
      - {type: fail, name: fa, error: E}
      `,
      { input: { list: [1] }, functions: { "s/f": () => ({}) } },
    );
    expect(status).toBe("Succeeded");
    expect(trace(events, "StepExited")).toEqual(["pa", "wa", "ta", "b", "pr", "i", "fo", "ch", "su"]);
  });

  it.each([
    [`- {name: a}`, "4:5 error a: ", /type/],
    [`- {type: pass}`, "4:5 error: ", /name/],
  ])("[STEP-01] %s lacks a required field", (text, place, message) => {
    const [problem, ...others] = problems(text);
    expect(problem).toContain(place);
    expect(problem).toMatch(message);
    expect(others).toEqual([]);
  });

  it("[STEP-02] end: true ends the list, end: false does not", () => {
    expect(run(`[${set("a", ", end: false")}, ${set("b", ", end: true")}, ${set("c")}]`).output).toEqual({
      a: 1,
      b: 1,
    });
  });

  it("[STEP-02] end: true in an inner list ends that list only", () => {
    const { output } = run(`
      - {type: choice, name: c, default: {steps: [${set("x", ", end: true")}, ${set("y")}]}}
      - ${set("z")}
    `);
    expect(output).toEqual({ x: 1, z: 1 });
  });

  it.each([
    `{type: pass, name: s, end: true}`,
    `{type: wait, name: s, duration: 1, end: true}`,
    `{type: task, name: s, resourceArn: "acs:fc:::services/s/functions/f", end: true}`,
    `{type: choice, name: s, default: {steps: []}, end: true}`,
    `{type: parallel, name: s, branches: [{steps: [{type: pass, name: b}]}], end: true}`,
    `{type: foreach, name: s, iterationMapping: {collection: $.list, item: x}, steps: [{type: pass, name: b}], end: true}`,
  ])("[STEP-03] %s ends its list", (step) => {
    const { status, events } = run(`[${step}, {type: choice, name: other, choices: [{condition: $.never, goto: s}]}]`, {
      input: { list: [1] },
      functions: { "s/f": () => ({}) },
    });
    expect(status).toBe("Succeeded");
    expect(trace(events, "StepEntered")).not.toContain("other");
  });

  it.each(["succeed", "fail"])("[STEP-03] %s does not take end", (type) => {
    expect(problems(`- {type: ${type}, name: s, end: true}`).filter((line) => /end/.test(line))).toHaveLength(1);
  });

  it.each([
    [`type: pass`],
    [`type: wait, duration: 0`],
    [`type: task, resourceArn: "acs:fc:::services/s/functions/f"`],
    [`type: choice, default: {steps: []}`],
    [`type: parallel, branches: [{steps: [{type: pass, name: b}]}]`],
    [`type: foreach, iterationMapping: {collection: $.list, item: x}, steps: [{type: pass, name: b}]`],
    [`type: succeed`],
  ])("[STEP-04] {%s} takes both kinds of mappings", (fields) => {
    const { output } = run(
      `- {name: s, ${fields}, inputMappings: [{target: list, source: $input.a}], outputMappings: [{target: out, source: $input.list}]}`,
      { input: { a: [1] }, functions: { "s/f": () => ({}) } },
    );
    expect(output).toEqual({ out: [1] });
  });

  it("[STEP-04] mappings on fail are accepted and have no effect", () => {
    const outcome = run(
      `- {type: fail, name: s, error: E, cause: C, inputMappings: [{target: a, source: 1}], outputMappings: [{target: b, source: 1}]}`,
    );
    expect(outcome).toMatchObject({ status: "Failed", error: "E", cause: "C" });
    expect(outcome.output).toBeUndefined();
  });
});

describe("pass", () => {
  it("[PASS-01] does not copy its input", () => {
    expect(run(`- {type: pass, name: a}`, { input: { x: 1 } })).toMatchObject({ status: "Succeeded", output: {} });
  });

  it("[PASS-01] maps its input and constants; its local is empty", () => {
    const { output, calls } = run(
      `- {type: pass, name: a, outputMappings: [{target: x, source: $input.x}, {target: c, source: 5}, {target: l, source: $local}]}`,
      { input: { x: 1 } },
    );
    expect(output).toEqual({ x: 1, c: 5, l: {} });
    expect(calls).toEqual([]);
  });
});

describe("succeed", () => {
  it("[SUCC-01] [SUCC-02] ends the flow; nothing after it runs", () => {
    const { status, output, events } = run(`
      - ${set("a")}
      - {type: succeed, name: s}
      - ${set("b")}
    `);
    expect({ status, output }).toEqual({ status: "Succeeded", output: { a: 1 } });
    expect(trace(events, "StepEntered")).toEqual(["a", "s"]);
  });

  it("[SUCC-03] in a choice it ends that entry's steps: the next step runs", () => {
    const { output } = run(`
      - {type: choice, name: c, choices: [{condition: "true", steps: [${set("x")}, {type: succeed, name: s}, ${set("y")}]}]}
      - ${set("z")}
    `);
    expect(output).toEqual({ x: 1, z: 1 });
  });

  it("[SUCC-03] in a choice the entry's goto is followed", () => {
    const { output } = run(`
      - {type: choice, name: c, default: {steps: [{type: succeed, name: s}, ${set("y")}], goto: last}}
      - ${set("z")}
      - ${set("last")}
    `);
    expect(output).toEqual({ last: 1 });
  });

  it("[SUCC-04] its output is {} unless mapped", () => {
    expect(run(`- {type: succeed, name: s}`, { input: { x: 1 } }).output).toEqual({});
    const { output } = run(
      `- {type: succeed, name: s, outputMappings: [{target: y, source: $input.x}, {target: l, source: $local}]}`,
      {
        input: { x: 1 },
      },
    );
    expect(output).toEqual({ y: 1, l: {} });
  });
});

describe("fail", () => {
  it("[FAIL-01] fails every parent up to the execution", () => {
    const outcome = run(
      `
      - type: foreach
        name: e
        iterationMapping: {collection: $.list, item: x}
        steps:
          - type: parallel
            name: p
            branches:
              - steps:
                  - {type: choice, name: c, default: {steps: [{type: fail, name: f, error: E, cause: why}, ${set("never")}]}}
      - ${set("never")}
      `,
      { input: { list: [1] } },
    );
    expect(outcome).toMatchObject({ status: "Failed", error: "E", cause: "why" });
    expect(trace(outcome.events, "StepFailed")).toEqual(["f", "c", "p", "e"]);
    expect(trace(outcome.events, "StepEntered")).not.toContain("never");
  });

  it("[FAIL-02] error and cause are literal text", () => {
    expect(
      run(`- {type: fail, name: f, error: $input.error, cause: $.cause}`, { input: { error: "E", cause: "C" } }),
    ).toMatchObject({
      status: "Failed",
      error: "$input.error",
      cause: "$.cause",
    });
  });

  it.each(["error", "cause"])("[FAIL-02] %s must be a string", (field) => {
    expect(problems(`- {type: fail, name: f, ${field}: 5}`)).toEqual([
      expect.stringMatching(new RegExp(`error f: .*${field}.*string`)),
    ]);
  });

  it("[FAIL-03] what is not given is empty", () => {
    const { status, error, cause, events } = run(`- {type: fail, name: f}`);
    expect({ status, error, cause }).toEqual({ status: "Failed", error: "", cause: "" });
    expect(details(events, "ExecutionFailed")).toEqual([{ error: "", cause: "" }]);
  });

  it("[FAIL-04] no task of the same flow catches it", () => {
    const outcome = run(
      `
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", catch: [{errors: [FnF.ALL], goto: last}]}
      - {type: fail, name: f, error: E}
      - ${set("last")}
      `,
      { functions: { "s/f": () => ({}) } },
    );
    expect(outcome).toMatchObject({ status: "Failed", error: "E" });
    expect(trace(outcome.events, "StepEntered")).toEqual(["t", "f"]);
  });

  it("[FAIL-04] a parent flow catches it on its sub-flow task", () => {
    const { output } = run(
      `
      - type: task
        name: t
        resourceArn: acs:fnf:::flow/child
        pattern: sync
        catch: [{errors: [E], goto: after}]
        errorMappings: [{target: caught, source: $local.error}]
      - ${set("skipped")}
      - ${set("after")}
      `,
      { flows: { child: `- {type: fail, name: f, error: E, cause: C}` } },
    );
    expect(output).toEqual({ caught: "E", after: 1 });
  });
});
