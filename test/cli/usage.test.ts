import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installed, runProgram } from "./installed.ts";

const { write, stepwell, folder, launcher } = installed();

const GOOD = "version: v1\ntype: flow\nsteps:\n  - {type: pass, name: p}\n";
const WARNED = "version: v1\ntype: flow\nhobby: chess\nsteps:\n  - {type: pass, name: p}\n";
const BAD =
  "version: v1\ntype: flow\nsteps:\n  - {type: pass, name: p}\n  - {type: choice, name: c, default: {goto: nowhere}}\n";

describe("validate", () => {
  test("a valid definition: exit code 0", async () => {
    expect(await stepwell(["validate", write("good.yml", GOOD)])).toEqual({
      code: 0,
      stdout: "",
      stderr: "the definition is valid\n",
    });
  });

  test("warnings are told and do not count", async () => {
    const { code, stderr } = await stepwell(["validate", write("warned.yml", WARNED)]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warned\.yml:3:1: warning: .*hobby.*\nthe definition is valid \(1 warning\)\n$/);
  });

  test("an invalid one: file, line, column, step, message; exit code 2", async () => {
    const { code, stderr, stdout } = await stepwell(["validate", write("bad.yml", BAD)]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^bad\.yml:5:\d+: error: step "c": .*nowhere.*\n1 error\n$/);
  });

  test("several files are all checked", async () => {
    write("good.yml", GOOD);
    write("bad.yml", BAD);
    const { code, stderr } = await stepwell(["validate", "good.yml", "bad.yml"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^bad\.yml:5/);
    expect((await stepwell(["validate", "good.yml", "good.yml"])).stderr).toBe("all 2 definitions are valid\n");
  });

  test("--json prints one document", async () => {
    write("good.yml", GOOD);
    write("bad.yml", BAD);
    const { code, stdout, stderr } = await stepwell(["validate", "--json", "good.yml", "bad.yml"]);
    expect(code).toBe(2);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      valid: false,
      files: [
        { file: "good.yml", valid: true, problems: [] },
        {
          file: "bad.yml",
          valid: false,
          problems: [
            {
              severity: "error",
              line: 5,
              column: expect.any(Number),
              step: "c",
              message: expect.stringContaining("nowhere"),
            },
          ],
        },
      ],
    });
  });

  test("a definition of 100 KB values and odd keys is checked like any other", async () => {
    const steps = [{ type: "pass", name: "p", outputMappings: [{ target: "__proto__", source: "x".repeat(100_000) }] }];
    expect(
      (await stepwell(["validate", write("large.json", JSON.stringify({ version: "v1", type: "flow", steps }))])).code,
    ).toBe(0);
  });
});

describe("graph", () => {
  test("prints a flowchart", async () => {
    const { code, stdout, stderr } = await stepwell(["graph", write("good.yml", GOOD)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      'flowchart TD\n  start(["start"])\n  s1[/"p"/]\n  finish(["end"])\n  start --> s1\n  s1 --> finish\n',
    );
  });

  test("draws nothing of an invalid definition", async () => {
    const { code, stdout, stderr } = await stepwell(["graph", write("bad.yml", BAD)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^bad\.yml:5:/);
  });
});

describe("run refuses, with exit code 2 and nothing on stdout", () => {
  const cases: readonly [what: string, args: readonly string[], message: string | RegExp][] = [
    ["an invalid definition", ["bad.yml"], /^bad\.yml:5:\d+: error: step "c": .*\n$/],
    ["a definition that is not there", ["none.yml"], "stepwell: cannot read none.yml: there is no such file\n"],
    ["a folder", ["dir"], "stepwell: cannot read dir: it is a directory\n"],
    [
      "an input that is no object",
      ["good.yml", "-i", "3"],
      "stepwell: the input must be a JSON object, not a number\n",
    ],
    [
      "an input that is no JSON",
      ["good.yml", "-i", '{"a":}'],
      "stepwell: the input is not valid JSON: line 1, column 6: Unexpected token '}'\n",
    ],
    [
      "an input file that is not there",
      ["good.yml", "-i", "@none.json"],
      "stepwell: cannot read none.json: there is no such file\n",
    ],
    [
      "functions that are missing",
      ["task.yml"],
      'stepwell: step "pay" calls shop/pay: give the module with the flow\'s functions by --functions MODULE\n',
    ],
    [
      "a module that is not there",
      ["task.yml", "-f", "none.mjs"],
      "stepwell: cannot load the functions module none.mjs: there is no such file\n",
    ],
    [
      "a module that is a folder",
      ["task.yml", "-f", "dir"],
      "stepwell: cannot load the functions module dir: it is a directory; name the file\n",
    ],
    [
      "a module that does not parse",
      ["task.yml", "-f", "broken.mjs"],
      /^stepwell: cannot load the functions module broken\.mjs: .*broken\.mjs:2: SyntaxError: Unexpected token '}'\n$/,
    ],
    [
      "a module without functions",
      ["task.yml", "-f", "empty.mjs"],
      /^stepwell: cannot load the functions module empty\.mjs: the default export must be an object .*it has none\n$/,
    ],
    ["a name that no execution can have", ["good.yml", "-n", "a b", "-q"], /^stepwell: "a b" is no execution name/],
    ["a sub-flow that is invalid", ["good.yml", "--flow", "x=bad.yml"], /^bad\.yml:5:/],
    [
      "a sub-flow that takes the flow's own name",
      ["good.yml", "--flow", "good=good.yml"],
      /^stepwell: flow "good" is the flow that runs/,
    ],
    [
      "a sub-flow given twice",
      ["good.yml", "--flow", "x=good.yml", "--flow", "x=good.yml"],
      /^stepwell: flow "x" is given twice/,
    ],
    [
      "a sub-flow without a name",
      ["good.yml", "--flow", "good.yml"],
      /^error: option '--flow <name=file>' argument 'good\.yml' is invalid\. "good\.yml" is not of the form NAME=FILE\n/,
    ],
    ["a report that is no JSON", ["good.yml", "--report", "a=b"], /the output for step "a" is not valid JSON: b\n/],
    ["no flow", [], /^error: missing required argument 'flow'\n/],
    ["too many flows", ["good.yml", "bad.yml"], /^error: too many arguments/],
    [
      "an unknown option",
      ["good.yml", "--inptu", "{}"],
      /^error: unknown option '--inptu'\n\(Did you mean --input\?\)\n/,
    ],
  ];
  test.each(cases)("%s", async (_what, args, message) => {
    write("good.yml", GOOD);
    write("bad.yml", BAD);
    write(
      "task.yml",
      "version: v1\ntype: flow\nsteps:\n  - {type: task, name: pay, resourceArn: 'acs:fc:::services/shop/functions/pay'}\n",
    );
    write("broken.mjs", "export default {\n  a: (x => };\n");
    write("empty.mjs", "export const a = 1;\n");
    mkdirSync(join(folder, "dir"), { recursive: true });
    const { code, stdout, stderr } = await stepwell(["run", ...args]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});

describe("help", () => {
  test.each([
    ["--help"],
    ["dev", "--help"],
    ["run", "--help"],
    ["validate", "-h"],
    ["graph", "--help"],
    ["schedules", "next", "--help"],
    ["help", "run"],
  ])("stepwell %s %s: on stdout, with examples, exit code 0", async (...args) => {
    const { code, stdout, stderr } = await stepwell(args.filter((one) => one !== undefined));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: stepwell/);
    expect(stdout).toMatch(/^Examples:\n {2}\$ stepwell /m);
    // A terminal's usual width.
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
  });

  test("--version is the package's", async () => {
    expect((await stepwell(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("an unknown command gets a suggestion, exit code 2", async () => {
    const { code, stdout, stderr } = await stepwell(["vaildate", "x.yml"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: unknown command 'vaildate'\n\(Did you mean validate\?\)\n/);
  });

  test("no command at all: the help on stderr, exit code 2", async () => {
    const { code, stdout, stderr } = await stepwell([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: stepwell/);
  });
});

test("a reader of stdout that goes away is no error", async () => {
  const input = JSON.stringify({ big: "x".repeat(90_000) });
  write(
    "big.yml",
    "version: v1\ntype: flow\nsteps:\n  - {type: pass, name: p, outputMappings: [{target: big, source: $input.big}]}\n",
  );
  write("big.json", input);
  const script = `"${process.execPath}" "${launcher}" run big.yml -i @big.json -q --json | head -c 10; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await runProgram("/bin/bash", ["-c", script], folder);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/0\n$/);
});
