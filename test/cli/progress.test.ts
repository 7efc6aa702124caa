import { describe, expect, test } from "vitest";
import { installed, PAY, steady } from "./installed.ts";

const { write, flow, functions, stepwell } = installed();

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
