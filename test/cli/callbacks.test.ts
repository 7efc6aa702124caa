import { describe, expect, test } from "vitest";
import { installed } from "./installed.ts";

const { write, stepwell } = installed();

const ASK =
  "  - {type: task, name: ask, pattern: waitForCallback, resourceArn: 'acs:mns:::/queues/q/messages', serviceParams: {MessageBody: hi}}\n";

function flow(name: string, steps: string): string {
  return write(`${name}.yml`, `version: v1\ntype: flow\nsteps:\n${steps}`);
}

describe("answers on the command line", () => {
  test("--report is the task's success", async () => {
    const { code, stdout } = await stepwell(["run", flow("ask", ASK), "--report", 'ask={"yes":true}']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ yes: true });
  });

  test("--report-fail is its failure", async () => {
    const { code, stderr } = await stepwell(["run", flow("ask", ASK), "-q", "--report-fail", "ask=Rejected:too dear"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: Rejected\ncause: too dear\n$/);
  });

  test("several for one step are given in their order, the last one again and again", async () => {
    const retried = ASK.replace("}}", "}, retry: [{errors: [Busy], intervalSeconds: 0}]}");
    const path = flow("thrice", `${retried}${retried.replace("name: ask", "name: ask2")}`);
    const answers = ["--report-fail", "ask=Busy", "--report", 'ask={"n":2}', "--report", 'ask2={"m":1}'];
    const { stdout, stderr } = await stepwell(["run", path, ...answers]);
    expect(JSON.parse(stdout)).toEqual({ n: 2, m: 1 });
    expect(stderr).toContain("✗ ask  Busy");
  });

  test("one for a step that waits for no report is refused before anything runs", async () => {
    const ran = await stepwell(["run", flow("ask", ASK), "--report", "aks={}"]);
    expect(ran).toEqual({
      code: 2,
      stdout: "",
      stderr: 'stepwell: --report: no step "aks" waits for a report (pattern: waitForCallback); these do: ask\n',
    });
  });
});

describe("answers typed while the task waits", () => {
  const waits = /"ask" waits for a report: type ask=JSON, or fail ask=ERROR:CAUSE\ntask token: (\S+)\n/;

  test("a line answers it, and stdin need not end", async () => {
    const { code, stdout } = await stepwell(["run", flow("ask", ASK)], {
      keepStdin: true,
      when: [[waits, (child) => child.write('ask={"typed":1}\n')]],
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ typed: 1 });
  });

  test("a line that is no answer is told, and the task waits on", async () => {
    const { stderr, stdout } = await stepwell(["run", flow("ask", ASK)], {
      keepStdin: true,
      when: [
        [waits, (child) => child.write("yes please\nother={}\n")],
        [/waiting: ask\n/, (child) => child.write('{"typed":2}\n')],
      ],
    });
    expect(stderr).toContain('"yes please" is not of the form STEP=JSON\n');
    expect(stderr).toContain('no task of step "other" waits for a report; waiting: ask\n');
    expect(JSON.parse(stdout)).toEqual({ typed: 2 });
  });

  test("lines piped beforehand answer the tasks in turn", async () => {
    const path = flow("two", `${ASK}${ASK.replace("name: ask", "name: ask2")}`);
    const { code, stdout } = await stepwell(["run", path], { stdin: '{"a":1}\n\n{"b":2}\n' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ a: 1, b: 2 });
  });

  test("a failure may be typed", async () => {
    const { code, stderr } = await stepwell(["run", flow("ask", ASK)], { stdin: "fail ask=Rejected:no\n" });
    expect(code).toBe(1);
    expect(stderr).toContain("error: Rejected\n");
  });
});

describe("nobody answers", () => {
  test("a task with a time-out times out", async () => {
    const { code, stdout, stderr } = await stepwell([
      "run",
      flow("timed", ASK.replace("}}", "}, timeoutSeconds: 1}")),
      "--json",
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: "Failed", error: "FnF.TaskTimeout" });
    expect(stderr).toMatch(/… ask {2}times out in [\d.]+ s\n/);
  });

  test("one without is not waited for when stdin has ended: exit code 2, and what to do", async () => {
    const { code, stdout, stderr } = await stepwell(["run", flow("ask", ASK), "--json"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(
      'stepwell: step "ask" waits for a report and standard input has ended: the run was stopped.\n',
    );
    expect(stderr).toContain(`--report 'ask={"key":"value"}'`);
  });

  test("while other branches run there is hope: one of them may end it all", async () => {
    const path = flow(
      "parallel",
      `  - type: parallel
    name: both
    branches:
      - steps:
        ${ASK.trimStart().replace("- {", "  - {")}
      - steps:
          - {type: wait, name: nap, duration: 1}
          - {type: fail, name: enough, error: Enough}
    catch: [{errors: [Enough], goto: after}]
  - {type: pass, name: after, outputMappings: [{target: done, source: true}]}
`,
    );
    const { code, stdout } = await stepwell(["run", path]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ done: true });
  });

  test("the input took stdin: there is no line to wait for", async () => {
    const { code, stderr } = await stepwell(["run", flow("ask", ASK), "-i", "@-"], { stdin: "{}" });
    expect(code).toBe(2);
    expect(stderr).toContain("--report");
  });
});
