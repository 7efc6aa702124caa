import { describe, expect, test } from "vitest";
import { installed } from "./installed.ts";

const { write, stepwell, folder } = installed();

/** A definition file with these steps, under a name of its own. */
let flows = 0;
function flow(steps: string, top = ""): string {
  return write(`flow-${++flows}.yml`, `version: v1\ntype: flow\n${top}\nsteps:\n${steps}\n`);
}

function functions(source: string): string {
  return write(`functions-${++flows}.mjs`, source);
}

const PAY = "  - {type: task, name: pay, resourceArn: 'acs:fc:::services/shop/functions/pay'}";

/** stderr without what differs from run to run: times, names of executions. */
function steady(text: string): string {
  return text
    .replace(/^ *\d+\.\d{3} s/gm, "#")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")
    .replace(/(succeeded in|after) [\d.]+ s$/gm, "$1 #");
}

describe("a run that succeeds", () => {
  test("prints the output alone on stdout, its progress on stderr, and exits with 0", async () => {
    const module = functions("export default { 'shop/pay': ({ amount }) => ({ paid: amount }) };");
    const ran = await stepwell(["run", flow(PAY), "--functions", module, "--input", '{"amount":5}', "--name", "run-1"]);
    expect(ran.stdout).toBe('{\n  "paid": 5\n}\n');
    expect(steady(ran.stderr)).toBe(
      `flow-${flows}/run-1 runs\n#  → pay\n#  ✓ pay\nflow-${flows}/run-1 succeeded in #\n`,
    );
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

describe("progress", () => {
  test("shows retries with their delay, caught errors, waits, branches and iterations", async () => {
    const module = functions(`
      let calls = 0;
      export default {
        flaky: () => { if (calls++ === 0) throw new TypeError("not yet"); return {}; },
        broken: () => { throw new RangeError("no"); },
      };`);
    const path = flow(`
  - {type: task, name: flaky, resourceArn: 'arn:aws:lambda:::function:flaky', retry: [{errors: [FnF.ALL], intervalSeconds: 1}]}
  - {type: task, name: broken, resourceArn: 'arn:aws:lambda:::function:broken', catch: [{errors: [RangeError], goto: nap}]}
  - {type: wait, name: nap, duration: 1}
  - type: parallel
    name: both
    branches: [{steps: [{type: pass, name: left}]}]
  - type: foreach
    name: each
    concurrency: 1
    iterationMapping: {collection: $.items, item: item}
    steps: [{type: pass, name: one}]
`);
    const { stderr, code } = await stepwell(["run", path, "-f", module, "-i", '{"items":[1,2]}']);
    expect(code).toBe(0);
    expect(steady(stderr).split("\n").slice(1, -2)).toEqual([
      "#  → flaky",
      "#  ✗ flaky  TypeError: not yet",
      "#  ↻ flaky  next attempt in 1 s",
      "#  ↻ flaky  attempt 2",
      "#  ✓ flaky",
      "#  → broken",
      "#  ✗ broken  RangeError: no",
      "#  ✓ broken  caught RangeError, go to nap",
      "#  → nap",
      "#  … nap  waits 1 s",
      "#  ✓ nap",
      "#  → both",
      "#  ⇉ both  in 1 branch",
      "#  → both[0] › left",
      "#  ✓ both[0] › left",
      "#  ✓ both",
      "#  → each",
      "#  ⇉ each  in 1 branch",
      "#  → each[0] › one",
      "#  ✓ each[0] › one",
      "#  → each[1] › one",
      "#  ✓ each[1] › one",
      "#  ✓ each",
    ]);
  });

  test("what functions print goes to stderr, line by line with the function's name", async () => {
    const module = functions(
      "export default { 'shop/pay': () => { console.log('{\"not\":\"the output\"}\\nagain'); return {}; } };",
    );
    const { stdout, stderr } = await stepwell(["run", flow(PAY), "-f", module, "--quiet"]);
    expect(stdout).toBe("{}\n");
    expect(stderr).toBe('shop/pay | {"not":"the output"}\nshop/pay | again\n');
  });

  test("a message to a queue or a topic is shown, not sent", async () => {
    const path = flow(`
  - {type: task, name: tell, resourceArn: 'acs:mns:::/topics/news/messages', serviceParams: {MessageBody: $}}
  - {type: task, name: mail, resourceArn: 'arn:aws:sqs:::mails', serviceParams: {MessageBody: hi}}
`);
    const { stderr, stdout } = await stepwell(["run", path, "-i", '{"a":1}']);
    expect(stderr).toContain('tell sent to topic news: {"a":1}\n');
    expect(stderr).toContain("mail sent to queue mails: hi\n");
    expect(Object.keys(JSON.parse(stdout))).toEqual(["MessageId", "MessageBodyMD5", "RequestId"]);
  });

  test("a missing mapping path is a warning", async () => {
    const path = flow("  - {type: pass, name: p, outputMappings: [{target: a, source: $input.nope}]}");
    const { stderr } = await stepwell(["run", path]);
    expect(stderr.match(/warning: .*step "p".*nope/g)).toHaveLength(1);
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
    expect(steady(stderr)).toBe(`flow-${flows}/ID ended Failed after #\nerror: TooLate\ncause: closed at 6\n`);
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

describe("sub-flows", () => {
  const child = () =>
    write(
      "child.yml",
      "version: v1\ntype: flow\nsteps:\n  - {type: pass, name: c, outputMappings: [{target: b, source: $input.a}]}\n",
    );

  test("--flow gives them by name; the parent waits for a sync one, whose steps are shown", async () => {
    const path = flow("  - {type: task, name: sub, pattern: sync, resourceArn: 'acs:fnf:::flow/other'}");
    const { stdout, stderr } = await stepwell(["run", path, "--flow", `other=${child()}`, "-i", '{"a":3}']);
    expect(JSON.parse(stdout)).toEqual({ b: 3 });
    expect(stderr).toContain("→ other › c");
  });

  test("a flow may start itself", async () => {
    write(
      "down.yml",
      `version: v1
type: flow
steps:
  - type: choice
    name: more
    choices:
      - condition: $.n > 0
        steps:
          - type: task
            name: again
            pattern: sync
            resourceArn: acs:fnf:::flow/down
            inputMappings: [{target: n, source: $input.next}]
`,
    );
    const { code, stderr } = await stepwell(["run", "down.yml", "-i", '{"n":1,"next":0}']);
    expect(stderr).toContain("→ down › more");
    expect(code).toBe(0);
  });

  test("one that is not waited for runs to its end before the command exits, and its failure changes nothing", async () => {
    const slow = write(
      "slow.yml",
      "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: nap, duration: 1}\n  - {type: fail, name: f}\n",
    );
    const path = flow(
      "  - {type: task, name: sub, resourceArn: 'acs:fnf:::flow/slow', outputMappings: [{target: x, source: 1}]}",
    );
    const { code, stdout, stderr } = await stepwell(["run", path, "--flow", `slow=${slow}`]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ x: 1 });
    expect(stderr).toContain("✗ slow › f");
  });

  test("one that is not waited for, and waits for a report that nobody gives, does not hold up the command", async () => {
    const ask =
      "  - {type: task, name: ask, pattern: waitForCallback, resourceArn: 'acs:mns:::/queues/q/messages', serviceParams: {MessageBody: x}}";
    const path = flow(
      "  - {type: task, name: sub, resourceArn: 'acs:fnf:::flow/asks', outputMappings: [{target: x, source: 1}]}",
    );
    const { code, stdout } = await stepwell(["run", path, "--flow", `asks=${flow(ask)}`]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ x: 1 });
  });

  test("one that is not waited for can be stopped", async () => {
    const slow = write("year.yml", "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: nap, duration: 86400}\n");
    const path = flow(
      "  - {type: task, name: sub, resourceArn: 'acs:fnf:::flow/year', outputMappings: [{target: x, source: 1}]}",
    );
    const { code, stdout } = await stepwell(["run", path, "--flow", `year=${slow}`], {
      when: [[/… year › nap/, (child) => child.kill("SIGINT")]],
    });
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toEqual({ x: 1 });
  });

  test("one that is not there is a warning beforehand and an error of the task", async () => {
    const path = flow("  - {type: task, name: sub, resourceArn: 'acs:fnf:::flow/nowhere'}");
    const { code, stderr } = await stepwell(["run", path]);
    expect(code).toBe(1);
    expect(stderr).toContain('warning: there is no flow "nowhere": give it with --flow nowhere=FILE\n');
    expect(stderr).toContain("error: FnF.FlowNotExists\n");
  });

  test("an asynchronous function runs to its end, and one with pattern sync gives its result", async () => {
    const module = functions(`
      import { writeFileSync } from "node:fs";
      const later = () => new Promise((resolve) => setTimeout(resolve, 300));
      export default {
        job: async () => { await later(); return { done: true }; },
        aside: async () => { await later(); writeFileSync("aside.txt", "written"); },
      };`);
    const path = flow(`
  - {type: task, name: job, pattern: sync, resourceArn: 'arn:aws:lambda:::function:job', serviceParams: {InvocationType: Async}}
  - {type: task, name: aside, resourceArn: 'arn:aws:lambda:::function:aside', serviceParams: {InvocationType: Async}}
`);
    const { stdout } = await stepwell(["run", path, "-f", module]);
    expect(JSON.parse(stdout)).toEqual({ done: true });
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(`${folder}/aside.txt`, "utf8")).toBe("written");
  });
});

describe("hostile flows", () => {
  test("keys of Object.prototype, names in other scripts and 100 KB values pass unharmed", async () => {
    const module = functions("export default { 'shop/pay': (event) => event };");
    const path = write(
      "fremd 名.yml",
      `version: v1
type: flow
steps:
  - type: task
    name: 付款 "now" <b>
    resourceArn: acs:fc:::services/shop/functions/pay
  - type: pass
    name: constructor
    outputMappings:
      - {target: __proto__, source: $input.__proto__}
      - {target: toString, source: $input.big}
`,
    );
    const big = "é".repeat(100_000);
    const input = write("hostile.json", `{"__proto__":{"polluted":true},"big":"${big}","constructor":null}`);
    const { code, stdout, stderr } = await stepwell(["run", path, "-f", module, "-i", `@${input}`]);
    expect(stderr).toContain('✓ 付款 "now" <b>');
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${JSON.stringify(JSON.parse(`{"__proto__":{"polluted":true},"big":"${big}","constructor":null,"toString":"${big}"}`), null, 2)}\n`,
    );
  });

  test("a name with control characters does not move the terminal's cursor", async () => {
    const path = write(
      "control.json",
      JSON.stringify({
        version: "v1",
        type: "flow",
        steps: [{ type: "fail", name: "a\u001b[2Jb", error: "x\u001b[1A" }],
      }),
    );
    const { stderr } = await stepwell(["run", path]);
    expect(stderr).toContain("\\u001b[2J");
    expect(stderr).not.toContain("\u001b");
  });
});
