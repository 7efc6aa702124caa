import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type DevProcess, startDev } from "./dev-server.ts";
import { installed } from "./installed.ts";

const { folder, launcher, stepwell } = installed();

const running = new Set<DevProcess>();
afterEach(async () => {
  for (const one of running) {
    one.kill("SIGKILL");
    await one.ended;
  }
  running.clear();
});

let number = 0;
/** A folder with these files. */
function project(files: { readonly [name: string]: string }): string {
  const root = join(folder, `project ${++number}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

function dev(root: string, ...args: readonly string[]): DevProcess {
  const one = startDev(launcher, root, args);
  running.add(one);
  return one;
}

function task(...names: readonly string[]): string {
  const steps = names.map(
    (name) => `  - {type: task, name: ${name}, resourceArn: 'acs:fc:::services/shop/functions/${name}'}\n`,
  );
  return `version: v1\ntype: flow\nsteps:\n${steps.join("")}`;
}

const PAY =
  'export default { "shop/pay": ({ amount }: { amount?: number }) => { console.log("thanks"); return { paid: amount ?? 0 }; } };\n';

/** `pay` is quick; `ship` waits for the file `go`; both log the attempt. */
const LOGGING = `import { appendFileSync, existsSync, watch } from "node:fs";
const note = (name, context) => { appendFileSync("calls.log", name + " " + context.clientContext.custom.attemptId + "\\n"); };
export default {
  "shop/pay": (event, context) => { note("pay", context); return { paid: 1 }; },
  "shop/ship": async (event, context) => {
    note("ship", context);
    console.log("shipping");
    if (!existsSync("go")) await new Promise((resolve) => {
      const watcher = watch(".", () => { if (existsSync("go")) { watcher.close(); resolve(); } });
    });
    return { shipped: 1 };
  },
};`;

/** What an execution has come to, once it has ended. */
async function end(one: DevProcess, flow: string, execution: string) {
  for (;;) {
    const answer = await one.call("DescribeExecution", {
      FlowName: flow,
      ExecutionName: execution,
      WaitTimeSeconds: "10",
    });
    if (answer.Status !== "Running")
      return { status: answer.Status, output: JSON.parse(String(answer.Output || "null")) };
  }
}

describe("ready", () => {
  test("says what there is and where, and that line is the last", async () => {
    const root = project({ "order.yml": task("pay"), "flows/refund.yaml": task("pay"), "functions.ts": PAY });
    const one = dev(root);
    const endpoint = await one.endpoint();
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(one.stdout()).toMatch(
      new RegExp(
        `^flows        order, refund\nfunctions    shop/pay \\(functions\\.ts\\)\nHTTP         ${endpoint}\nSQS and SNS  http://127\\.0\\.0\\.1:[1-9]\\d*\ndata         \\.stepwell\nready in \\d+ ms, Ctrl-C to stop\n$`,
      ),
    );
    expect(one.stderr()).toBe("");
    expect(existsSync(join(root, ".stepwell", "store"))).toBe(true);
  });

  test("a flow can be started over HTTP, and each of its steps has a line", async () => {
    const one = dev(project({ "order.yml": task("pay"), "functions.ts": PAY }));
    await one.call("StartExecution", { FlowName: "order", ExecutionName: "first", Input: '{"amount":5}' });
    expect(await end(one, "order", "first")).toEqual({ status: "Succeeded", output: { paid: 5 } });
    await one.seen(/succeeded in/);
    const lines = one
      .stderr()
      .replace(/^\d\d:\d\d:\d\d\.\d{3} {2}/gm, "")
      .replace(/in [\d.]+ s/, "in #");
    expect(lines).toBe(
      "order/first  started\norder/first  → pay\norder/first  shop/pay | thanks\norder/first  ✓ pay\norder/first  succeeded in #\n",
    );
  });

  test("queues take messages of tasks, and give them to any SQS client", async () => {
    const send =
      "version: v1\ntype: flow\nsteps:\n  - {type: task, name: send, resourceArn: 'acs:mns:::/queues/mails/messages', serviceParams: {MessageBody: hello}}\n";
    const one = dev(project({ "mail.yml": send }));
    await one.call("StartExecution", { FlowName: "mail", ExecutionName: "first" });
    expect(await end(one, "mail", "first")).toMatchObject({ status: "Succeeded" });
    const [, sqs = ""] = await one.seen(/^SQS and SNS +(\S+)$/m);
    const ask = async (action: string, body: object) => {
      const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${action}` };
      return (await fetch(sqs, { method: "POST", headers, body: JSON.stringify(body) })).json() as Promise<{
        QueueUrl?: string;
        Messages?: { Body: string }[];
      }>;
    };
    const { QueueUrl } = await ask("GetQueueUrl", { QueueName: "mails" });
    const { Messages } = await ask("ReceiveMessage", { QueueUrl });
    expect(Messages?.map(({ Body }) => Body)).toEqual(["hello"]);
  });

  test("with --json everything is a document a line, on stdout", async () => {
    const one = dev(project({ "order.yml": task("pay"), "functions.ts": PAY }), "--json");
    const [, line = ""] = await one.seen(/^(\{"event":"ready".*\})$/m);
    const ready: { http: string; flows: string[] } = JSON.parse(line);
    expect(ready.flows).toEqual(["order"]);
    const body = new URLSearchParams({
      Action: "StartExecution",
      Version: "2019-03-15",
      FlowName: "order",
      ExecutionName: "a",
    });
    await fetch(ready.http, { method: "POST", body });
    await one.seen(/"event":"ended"/);
    one.kill("SIGINT");
    expect(await one.ended).toBe(0);
    const events = one
      .stdout()
      .trim()
      .split("\n")
      .map((text): { event: string } => JSON.parse(text));
    expect(events.map(({ event }) => event)).toEqual([
      ...[
        "ready",
        "ExecutionStarted",
        "StepEntered",
        "TaskScheduled",
        "TaskStarted",
        "printed",
        "TaskSucceeded",
        "StepExited",
      ],
      ...["ExecutionSucceeded", "ended", "stopped"],
    ]);
    expect(one.stderr()).toBe("");
  });
});

describe("the end", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s while a function runs: says how many executions go on, exits with 0 within a second, and at the next start they go on",
    async (signal) => {
      const root = project({ "order.yml": task("pay", "ship"), "functions.js": LOGGING });
      const one = dev(root);
      await one.call("StartExecution", { FlowName: "order", ExecutionName: "a" });
      await one.seen(/\| shipping/);
      const from = performance.now();
      one.kill(signal);
      expect(await one.ended).toBe(0);
      expect(performance.now() - from).toBeLessThan(1_000);
      expect(one.stdout()).toMatch(/\nstopped; 1 execution goes on at the next start\n$/);

      writeFileSync(join(root, "go"), "");
      const two = dev(root);
      expect(await end(two, "order", "a")).toEqual({ status: "Succeeded", output: { paid: 1, shipped: 1 } });
      expect(two.stdout()).toContain("unfinished   1 execution goes on\n");
      const calls = readFileSync(join(root, "calls.log"), "utf8").trim().split("\n");
      expect(calls.map((call) => call.split(" ")[0])).toEqual(["pay", "ship", "ship"]);
      expect(calls[2]).toBe(calls[1]);
    },
  );

  test("SIGKILL loses nothing of what was told", async () => {
    const root = project({ "order.yml": task("pay", "ship"), "functions.js": LOGGING });
    const one = dev(root);
    const started = await Promise.all(
      Array.from({ length: 20 }, (_one, i) =>
        one.call("StartExecution", { FlowName: "order", ExecutionName: `e${i}` }),
      ),
    );
    one.kill("SIGKILL");
    await one.ended;
    writeFileSync(join(root, "go"), "");
    const two = dev(root);
    const ends = await Promise.all(started.map(({ Name }) => end(two, "order", String(Name))));
    expect(ends).toEqual(started.map(() => ({ status: "Succeeded", output: { paid: 1, shipped: 1 } })));
  });

  test("without anything running it says so", async () => {
    const one = dev(project({ "order.yml": task("pay"), "functions.ts": PAY }));
    await one.endpoint();
    one.kill("SIGINT");
    expect(await one.ended).toBe(0);
    expect(one.stdout()).toMatch(/\nstopped; no execution was running\n$/);
  });
});

test("a task gets the address at which whoever has it reports, for people and programs", async () => {
  const flow = `version: v1
type: flow
steps:
  - type: task
    name: approve
    resourceArn: acs:fc:::services/office/functions/mail
    pattern: waitForCallback
    inputMappings: [{target: link, source: $context.task.callbackUrl}]
    outputMappings: [{target: by, source: $local.by}]
`;
  const functions = 'export default { "office/mail": ({ link }: { link: string }) => console.log("open", link) };\n';
  const one = dev(project({ "approval.yaml": flow, "functions.ts": functions }));
  await one.call("StartExecution", { FlowName: "approval", ExecutionName: "a1" });
  const [, link = ""] = await one.seen(/open (\S+)/);
  expect(link.startsWith(`${await one.endpoint()}/callbacks/v1.`)).toBe(true);
  const page = await fetch(link, { headers: { accept: "text/html" } });
  expect(await page.text()).toContain("<h1>Confirm “approve”?</h1>");
  const posted = await fetch(`${link}/success`, { method: "POST", body: '{"by":"Ann"}' });
  // fetch calls a text a text.
  expect(posted.status).toBe(415);
  const headers = { "content-type": "application/json" };
  await fetch(`${link}/success`, { method: "POST", headers, body: '{"by":"Ann"}' });
  expect(await end(one, "approval", "a1")).toEqual({ status: "Succeeded", output: { by: "Ann" } });
});

test("a disk that takes no more ends it with the reason, exit code 1; all that was told is there at the next start", async () => {
  const root = project({ "order.yml": task("pay"), "functions.ts": PAY });
  const one = dev(root);
  await one.endpoint();
  one.kill("SIGINT");
  await one.ended;
  const full = startDev(launcher, root, [], { fileKilobytes: 1_500 });
  running.add(full);
  const started: string[] = [];
  const Input = JSON.stringify({ text: "x".repeat(50_000) });
  const start = async () => {
    for (;;) {
      const ExecutionName = `e${started.length}`;
      await full.call("StartExecution", { FlowName: "order", ExecutionName, Input });
      started.push(ExecutionName);
    }
  };
  await Promise.all([start().catch(() => {}), full.ended]);
  expect(await full.ended).toBe(1);
  expect(full.stderr()).toMatch(/^stepwell: .*$/m);
  expect(full.stderr()).not.toMatch(/^ {4}at /m);
  expect(started.length).toBeGreaterThan(3);
  const two = dev(root);
  for (const name of started) expect(await end(two, "order", name)).toMatchObject({ status: "Succeeded" });
});

describe("what changes while it runs", () => {
  test("a flow that is saved is a new revision for the next start; what runs keeps its own", async () => {
    const root = project({ "order.yml": task("ship"), "functions.js": LOGGING });
    const one = dev(root);
    await one.call("StartExecution", { FlowName: "order", ExecutionName: "old" });
    await one.seen(/\| shipping/);
    writeFileSync(join(root, "order.new"), task("pay"));
    renameSync(join(root, "order.new"), join(root, "order.yml"));
    await one.seen(/^order\.yml: flow "order" has revision 2 now; executions that run keep theirs$/m);
    await one.call("StartExecution", { FlowName: "order", ExecutionName: "new" });
    expect(await end(one, "order", "new")).toEqual({ status: "Succeeded", output: { paid: 1 } });
    appendFileSync(join(root, "go"), "");
    expect(await end(one, "order", "old")).toEqual({ status: "Succeeded", output: { shipped: 1 } });
  });

  test("an invalid definition prints its problems, the flow stays as it was", async () => {
    const root = project({ "order.yml": task("pay"), "functions.ts": PAY });
    const one = dev(root);
    await one.endpoint();
    writeFileSync(join(root, "order.yml"), task("pay").replace("task", "taks"));
    await one.seen(/^order\.yml:4:\d+: error: /m);
    await one.call("StartExecution", { FlowName: "order", ExecutionName: "a" });
    expect(await end(one, "order", "a")).toMatchObject({ status: "Succeeded" });
    writeFileSync(join(root, "order.yml"), task("pay"));
    await one.seen(/^order\.yml: flow "order" is revision 1 again$/m);
  });

  test("a file that is new is a flow, also in a folder that is new; one that is gone leaves its flow", async () => {
    const root = project({ "order.yml": task("pay"), "functions.ts": PAY });
    const one = dev(root);
    await one.endpoint();
    mkdirSync(join(root, "flows/mails"), { recursive: true });
    writeFileSync(join(root, "flows/mails/welcome.yml"), task("pay"));
    await one.seen(/^flows\/mails\/welcome\.yml: flow "welcome" is new$/m);
    rmSync(join(root, "order.yml"));
    await one.seen(/^order\.yml is gone; flow "order" stays as it was$/m);
    await one.call("StartExecution", { FlowName: "order", ExecutionName: "a" });
    expect(await end(one, "order", "a")).toMatchObject({ status: "Succeeded" });
  });

  test("functions that are saved are called from then on, and functions may come later", async () => {
    const root = project({ "order.yml": task("pay") });
    const one = dev(root);
    await one.endpoint();
    expect(one.stdout()).toContain("functions    none: there is no functions.ts\n");
    writeFileSync(join(root, "functions.ts"), PAY);
    await one.seen(/^functions: shop\/pay \(functions\.ts\)$/m);
    await one.call("StartExecution", { FlowName: "order", ExecutionName: "a", Input: '{"amount":1}' });
    expect(await end(one, "order", "a")).toMatchObject({ output: { paid: 1 } });
    writeFileSync(join(root, "functions.ts"), PAY.replace("paid: amount", "paid: 100 + amount"));
    await one.seen(/functions reloaded/);
    await one.call("StartExecution", { FlowName: "order", ExecutionName: "b", Input: '{"amount":1}' });
    expect(await end(one, "order", "b")).toMatchObject({ output: { paid: 101 } });
  });
});

test("functions that cannot be loaded at the start fail nothing: calls wait until they are repaired", async () => {
  const root = project({ "order.yml": task("pay", "ship"), "functions.js": LOGGING });
  const one = dev(root);
  await one.call("StartExecution", { FlowName: "order", ExecutionName: "a" });
  await one.seen(/\| shipping/);
  one.kill("SIGKILL");
  await one.ended;
  writeFileSync(join(root, "go"), "");
  writeFileSync(join(root, "functions.js"), `${LOGGING}\n(`);
  const two = dev(root);
  await two.endpoint();
  expect(two.stdout()).toMatch(/^functions {4}none: calls wait until functions\.js can be loaded: .*SyntaxError/m);
  writeFileSync(join(root, "functions.js"), LOGGING);
  expect(await end(two, "order", "a")).toEqual({ status: "Succeeded", output: { paid: 1, shipped: 1 } });
});

describe("what keeps it from starting: one line on stderr, exit code 2", () => {
  async function refused(root: string, ...args: readonly string[]): Promise<string> {
    const one = dev(root, ...args);
    expect(await one.ended).toBe(2);
    expect(one.stdout()).toBe("");
    return one.stderr();
  }
  const good = { "order.yml": task("pay"), "functions.ts": PAY };

  test.each(["--port", "--topics-port"])("a port in use (%s)", async (option) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = String(typeof address === "object" ? address?.port : "");
    expect(await refused(project(good), option, port)).toBe(
      `stepwell: port ${port} of 127.0.0.1 is in use: end the program that listens there, or give another port by ${option} N (0: any free one)\n`,
    );
    other.close();
  });

  test("a directory in use", async () => {
    const root = project(good);
    const one = dev(root);
    await one.endpoint();
    expect(await refused(root)).toMatch(
      new RegExp(`^stepwell: .*store is in use by the process with pid ${one.pid}\\. .*\n$`),
    );
  });

  test("a folder that is not there, or a file", async () => {
    const root = project(good);
    expect(await refused(root, "shop")).toBe("stepwell: there is no folder shop\n");
    expect(await refused(root, "order.yml")).toBe(
      'stepwell: order.yml is a file: name the folder that it is in, or use "stepwell run order.yml"\n',
    );
  });

  test("an address that others could reach, with the reason", async () => {
    expect(await refused(project(good), "--host", "0.0.0.0")).toMatch(
      /^stepwell: --host 0\.0\.0\.0: .*there is no authentication yet.*\n$/,
    );
  });

  test("a flow that cannot be read", async () => {
    const root = project(good);
    writeFileSync(join(root, "bad.yml"), Buffer.from([0xff, 0xfe]));
    expect(await refused(root)).toBe("stepwell: cannot read bad.yml: it is not UTF-8 text\n");
  });

  test("functions that are not there", async () => {
    expect(await refused(project(good), "--functions", "none.ts")).toBe(
      "stepwell: cannot load the functions in none.ts: there is no such file\n",
    );
  });

  test("no port", async () => {
    expect((await stepwell(["dev", "--port", "http"])).stderr).toMatch(
      /^error: option '-p, --port <n>' argument 'http' is invalid/,
    );
  });

  test("no flow at all: with an example that works as it stands", async () => {
    const root = project({ "notes.txt": "nothing yet" });
    const text = await refused(root);
    expect(text).toMatch(/^stepwell: there is no flow in \./);
    expect(existsSync(join(root, ".stepwell"))).toBe(false);
    const [, flow = "", functions = ""] =
      /hello\.yml:\n\n([\s\S]*?)\n\nand its function, as functions\.ts:\n\n([\s\S]*)$/.exec(text) ?? [];
    writeFileSync(join(root, "hello.yml"), flow);
    writeFileSync(join(root, "functions.ts"), functions);
    const one = dev(root);
    await one.call("StartExecution", { FlowName: "hello", ExecutionName: "a" });
    expect(await end(one, "hello", "a")).toEqual({ status: "Succeeded", output: { greeting: "Hello world" } });
  });
});

test("an invalid flow among others prints its problems, and the others work", async () => {
  const root = project({
    "bad.yml": task("pay").replace("task", "taks"),
    "order.yml": task("pay"),
    "functions.ts": PAY,
  });
  const one = dev(root);
  await one.call("StartExecution", { FlowName: "order", ExecutionName: "a" });
  expect(await end(one, "order", "a")).toMatchObject({ status: "Succeeded" });
  expect(one.stderr()).toMatch(/^bad\.yml:4:\d+: error: /);
});
