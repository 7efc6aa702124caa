import { describe, expect, it } from "vitest";
import { formatProblem, parseFlow } from "./parse.ts";
import { brokenChoices } from "./testing/broken-choices.ts";
import { brokenFlows } from "./testing/broken-flow.ts";
import { brokenForks } from "./testing/broken-forks.ts";
import { brokenMappings } from "./testing/broken-mappings.ts";
import { brokenParams } from "./testing/broken-params.ts";
import { brokenPolicies } from "./testing/broken-policies.ts";
import { brokenSteps } from "./testing/broken-steps.ts";
import { brokenTasks } from "./testing/broken-tasks.ts";
import { brokenWaits } from "./testing/broken-waits.ts";
import { brokenYaml } from "./testing/broken-yaml.ts";
import { flow, PASS, step } from "./testing/definition-text.ts";
import { suspicious } from "./testing/suspicious.ts";
import { validBlocks } from "./testing/valid-blocks.ts";
import { validPlainSteps, validWaits } from "./testing/valid-plain.ts";
import { validTasks } from "./testing/valid-tasks.ts";

const problemsOf = (text: string) =>
  parseFlow(text).problems.map((problem) => formatProblem(problem, "flow.yml").slice("flow.yml:".length));

describe("a right definition", () => {
  it.each([...validPlainSteps, ...validWaits, ...validTasks, ...validBlocks])("$title", ({ text, step }) => {
    expect(parseFlow(text)).toStrictEqual({ flow: { pinAliases: false, steps: [step] }, problems: [] });
  });

  it.each(["v1", "v1beta1", "v1.0", '"v1"'])("has the version %s", (version) => {
    expect(parseFlow(`version: ${version}\ntype: flow\nsteps: [${PASS}]`).problems).toEqual([]);
  });

  it("may say more at its top level", () => {
    const text = `{version: v1, type: flow, name: '', description: '', timeoutSeconds: 31536000, pinAliases: true,
      inputMappings: [{target: a, source: 1}], outputMappings: [{target: b, source: 2}], steps: [${PASS}]}`;
    expect(parseFlow(text).flow).toStrictEqual({
      timeoutSeconds: 31_536_000,
      pinAliases: true,
      inputMappings: [{ target: "a", source: { kind: "constant", value: 1 } }],
      outputMappings: [{ target: "b", source: { kind: "constant", value: 2 } }],
      steps: [{ type: "pass", name: "a", end: false }],
    });
  });

  it("may be JSON, may begin with a byte order mark or a document's start, and may end its lines as Windows does", () => {
    const json = `{"version": "v1", "type": "flow", "steps": [{"type": "pass", "name": "a"}]}`;
    const expected = parseFlow(`version: v1\ntype: flow\nsteps: [${PASS}]`);
    const yaml = `%YAML  1.2\n--- # comment\nversion: v1\ntype: flow\nsteps:\n  - ${PASS}\n...\n`;
    for (const text of [json, `\uFEFF${json}`, yaml, yaml.replaceAll("\n", "\r\n")]) {
      expect(parseFlow(text)).toStrictEqual(expected);
    }
  });

  it("may use aliases, also of keys and of steps", () => {
    const text = flow(`
      - {type: pass, name: a, outputMappings: &m [{&k target: x, source: 1}]}
      - {type: pass, name: b, outputMappings: *m}
      - {type: pass, name: c, outputMappings: [{*k : x, source: 1}]}
      - type: parallel
        name: p
        branches: [{steps: &s [{type: pass, name: &n i}]}, {steps: *s}]
      - {type: pass, name: *n}
    `);
    const { flow: read, problems } = parseFlow(text);
    const outputMappings = [{ target: "x", source: { kind: "constant", value: 1 } }];
    const inner = { steps: [{ type: "pass", name: "i", end: false }] };
    expect(problems).toEqual([]);
    expect(read?.steps).toMatchObject([
      { name: "a", outputMappings },
      { name: "b", outputMappings },
      { name: "c", outputMappings },
      { name: "p", branches: [inner, inner] },
      { name: "i" },
    ]);
  });

  it("may have 1,000 branches", () => {
    expect(problemsOf(step(`type: parallel, name: p, branches: [${`{steps: [${PASS}]},`.repeat(1000)}]`))).toEqual([]);
  });

  it("may use one name in several lists, and jump to siblings in both directions", () => {
    const text = flow(`
      - {type: choice, name: a, choices: [{condition: $.x, goto: b}], default: {steps: [{type: choice, name: a, default: {goto: a}}]}}
      - {type: choice, name: b, default: {goto: a}}
    `);
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    ["a choice goes on where an entry does not jump", "{type: choice, name: c, choices: [{condition: $.x, goto: c}]}"],
    ["a choice goes on where its default does not jump", "{type: choice, name: c, default: {}}"],
    [
      "a choice goes on where one of its entries does not jump",
      "{type: choice, name: c, choices: [{condition: $.x}], default: {goto: c}}",
    ],
    [
      "a choice goes on where only some of its entries jump",
      "{type: choice, name: c, choices: [{condition: $.x, goto: c}, {condition: $.y}], default: {goto: c}}",
    ],
    ["a choice jumps, although it ends the list", "{type: choice, name: c, end: true, default: {goto: next}}"],
    [
      "an entry jumps, although the choice ends the list",
      "{type: choice, name: c, end: true, choices: [{condition: $.x, goto: next}]}",
    ],
    [
      "a caught task jumps, although it ends the list",
      "{type: task, name: c, end: true, resourceArn: 'acs:fnf:::flow/f', catch: [{errors: [FnF.ALL], goto: next}]}",
    ],
    [
      "a caught parallel jumps",
      "{type: parallel, name: c, end: true, branches: [{steps: [{type: fail, name: f}]}], catch: [{errors: [A], goto: next}]}",
    ],
    [
      "a parallel goes on when a branch succeeds",
      "{type: parallel, name: c, branches: [{steps: [{type: succeed, name: s}]}]}",
    ],
    ["a choice goes on when its steps end", "{type: choice, name: c, default: {steps: [{type: succeed, name: s}]}}"],
    ["a wait goes on", "{type: wait, name: c, duration: 1}"],
  ])("reaches the next step: %s", (_, first) => {
    expect(problemsOf(flow(`- ${first}\n- {type: pass, name: next}`))).toEqual([]);
  });
});

describe("a broken definition", () => {
  const groups = {
    yaml: brokenYaml,
    "the top level": brokenFlows,
    "any step": brokenSteps,
    mappings: brokenMappings,
    tasks: brokenTasks,
    serviceParams: brokenParams,
    "retry and catch": brokenPolicies,
    waits: brokenWaits,
    "choices and jumps": brokenChoices,
    "parallel and foreach": brokenForks,
  };
  describe.each(Object.entries(groups))("%s", (_, cases) => {
    it.each(cases)("$title", ({ text, problems }) => {
      expect(problemsOf(text)).toEqual(problems);
      expect(parseFlow(text)).not.toHaveProperty("flow");
    });
  });

  it("names the first of several steps elsewhere", () => {
    const text = flow(`
      - {type: choice, name: p, default: {steps: [{type: pass, name: x}]}}
      - {type: choice, name: q, default: {steps: [{type: pass, name: x}]}}
      - {type: choice, name: r, default: {goto: x}}
    `);
    expect(problemsOf(text)).toEqual([
      '6:45: error: step "r": The list has no step "x" to go to. There is one inside step "p", but a goto reaches only steps of its own list.',
    ]);
  });

  it("has no step in what is said of its top level", () => {
    expect(parseFlow("{version: v1, type: flow}").problems).toStrictEqual([
      { severity: "error", line: 1, column: 1, message: 'A flow needs "steps".' },
    ]);
  });

  it("is told at most twenty syntax errors", () => {
    expect(problemsOf('- "a" "b"\n'.repeat(21))).toHaveLength(20);
  });

  it("is not asked for more than twenty of its jumps what they mean", () => {
    const jump = (index: number) => `- {type: choice, name: step${index}, default: {goto: stepp${index}}}`;
    const problems = problemsOf(flow(Array.from({ length: 21 }, (_, index) => jump(index + 10)).join("\n")));
    const plain = (index: number) => `The list has no step "stepp${index}" to go to.`;
    expect(problems[19]).toBe(`23:50: error: step "step29": ${plain(29)} Did you mean "step29"?`);
    expect(problems[20]).toBe(`24:50: error: step "step30": ${plain(30)}`);
  });

  it("of more than 1 MiB is refused by its size in bytes", () => {
    const text = step(`type: pass, name: a, outputMappings: [{target: x, source: '${"é".repeat(524_288)}'}]`);
    const bytes = new TextEncoder().encode(text).length;
    expect(problemsOf(text)).toEqual([`1:1: error: The definition has ${bytes} bytes; it may have 1048576 (1 MiB).`]);
  });

  // Five lists and maps stand around each source; &a has two levels, &b four.
  const sourced = (source: string) => {
    const mapping = (anchored: string) => `{target: x, source: ${anchored}}`;
    return step(
      `type: pass, name: a, outputMappings: [${["&a [[y]]", "&b [{k: *a}]", source].map(mapping).join(", ")}]`,
    );
  };
  const lists = (levels: number, core: string) => "[".repeat(levels) + core + "]".repeat(levels);
  const maps = (levels: number, core: string) => "{k: ".repeat(levels) + core + "}".repeat(levels);

  it.each([
    ["lists", (levels: number) => lists(levels, "")],
    ["maps", (levels: number) => maps(levels, "x")],
    ["lists around an alias", (levels: number) => lists(levels - 2, "*a")],
    ["maps around an alias", (levels: number) => maps(levels - 2, "*a")],
    ["lists around an alias of an alias", (levels: number) => lists(levels - 4, "*b")],
  ])("may be nested to 100 levels and no deeper: %s", (_, levels) => {
    expect(problemsOf(sourced(levels(95)))).toEqual([]);
    expect(problemsOf(sourced(levels(96)))).toEqual([expect.stringContaining("nested deeper than 100 levels")]);
  });

  // The comment moves the text away from the start of the definition.
  const repeated = (value: string, alias: string, times: number) =>
    `# ${"-".repeat(300_000)}\n${step(
      `type: pass, name: a, outputMappings: [{target: x, source: ${value}}, {target: y, source: [${Array(times).fill(alias).join(", ")}]}]`,
    )}`;

  it.each([
    ["texts", `&a "${"x".repeat(262_142)}"`, 4],
    ["lists", `&a ["${"x".repeat(262_140)}"]`, 4],
    ["maps", `&a {k: "${"x".repeat(262_137)}"}`, 4],
    ["lists of aliases", `[&k "${"x".repeat(131_040)}", &a [*k, 1]]`, 7],
    ["maps of aliases", `[&k "${"x".repeat(131_040)}", &a {k: *k}]`, 7],
  ])("may have aliases that stand for 1 MiB and no more: %s", (_, value, times) => {
    expect(problemsOf(repeated(value, "*a", times))).toEqual([]);
    expect(problemsOf(repeated(value, "*a", times + 1))).toEqual([
      expect.stringContaining("Written out, the aliases up to *a are longer than 1048576 characters."),
    ]);
  });

  it("of exactly 1 MiB is read", () => {
    const text = step("type: pass, name: a");
    const padded = `${text}#${"x".repeat(1_048_576 - text.length - 1)}`;
    expect(parseFlow(padded)).toStrictEqual(parseFlow(text));
  });
});

describe("a suspicious definition", () => {
  it.each(suspicious)("$title", ({ text, problems }) => {
    expect(problemsOf(text)).toEqual(problems);
    expect(parseFlow(text)).toHaveProperty("flow");
  });
});
