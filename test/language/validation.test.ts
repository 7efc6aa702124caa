/** What is checked before a flow may run (fdl.md §1.1, §3.9, §10 rows 36, 37, 50, §12). */
import { describe, expect, it } from "vitest";
import { parseFlow } from "../../lib/fdl/parse.ts";
import { columnOf, problems, problemsOf } from "./definition.ts";
import { run, runDefinition } from "./run.ts";

const TASK = `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"`;

describe("validation", () => {
  it("[VAL-01] every problem is reported, with its place and its step", () => {
    const definition = [
      "version: v2", // 1
      "type: flow",
      "timeoutSeconds: soon", // 3
      "steps:",
      "  - type: choice",
      "    name: first",
      "    choices:",
      "      - condition: $.a ==", // 8
      "        goto: nowhere", // 9
      "        steps:",
      "          - type: pass",
      "            name: inner",
      "            end: 5", // 13
      "  - type: tsk", // 14
      "    name: second",
      "  - type: wait", // 16
      "    name: third",
    ].join("\n");
    expect(problemsOf(definition)).toEqual([
      expect.stringMatching(/^1:10 error: .*version/),
      expect.stringMatching(/^3:17 error: .*timeoutSeconds/),
      expect.stringMatching(/^8:26 error first: /),
      expect.stringMatching(/^9:15 error first: .*nowhere/),
      expect.stringMatching(/^13:18 error inner: .*end/),
      expect.stringMatching(/^14:11 error second: .*task/),
      expect.stringMatching(/^16:5 error third: .*duration/),
    ]);
  });

  it("[VAL-02] a definition with an error is refused, one with warnings is not", () => {
    const warned = parseFlow(`version: v1\ntype: flow\nauthor: ann\nsteps: [{type: pass, name: a, color: red}]\n`);
    expect(warned.problems.map(({ severity }) => severity)).toEqual(["warning", "warning"]);
    expect(warned.flow?.steps).toEqual([expect.objectContaining({ type: "pass", name: "a" })]);
    const refused = parseFlow(`version: v1\ntype: flow\nsteps: [{type: pass, name: a, end: 5}]\n`);
    expect(refused.problems.map(({ severity }) => severity)).toEqual(["error"]);
    expect(refused.flow).toBeUndefined();
  });

  it.each([
    ["a step", `- {${TASK}, color: red}`, "color"],
    ["a mapping", `- {${TASK}, inputMappings: [{target: a, source: 1, colour: red}]}`, "colour"],
    ["a retry policy", `- {${TASK}, retry: [{errors: [E], jitter: full}]}`, "jitter"],
    ["a catch policy", `- {${TASK}, catch: [{errors: [E], goto: t, colour: red}]}`, "colour"],
    ["serviceParams", `- {${TASK}, serviceParams: {Colour: red}}`, "Colour"],
    ["a branch", `- {type: parallel, name: t, branches: [{steps: [{type: pass, name: a}], colour: red}]}`, "colour"],
    ["a choice", `- {type: choice, name: t, default: {colour: red}}`, "colour"],
    [
      "iterationMapping",
      `- {type: foreach, name: t, iterationMapping: {collection: $.c, item: i, colour: red}, steps: [{type: pass, name: a}]}`,
      "colour",
    ],
  ])("[VAL-03] an unknown key of %s is a warning", (_, text, key) => {
    expect(problems(text)).toEqual([
      expect.stringMatching(new RegExp(`^4:${columnOf(text, key)} warning t: .*"${key}"`)),
    ]);
  });

  it("[VAL-03] an unknown key of the document is a warning, and is ignored", () => {
    const definition = `version: v1\ntype: flow\nauthor: ann\nsteps:\n  - {type: pass, name: a, color: red, outputMappings: [{target: x, source: 1}]}\n`;
    expect(problemsOf(definition)).toEqual([
      expect.stringMatching(/^3:1 warning: .*"author"/),
      expect.stringMatching(/^5:27 warning a: .*"color"/),
    ]);
    expect(runDefinition(definition).output).toEqual({ x: 1 });
  });

  it.each([
    [`- {${TASK}, Retry: []}`, "Retry", "retry"],
    [`- {${TASK}, timeoutSecond: 5}`, "timeoutSecond", "timeoutSeconds"],
    [`- {${TASK}, timeoutseconds: 5}`, "timeoutseconds", "timeoutSeconds"],
    [`- {${TASK}, outputMapping: []}`, "outputMapping", "outputMappings"],
    [`- {${TASK}, retry: [{errors: [E], maxAttempt: 1}]}`, "maxAttempt:", "maxAttempts"],
    [`- {type: pass, name: t, inputMapings: []}`, "inputMapings", "inputMappings"],
    [`- {type: choice, name: t, defautl: {}}`, "defautl", "default"],
    [`- {type: choice, name: t, choices: [{conditoin: "true"}]}`, "conditoin", "condition"],
    [
      `- {type: foreach, name: t, iterationMapping: {colection: $.c, item: i}, steps: [{type: pass, name: a}]}`,
      "colection",
      "collection",
    ],
  ])("[VAL-04] %s: did you mean?", (text, wrong, right) => {
    const [problem] = problems(text).filter((line) => line.startsWith(`4:${columnOf(text, wrong)} `));
    expect(problem).toMatch(new RegExp(`^4:\\d+ error t: .*${wrong.replace(":", "")}.*[Dd]id you mean "${right}"`));
    expect(() => run(text)).toThrow("The definition is wrong");
  });

  it("[VAL-04] at the document's top level", () => {
    expect(problemsOf(`version: v1\ntype: flow\ntimeoutSecs: 5\nsteps: [{type: pass, name: a}]\n`)[0]).toMatch(
      /^3:1 warning/,
    );
    expect(problemsOf(`version: v1\ntype: flow\ntimeoutSecond: 5\nsteps: [{type: pass, name: a}]\n`)).toEqual([
      expect.stringMatching(/^3:1 error: .*[Dd]id you mean "timeoutSeconds"/),
    ]);
  });

  it("[VAL-05] an unknown step type is an error", () => {
    expect(problems(`- {type: map, name: t}`)).toEqual([
      expect.stringMatching(/^4:12 error t: .*"map".*task.*foreach/),
    ]);
    expect(problems(`- {type: Pass, name: t}`)).toEqual([
      expect.stringMatching(/^4:12 error t: .*[Dd]id you mean "pass"/),
    ]);
  });

  it.each([
    [`- {type: task, name: t}`, "resourceArn"],
    [`- {type: wait, name: t}`, "duration"],
    [`- {type: parallel, name: t}`, "branches"],
    [`- {type: choice, name: t, choices: [{goto: t}]}`, "condition"],
    [`- {${TASK}, retry: [{}]}`, "errors"],
    [`- {${TASK}, catch: [{errors: [E]}]}`, "goto"],
    [`- {${TASK}, inputMappings: [{source: 1}]}`, "target"],
  ])("[VAL-06] %s lacks a required field", (text, field) => {
    expect(problems(text)).toEqual([expect.stringMatching(new RegExp(`^4:\\d+ error t: .*${field}`))]);
  });

  it.each([
    [`- {${TASK}, end: "true"}`, `"true"`],
    [`- {${TASK}, end: 1}`, `1}`],
    [`- {${TASK}, timeoutSeconds: "10"}`, `"10"`],
    [`- {${TASK}, timeoutSeconds: 1.5}`, `1.5`],
    [`- {${TASK}, pattern: [sync]}`, `[sync]`],
    [`- {${TASK}, retry: {errors: [E]}}`, `{errors`],
    [`- {${TASK}, retry: [{errors: E}]}`, `E}`],
    [`- {${TASK}, retry: [{errors: [5]}]}`, `5]`],
    [`- {${TASK}, retry: [{errors: [E], maxAttempts: "3"}]}`, `"3"`],
    [`- {${TASK}, inputMappings: {target: a}}`, `{target`],
    [`- {${TASK}, inputMappings: [{target: 5}]}`, `5}`],
    [`- {${TASK}, serviceParams: [1]}`, `[1]`],
    [`- {type: task, name: t, resourceArn: 5}`, `5}`],
    [`- {type: wait, name: t, duration: true}`, `true`],
    [`- {type: choice, name: t, choices: {}}`, `{}`],
    [`- {type: choice, name: t, choices: [{condition: true}]}`, `true`],
    [`- {type: choice, name: t, default: [goto]}`, `[goto]`],
    [`- {type: fail, name: t, error: 404}`, `404`],
    [`- {type: foreach, name: t, iterationMapping: {collection: $.c, item: 5}, steps: [{type: pass, name: a}]}`, `5}`],
    [
      `- {type: foreach, name: t, concurrency: "5", iterationMapping: {collection: $.c, item: i}, steps: [{type: pass, name: a}]}`,
      `"5"`,
    ],
  ])("[VAL-07] %s has a value of the wrong type", (text, wrong) => {
    expect(problems(text)).toEqual([expect.stringMatching(new RegExp(`^4:${columnOf(text, wrong)} error t: `))]);
  });

  it("[VAL-08] loop steps and steps in catch are not supported", () => {
    expect(problems(`- {type: loop, name: t, steps: [{type: pass, name: a}], preCondition: "true"}`)).toEqual([
      expect.stringMatching(/^4:12 error t: .*[Ll]oop.*not supported.*goto/),
    ]);
    const text = `- {${TASK}, catch: [{errors: [E], goto: t, steps: [{type: pass, name: a}]}]}`;
    expect(problems(text)).toEqual([
      expect.stringMatching(new RegExp(`^4:${columnOf(text, "steps")} error t: .*"steps"`)),
    ]);
  });

  it.each(
    ["pass", "wait", "choice", "succeed", "fail"].flatMap((type) => [
      [type, `retry: [{errors: [E]}]`],
      [type, `catch: [{errors: [E], goto: t}]`],
      [type, `errorMappings: [{target: a}]`],
      [type, `timeoutSeconds: 5`],
    ]),
  )("[VAL-09] %s takes no {%s}", (type, field) => {
    const rest = { wait: ", duration: 1", choice: ", default: {}" }[type ?? ""] ?? "";
    const text = `- {type: ${type}, name: t${rest}, ${field}}`;
    expect(problems(text)).toEqual([
      expect.stringMatching(new RegExp(`^4:${columnOf(text, field)} error t: .*"${field.split(":")[0]}"`)),
    ]);
  });

  it.each([
    ["behind end: true", `[{type: pass, name: a, end: true}, {type: pass, name: lost}]`],
    ["behind succeed", `[{type: succeed, name: a}, {type: pass, name: lost}]`],
    ["behind fail", `[{type: fail, name: a}, {type: pass, name: lost}]`],
    [
      "behind a choice that always jumps",
      `[{type: choice, name: a, default: {goto: b}}, {type: pass, name: lost}, {type: pass, name: b}]`,
    ],
  ])("[VAL-10] a step %s is never reached: a warning", (_, text) => {
    expect(problems(text)).toEqual([
      expect.stringMatching(new RegExp(`^4:${columnOf(text, "lost")} warning lost: .*never reached`)),
    ]);
    expect(run(text).events).not.toEqual([]);
  });

  it.each([
    `[{type: choice, name: a, choices: [{condition: $.x, goto: b}]}, {type: pass, name: c}, {type: pass, name: b}]`,
    `[{${TASK}, catch: [{errors: [E], goto: b}], end: true}, {type: pass, name: b}]`,
    `[{type: choice, name: a, default: {steps: [{type: succeed, name: s}]}}, {type: pass, name: b}]`,
  ])("[VAL-10] every step of %s may be reached", (text) => {
    expect(problems(text)).toEqual([]);
  });

  it("[VAL-09] parallel and foreach take no timeoutSeconds", () => {
    expect(
      problems(`- {type: parallel, name: t, branches: [{steps: [{type: pass, name: a}]}], timeoutSeconds: 5}`),
    ).toEqual([expect.stringMatching(/error t: .*"timeoutSeconds"/)]);
  });
});
