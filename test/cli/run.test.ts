import { describe, expect, test } from "vitest";
import { installed, PAY, steady } from "./installed.ts";

const { write, flow, functions, stepwell } = installed();

describe("a run that succeeds", () => {
  test("prints the output alone on stdout, its progress on stderr, and exits with 0", async () => {
    const module = functions("export default { 'shop/pay': ({ amount }) => ({ paid: amount }) };");
    const ran = await stepwell(["run", flow(PAY), "--functions", module, "--input", '{"amount":5}', "--name", "run-1"]);
    expect(ran.stdout).toBe('{\n  "paid": 5\n}\n');
    expect(steady(ran.stderr)).toBe("NAME/run-1 runs\n#  → pay\n#  ✓ pay\nNAME/run-1 succeeded in #\n");
    expect(ran.code).toBe(0);
  });

  test("with --quiet, stderr is empty", async () => {
    const ran = await stepwell(["run", flow("  - {type: pass, name: p}"), "-q"]);
    expect(ran).toEqual({ code: 0, stdout: "{}\n", stderr: "" });
  });

  test("with --json, stdout is one document: status, output, error, cause and the events of the API", async () => {
    const { code, stdout } = await stepwell([
      "run",
      flow("  - {type: pass, name: p, outputMappings: [{target: a, source: 1}]}"),
      "--json",
    ]);
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(["status", "output", "error", "cause", "events"]);
    expect(document).toMatchObject({ status: "Succeeded", output: { a: 1 }, error: null, cause: null });
    expect(document.events.map((event: { Type: string }) => event.Type)).toEqual([
      "ExecutionStarted",
      "StepEntered",
      "StepStarted",
      "StepSucceeded",
      "StepExited",
      "ExecutionSucceeded",
    ]);
    expect(document.events[1]).toEqual({
      EventId: 2,
      ScheduleEventId: 1,
      Type: "StepEntered",
      StepName: "p",
      Time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      EventDetail: '{"input":{},"local":{}}',
    });
  });

  test("needs no functions when the flow calls none, and an input of {} by itself", async () => {
    expect((await stepwell(["run", flow("  - {type: succeed, name: s}")])).code).toBe(0);
  });

  test("$context.flow.name is the file's name without its extensions", async () => {
    const steps = "  - {type: pass, name: p, outputMappings: [{target: name, source: $context.flow.name}]}";
    const path = write("order.v2.flow.yml", `version: v1\ntype: flow\nsteps:\n${steps}\n`);
    expect(JSON.parse((await stepwell(["run", path])).stdout)).toEqual({ name: "order" });
  });

  test("a JSON definition is as good", async () => {
    const path = write(
      "flow.json",
      JSON.stringify({ version: "v1", type: "flow", steps: [{ type: "pass", name: "p" }] }),
    );
    expect((await stepwell(["run", path])).code).toBe(0);
  });

  test("the input may come from a file or from standard input", async () => {
    const path = flow("  - {type: pass, name: p, outputMappings: [{target: b, source: $input.a}]}");
    write("input.json", '{"a":"from a file"}');
    expect(JSON.parse((await stepwell(["run", path, "-i", "@input.json"])).stdout)).toEqual({ b: "from a file" });
    expect(JSON.parse((await stepwell(["run", path, "-i", "@-"], { stdin: '{"a":"piped"}' })).stdout)).toEqual({
      b: "piped",
    });
  });
});

describe("a run that does not succeed", () => {
  test("a failed one exits with 1: status, error and cause on stderr, nothing on stdout", async () => {
    const { code, stdout, stderr } = await stepwell([
      "run",
      flow("  - {type: fail, name: f, error: TooLate, cause: closed at 6}"),
      "-q",
    ]);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(steady(stderr)).toBe("NAME/ID ended Failed after #\nerror: TooLate\ncause: closed at 6\n");
  });

  test("a function's uncaught error names its class; the function's process may even die", async () => {
    const module = functions(`
      class CardDeclined extends Error {}
      export default { 'shop/pay': ({ how }) => { if (how === "exit") process.exit(7); throw new CardDeclined("no funds"); } };`);
    const path = flow(PAY);
    const told = await stepwell(["run", path, "-f", module, "-q"]);
    expect(told.stderr).toMatch(/\nerror: CardDeclined\ncause: no funds\n {4}at .*functions-\d+\.mjs:3:\d+/);
    const thrown = JSON.parse((await stepwell(["run", path, "-f", module, "--json"])).stdout);
    expect(thrown).toMatchObject({ status: "Failed", output: null, error: "CardDeclined" });
    expect(JSON.parse(thrown.cause)).toMatchObject({ errorMessage: "no funds", errorType: "CardDeclined" });
    const died = JSON.parse((await stepwell(["run", path, "-f", module, "--json", "-i", '{"how":"exit"}'])).stdout);
    expect(died).toMatchObject({ status: "Failed", error: "FC.Unknown" });
    expect(died.cause).toContain("exit code: 7");
  });

  test("a task that loops for ever ends at its time-out", async () => {
    const module = functions("export default { 'shop/pay': () => { for (;;); } };");
    const path = flow(`${PAY.slice(0, -1)}, timeoutSeconds: 1}`);
    const { code, stdout } = await stepwell(["run", path, "-f", module, "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: "Failed", error: "FnF.TaskTimeout" });
  });

  test("a flow that jumps in a circle ends at its time-out", async () => {
    const path = flow("  - {type: choice, name: round, default: {goto: round}}", "timeoutSeconds: 1");
    const { code, stderr } = await stepwell(["run", path, "-q"]);
    expect(code).toBe(1);
    expect(stderr).toContain("ended TimedOut after 1");
    expect(stderr).toContain("error: FnF.Timeout");
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s stops the run: it ends Stopped, running functions die, the exit code is %d", async (signal, code) => {
    const module = functions("export default { 'shop/pay': () => { console.log(process.pid); for (;;); } };");
    const ran = await stepwell(["run", flow(PAY), "-f", module, "--json"], {
      when: [[/^shop\/pay \| \d+$/m, (child) => child.kill(signal)]],
    });
    expect(ran.code).toBe(code);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      status: "Stopped",
      error: "Interrupted",
      cause: `stopped by ${signal}`,
    });
    const pid = Number(ran.stderr.match(/^shop\/pay \| (\d+)$/m)?.[1]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  test("a flow that jumps in a circle can be stopped", async () => {
    const ran = await stepwell(["run", flow("  - {type: choice, name: round, default: {goto: round}}")], {
      when: [[/→ round/, (child) => child.kill("SIGINT")]],
    });
    expect(ran.code).toBe(130);
  });
});
