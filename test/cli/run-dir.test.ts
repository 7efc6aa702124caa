import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installed, PAY, runProgram } from "./installed.ts";

const { folder, launcher, write, functions, stepwell } = installed();

let number = 0;
/** A flow, its functions and a directory, all new. */
function fresh(steps: string, source: string) {
  number += 1;
  const name = `job${number}`;
  return {
    name,
    path: write(`${name}.yml`, `version: v1\ntype: flow\nsteps:\n${steps}\n`),
    module: functions(source),
    dir: `data ${number}`,
  };
}

const SHIP = PAY.replaceAll("pay", "ship");
const NAP = "  - {type: wait, name: nap, duration: 1}";
const ASK =
  "  - {type: task, name: ask, pattern: waitForCallback, resourceArn: 'acs:mns:::/queues/q/messages', serviceParams: {MessageBody: hi}}";

/** Functions that write each call to a file, and of which `ship` waits until a file is there. */
function logging(log: string): string {
  return `import { appendFileSync, existsSync, watch } from "node:fs";
    const path = ${JSON.stringify(join(folder, log))};
    const note = (text) => { appendFileSync(path, text + "\\n"); console.log(text); };
    const attempt = (context) => context.clientContext.custom.attemptId;
    export default {
      "shop/pay": (event, context) => { note("pay " + attempt(context)); return { paid: 1 }; },
      "shop/ship": async (event, context) => {
        note("ship " + attempt(context));
        const gate = path + ".go";
        if (!existsSync(gate)) await new Promise((resolve) => {
          const watcher = watch(${JSON.stringify(folder)}, () => { if (existsSync(gate)) { watcher.close(); resolve(); } });
        });
        return { shipped: 1 };
      },
    };`;
}

describe("a run that is killed", () => {
  test("goes on under the same name: what was done is not done again, the call that was cut off is made again as the same attempt", async () => {
    const { name, path, module, dir } = fresh(`${PAY}\n${SHIP}`, logging("killed.log"));
    const args = ["run", path, "-f", module, "--dir", dir, "--name", "one"];
    const killed = await stepwell(args, { when: [[/^shop\/ship \|/m, (child) => child.kill("SIGKILL")]] });
    expect(killed.code).toBe("SIGKILL");
    appendFileSync(join(folder, "killed.log.go"), "");
    const ran = await stepwell(args);
    expect(ran.stdout).toBe('{\n  "paid": 1,\n  "shipped": 1\n}\n');
    expect(ran.stderr).toContain(`${name}/one goes on\n`);
    expect(ran.code).toBe(0);
    const calls = readFileSync(join(folder, "killed.log"), "utf8").trim().split("\n");
    expect(calls.map((call) => call.split(" ")[0])).toEqual(["pay", "ship", "ship"]);
    expect(calls[2]).toBe(calls[1]);
  });

  test("keeps the definition and the input that it was started with", async () => {
    const { path, module, dir } = fresh(`${NAP}\n${PAY}`, "export default { 'shop/pay': ({ n }) => ({ n }) };");
    const args = ["run", path, "-f", module, "--dir", dir, "--name", "one"];
    await stepwell([...args, "--input", '{"n":1}'], { when: [[/… nap/, (child) => child.kill("SIGKILL")]] });
    write(path, `version: v1\ntype: flow\nsteps:\n${PAY.replaceAll("pay", "other")}\n`);
    const ran = await stepwell([...args, "--input", '{"n":2}']);
    expect(ran.stdout).toBe('{\n  "n": 1\n}\n');
    expect(ran.stderr).toContain(
      "/one goes on, with the input that it has, by the definition that it was started with\n",
    );
  });
});

describe("Ctrl-C", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s leaves the execution, says how it goes on, and exits with %d", async (signal, code) => {
    const log = `left-${signal}.log`;
    const { name, path, module, dir } = fresh(`${PAY}\n${SHIP}`, logging(log));
    const args = ["run", path, "-f", module, "--dir", dir];
    const left = await stepwell(args, { when: [[/^shop\/ship \|/m, (child) => child.kill(signal)]] });
    expect(left.code).toBe(code);
    expect(left.stdout).toBe("");
    const id = left.stderr.match(new RegExp(`^${name}/(\\S+) runs$`, "m"))?.[1] ?? "";
    expect(left.stderr).toContain(
      `\ninterrupted; to go on: stepwell run ${path} --functions ${module} --dir '${dir}' --name ${id}\n`,
    );
    appendFileSync(join(folder, `${log}.go`), "");
    const ran = await stepwell([...args, "--name", id]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toBe('{\n  "paid": 1,\n  "shipped": 1\n}\n');
  });
});

describe("an execution that has ended", () => {
  test("is not run again: its result is shown, with its exit code", async () => {
    const { name, path, module, dir } = fresh(PAY, logging("ended.log"));
    const args = ["run", path, "-f", module, "--dir", dir, "--name", "one"];
    const first = await stepwell(args);
    const again = await stepwell([...args, "--json"]);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(
      new RegExp(
        `^${name}/one has ended already: this is its result, and nothing runs; another --name runs it again\n`,
      ),
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ status: "Succeeded", output: JSON.parse(first.stdout) });
    expect(readFileSync(join(folder, "ended.log"), "utf8").trim().split("\n")).toHaveLength(1);
  });

  test("and has failed, fails again", async () => {
    const { path, module, dir } = fresh("  - {type: fail, name: no, error: No, cause: because}", "export default {};");
    const args = ["run", path, "-f", module, "--dir", dir, "--name", "one", "-q"];
    const [first, again] = [await stepwell(args), await stepwell(args)];
    expect(first.code).toBe(1);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/error: No\ncause: because\n$/);
  });
});

describe("a directory with executions of other flows", () => {
  test("runs one of them at a time: calls of the others wait for the run that has their functions", async () => {
    const one = fresh(`${PAY}\n${SHIP}`, logging("others.log"));
    const oneArgs = ["run", one.path, "-f", one.module, "--dir", one.dir, "--name", "one"];
    await stepwell(oneArgs, { when: [[/^shop\/ship \|/m, (child) => child.kill("SIGKILL")]] });

    const two = fresh(PAY, "export default { 'shop/pay': () => ({ two: 2 }) };");
    const ran = await stepwell(["run", two.path, "-f", two.module, "--dir", one.dir]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toBe('{\n  "two": 2\n}\n');
    expect(ran.stderr).not.toContain("ship");
    const none = fresh(NAP, "");
    expect((await stepwell(["run", none.path, "--dir", one.dir, "-q"])).code).toBe(0);

    appendFileSync(join(folder, "others.log.go"), "");
    expect((await stepwell(oneArgs)).stdout).toBe('{\n  "paid": 1,\n  "shipped": 1\n}\n');
  });

  test("children of the run that nobody waits for run to their end", async () => {
    const child = fresh(`${NAP}\n${PAY}`, logging("child.log"));
    const parent = fresh(
      `  - {type: task, name: go, resourceArn: 'acs:fnf:::flow/${child.name}', inputMappings: []}`,
      "export default {};",
    );
    const args = ["run", parent.path, "--flow", `${child.name}=${child.path}`, "-f", child.module, "--dir", parent.dir];
    const ran = await stepwell(args);
    expect(ran.code).toBe(0);
    expect(existsSync(join(folder, "child.log"))).toBe(true);
  });
});

describe("a task that waits for a report", () => {
  test("and was interrupted, gets it from a later run", async () => {
    const { path, dir } = fresh(ASK, "export default {};");
    const args = ["run", path, "--dir", dir, "--name", "one"];
    await stepwell(args, { keepStdin: true, when: [[/waits for a report/, (child) => child.kill("SIGKILL")]] });
    const ran = await stepwell(args, {
      keepStdin: true,
      when: [[/waits for a report/, (child) => child.write('ask={"typed":1}\n')]],
    });
    expect(ran.stdout).toBe('{\n  "typed": 1\n}\n');
    expect(ran.code).toBe(0);
  });

  test("which cannot come leaves the execution: exit code 2, and what to do", async () => {
    const { path, dir } = fresh(ASK, "export default {};");
    const args = ["run", path, "--dir", dir, "--name", "one"];
    const left = await stepwell(args);
    expect(left.code).toBe(2);
    expect(left.stderr).toContain('step "ask" waits for a report and standard input has ended: the run was left.\n');
    expect(left.stderr).toContain(`to go on: stepwell run ${path} --dir '${dir}' --name one\n`);
    const ran = await stepwell([...args, "--report", 'ask={"given":1}']);
    expect(ran.stdout).toBe('{\n  "given": 1\n}\n');
  });
});

test("a directory that another run has open is refused in one line, exit code 2", async () => {
  const { path, module, dir } = fresh(`${PAY}\n${SHIP}`, logging("busy.log"));
  const args = ["run", path, "-f", module, "--dir", dir];
  let other: Promise<{ readonly code: number | string | null; readonly stderr: string }> | undefined;
  const first = await stepwell(args, {
    when: [
      [
        /^shop\/ship \|/m,
        (child) => {
          other = stepwell(args).finally(() => child.kill("SIGINT"));
        },
      ],
    ],
  });
  expect(first.code).toBe(130);
  const { code, stderr } = (await other) ?? {};
  expect(code).toBe(2);
  expect(stderr).toMatch(/^stepwell: .* is in use by the process with pid \d+\. .*\n$/);
});

test("a disk that takes no more ends the run with the reason, exit code 1; where there is room again it goes on", async () => {
  const grow = `${PAY.slice(0, -1)}, outputMappings: [{target: all, source: $local.all}]}`;
  const { path, module, dir } = fresh(
    `${grow}\n  - {type: choice, name: more, choices: [{condition: "$.rounds < 60", goto: pay}], default: {goto: done}}\n  - {type: succeed, name: done}`,
    `let rounds = 0; export default { "shop/pay": () => ({ rounds: ++rounds, text: "x".repeat(50_000) }) };`,
  );
  const args = ["run", path, "-f", module, "--dir", dir, "--name", "one", "-q"];
  const script = `ulimit -f 1500; exec "$0" "$@"`;
  const full = await runProgram("/bin/bash", ["-c", script, process.execPath, launcher, ...args], folder);
  expect(full.stderr).toMatch(/^stepwell: .*\n$/);
  expect(full.code).toBe(1);
  expect((await stepwell(args)).code).toBe(0);
});
