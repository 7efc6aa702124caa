import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ORDER, REFUND } from "../../lib/cli/journal/testing/order.ts";
import { type Embedded, openEmbedded } from "../../lib/local/embedded.ts";
import { recordingDestinations } from "../../lib/memory/destinations.ts";
import { scriptedFunctions } from "../../lib/memory/scripted.ts";
import { systemClock } from "../../lib/memory/system-clock.ts";
import { deployFlow, reportTask, startExecution } from "../../lib/runtime/index.ts";
import { installed } from "./installed.ts";

const { folder, stepwell, write } = installed();

// Here time is real.
const QUICK_ORDER = ORDER.replace("intervalSeconds: 3", "intervalSeconds: 1");
const HOSTILE = "version: v1\ntype: flow\nsteps: [{type: fail, name: no, error: 'E\u001b[31m', cause: \"\u202ered\"}]";

let engine: Embedded;
let startId = "";
const token = Promise.withResolvers<string>();
const waits = Promise.withResolvers<void>();

/** As `stepwell dev` in this folder has it: an execution that waits for a report, and one that has failed. */
beforeAll(async () => {
  let attempts = 0;
  engine = await openEmbedded({
    directory: join(folder, ".stepwell", "store"),
    functions: scriptedFunctions({
      clock: systemClock(),
      functions: {
        "shop/pay": () => {
          attempts += 1;
          if (attempts === 1) throw Object.assign(new Error("try later"), { name: "Busy" });
          return { paid: 7, picture: "x".repeat(100_000) };
        },
        "shop/wrap": (event) => ({ wrapped: (event as { item: number }).item }),
        "shop/approve": (event) => void token.resolve((event as { token: string }).token),
      },
    }),
    destinations: recordingDestinations(),
    log: () => {},
    observe: ({ address, branch }, { state, effect }) => {
      const awaits = address.flow === "order" && branch === "" && effect.kind === "awaitVerdict";
      if (awaits && state.frames[0]?.index === 3) waits.resolve();
    },
  });
  const { ports } = engine.runtime;
  for (const [name, definition] of Object.entries({ order: QUICK_ORDER, refund: REFUND, hostile: HOSTILE })) {
    await deployFlow(ports, { name, definition });
  }
  const order = await startExecution(engine.runtime, { flow: "order", name: "monday", input: { items: [1, 2, 3] } });
  const hostile = await startExecution(engine.runtime, { flow: "hostile", name: "evil" });
  startId = order.startId;
  await Promise.all([waits.promise, token.promise, engine.ended(hostile.ref, hostile.startId)]);
  await engine.durable();
});
afterAll(() => engine.close());

async function exportTo(name: string, execution = "order/monday"): Promise<string> {
  const { code, stdout, stderr } = await stepwell(["journal", "export", execution]);
  expect([code, stderr]).toEqual([0, ""]);
  return write(name, stdout);
}

describe("while a server has the directory", () => {
  test("explain says what the execution waits for, and what it did", async () => {
    const { code, stdout, stderr } = await stepwell(["explain", "order/monday"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^status {6}Running$/m);
    expect(stdout).toMatch(
      /^now {9}step "approve" waits for a report since [\d.]+ m?s; times out in (10 min|9 min( \d+ s)?)$/m,
    );
    expect(stdout).not.toContain("no process");
    expect(stdout).toMatch(/^root +1 +\d+\.\d{3} s +pay +taskFailed Busy +timer of 1 s, then a retry +/m);
    expect(stdout).toMatch(/^root +3 .* both +taskSucceeded +fork into 2 +2 of 2 done /m);
    expect(stdout).toMatch(/^3\.1\.0\.1 +0 .* wrap +branchStarted +invoke shop\/wrap/m);
    expect(stdout).toMatch(/ refund +joined +submit flow refund +refund\/[0-9a-f-]+: succeeded /);
  });

  test("explain --json has the same for programs", async () => {
    const { stdout } = await stepwell(["explain", startId, "--json"]);
    const explained = JSON.parse(stdout);
    expect(explained).toMatchObject({ execution: "order/monday", status: "Running", startId, inUse: true });
    expect(explained.waiting).toEqual([expect.stringMatching(/^step "approve" waits for a report/)]);
    expect(explained.rows[0]).toMatchObject({ branch: "root", seq: 0, step: "pay", event: "started", anchor: 0 });
  });

  test("an export replays to what was recorded", async () => {
    const { code, stdout } = await stepwell(["replay", await exportTo("monday.json")]);
    expect(stdout).toMatch(/^order\/monday: Running; \d+ entries in 5 branches\n/);
    expect(stdout).toMatch(/^ +\d+\.\d{3} s {2}root:0 {2}pay: started → invoke shop\/pay\n {12}ExecutionStarted /m);
    expect(stdout).toMatch(/\nstate of root:\n\{\n {2}"core": 1,/);
    expect(stdout).toMatch(/\n\d+ entries replayed, each as it was recorded\n$/);
    expect(code).toBe(0);
  });

  test("an export may be piped into replay", async () => {
    const { stdout } = await stepwell(["journal", "export", "monday"]);
    const ran = await stepwell(["replay", "-", "--json"], { stdin: stdout });
    const replayed = JSON.parse(ran.stdout);
    expect(replayed).toMatchObject({ execution: "order/monday", faithful: true, intact: true, differences: [] });
    expect(replayed.entries[0].history[0]).toMatchObject({ type: "ExecutionStarted" });
    expect(replayed.states.root.waiting.kind).toBe("verdict");
  });

  test("the token that the export shows is worth nothing", async () => {
    const { stdout } = await stepwell(["journal", "export", "order/monday"]);
    const real = await token.promise;
    expect(stdout).toContain(real.slice(0, real.lastIndexOf(".")));
    expect(stdout).not.toContain(real.slice(real.lastIndexOf(".") + 1));
  });

  test("names of users are shown harmlessly", async () => {
    const explained = await stepwell(["explain", "hostile/evil"]);
    const replayed = await stepwell(["replay", await exportTo("evil.json", "hostile/evil")]);
    for (const { stdout, code } of [explained, replayed]) {
      expect(code).toBe(0);
      expect(stdout).toContain("\\u001b[31m");
      expect(stdout).toContain("\\u202e");
      for (const character of ["\u001b", "\u202e"]) expect(stdout).not.toContain(character);
    }
  });
});

describe("replay", () => {
  test("--to stops at an entry and shows the state there", async () => {
    const { code, stdout } = await stepwell(["replay", await exportTo("to.json"), "--to", "3.1.0.0:1"]);
    expect(code).toBe(0);
    const [, state = ""] = /\nstate of 3\.1\.0\.0:\n(\{.*?\n\})\n/s.exec(stdout) ?? [];
    expect(JSON.parse(state)).toMatchObject({
      lane: { kind: "foreach", index: 0, item: 2 },
      waiting: { kind: "call" },
    });
    expect(stdout).not.toContain("approve:");
    expect(await stepwell(["replay", "to.json", "--to", "99"])).toMatchObject({
      code: 2,
      stderr: "stepwell: there is no entry root:99: root ends with seq 7\n",
    });
    expect((await stepwell(["replay", "to.json", "--to", "7.7:0"])).stderr).toBe(
      "stepwell: there is no branch 7.7; there are root, 3.0, 3.1, 3.1.0.0, 3.1.0.1\n",
    );
    expect((await stepwell(["replay", "to.json", "--to", "x"])).stderr).toMatch(
      /^stepwell: "x" is no place in a journal/,
    );
  });

  test("a changed export is told, with the place and both values, and the exit code is 1", async () => {
    const { stdout: text } = await stepwell(["journal", "export", "order/monday"]);
    const forged = JSON.parse(text);
    forged.entries[3].snapshot.frames[0].local.paid = 8;
    const ran = await stepwell(["replay", write("forged.json", JSON.stringify(forged))]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("✗ snapshot.frames[0].local.paid: recorded 8, computed 7\n");
    expect(ran.stdout).toContain("✗ the file is not as it was exported: something in it was changed\n");
    expect(ran.stdout).toMatch(/✗ 1 of \d+ entries is not what the core computes now\n$/);
    const json = JSON.parse((await stepwell(["replay", "forged.json", "--json"])).stdout);
    expect(json.faithful).toBe(false);
    // What comes before it is as it was recorded, but the file is not.
    expect((await stepwell(["replay", "forged.json", "--to", "1"])).code).toBe(1);
  });

  test("--inspect obeys the lines of its input", async () => {
    const path = await exportTo("inspect.json");
    const lines = ["n", "", "p", "3.1:0", "s", "2", "e", "v", "l", "99", "root:99", "dance", "?", "q", "n"];
    const { code, stdout, stderr } = await stepwell(["replay", path, "--inspect"], { stdin: lines.join("\n") });
    expect([code, stderr]).toEqual([0, ""]);
    const shown = [...stdout.matchAll(/^\[(\d+)\/\d+\] +[\d.]+ s {2}(\S+) /gm)].map(([, , place]) => place);
    expect(shown).toEqual(["root:0", "root:1", "root:2", "root:1", "3.1:0", "root:1"]);
    expect(stdout).toContain('"kind": "fork"'); // the state at 3.1:0
    expect(stdout).toContain('"purpose": "retry"'); // the effect of root:1
    expect(stdout).toContain('"error": "Busy"'); // its event
    expect(stdout).toMatch(/^> +2 +\d+\.\d{3} s {2}root:1 /m); // the list
    expect(stdout).toMatch(/there is no entry 99: there are 1 to \d+\n/);
    expect(stdout).toContain("there is no entry root:99: root ends with seq 7\n");
    expect(stdout).toContain('"dance" is no command; these are:\n');
  });

  test("--inspect ends with its input, and begins at --to", async () => {
    const { code, stdout } = await stepwell(["replay", await exportTo("end.json"), "--inspect", "--to", "3.0:0"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\[5\/\d+\] +[\d.]+ s {2}3\.0:0 {2}nap: branchStarted → timer of 0\.05 s, then on\n/);
  });

  test.each([
    [["replay", "none.json"], "cannot read none.json: there is no such file"],
    [["replay", "no.json"], "cannot read no.json: it is not valid JSON (is it complete?)"],
    [["replay", "flow.json"], 'flow.json is no exported execution: write one with "stepwell journal export".'],
    [["replay", "no.json", "--json", "--inspect"], "--json and --inspect do not go together: name one of them"],
    [["replay", "-", "--inspect"], "--inspect reads its commands from standard input: give the export as a file"],
  ])("%j is a mistake of the user's", async (args, message) => {
    write("no.json", "{");
    write("flow.json", '{"type": "flow"}');
    expect(await stepwell(args)).toEqual({ code: 2, stdout: "", stderr: `stepwell: ${message}\n` });
  });
});

describe("an execution that is not there", () => {
  test.each([
    [["explain", "ordr/monday"], /^stepwell: there is no flow "ordr"\. Did you mean "order"\?/],
    [["explain", "order/mondy"], /^stepwell: there is no execution "mondy" of flow "order"\. Did you mean "monday"\?/],
    [["journal", "export", "nothing"], /^stepwell: there is no execution "nothing"\. The newest are:\n {2}/],
    [
      ["explain", "order"],
      /^stepwell: "order" is a flow; name one of its executions\. The newest are:\n {2}order\/monday {2}Running/,
    ],
    [
      ["explain", "x/y", "--data", "elsewhere"],
      /^stepwell: there are no executions in elsewhere: name the data directory/,
    ],
    [
      ["journal", "export", "x/y", "--data", "empty"],
      /^stepwell: there are no executions in empty: name the data directory/,
    ],
    [["explain", "x/y", "--data", "foreign"], /^stepwell: .*foreign/],
  ])("%j says what there is", async (args, message) => {
    mkdirSync(join(folder, "empty"), { recursive: true });
    mkdirSync(join(folder, "foreign"), { recursive: true });
    copyFileSync(import.meta.filename, join(folder, "foreign", "journal.mdb"));
    const ran = await stepwell(args);
    expect([ran.code, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/\n {4}at /);
  });
});

describe("when no process has the directory", () => {
  beforeAll(async () => {
    await engine.close();
  });

  test("explain says that nothing goes on", async () => {
    const { stdout } = await stepwell(["explain", "order/monday"]);
    expect(stdout).toMatch(/^ +no process has the directory open: it goes on when one does$/m);
  });

  test("the directory of the store itself may be named", async () => {
    const { code, stdout } = await stepwell(["explain", "monday", "--data", join(".stepwell", "store")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^execution {3}order\/monday$/m);
  });

  test("an ended execution has its output, and replays to it", async () => {
    const again = await openEmbedded({
      directory: join(folder, ".stepwell", "store"),
      destinations: recordingDestinations(),
      log: () => {},
    });
    await reportTask(again.runtime, await token.promise, { kind: "succeeded", output: { by: "ann" } });
    const flow = await again.runtime.ports.journal.readFlow("order");
    await again.ended({ flowId: flow?.flowId ?? "", name: "monday" }, startId);
    await again.close();
    const explained = await stepwell(["explain", "order/monday"]);
    expect(explained.stdout).toMatch(/^status {6}Succeeded after /m);
    expect(explained.stdout).not.toMatch(/^now /m);
    const replayed = await stepwell(["replay", await exportTo("ended.json"), "--json"]);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ status: "Succeeded", faithful: true });
    expect(replayed.code).toBe(0);
    const forged = JSON.parse(await stepwell(["journal", "export", "monday"]).then(({ stdout }) => stdout));
    forged.output.by = "bob";
    expect((await stepwell(["replay", write("bob.json", JSON.stringify(forged))])).stdout).toContain(
      '✗ output.by: recorded "bob", computed "ann"\n',
    );
  });
});
