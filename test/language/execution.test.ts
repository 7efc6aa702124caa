/** How executions end (fdl.md §7.1). */
import { describe, expect, it } from "vitest";
import { deployFlow, stopExecution } from "../../lib/runtime/index.ts";
import { document } from "./definition.ts";
import { endOf, pass, worldOf } from "./live.ts";

const TASK = `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"`;
const CALLBACK = `${TASK}, pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}]`;
const wait = (name: string, seconds: number) => `{type: wait, name: ${name}, duration: ${seconds}}`;
const set = (name: string) => `{type: pass, name: ${name}, outputMappings: [{target: ${name}, source: 1}]}`;

describe("ends", () => {
  it("[EXEC-01] an execution is Running until it ends", async () => {
    const w = await worldOf({ f: `- ${wait("w", 5)}` });
    const header = await w.start("f");
    expect(header.status).toBe("Running");
    await pass(w, 1);
    expect((await w.plain.journal.readHeader(header.ref))?.status).toBe("Running");
    expect((await endOf(w, header)).status).toBe("Succeeded");
  });

  it.each([
    ["behind its last step", `[${set("a")}, ${set("b")}]`, { a: 1, b: 1 }],
    ["at end: true", `[${set("a").replace("}]}", "}], end: true}")}, ${set("b")}]`, { a: 1 }],
    ["at succeed", `[${set("a")}, {type: succeed, name: s}, ${set("b")}]`, { a: 1 }],
  ])("[EXEC-02] it is Succeeded %s", async (_, text, output) => {
    const w = await worldOf({ f: text });
    const { events } = await w.run("f");
    expect(await endOf(w, await w.start("f"))).toMatchObject({ status: "Succeeded", output });
    expect(events.at(-1)?.Type).toBe("ExecutionSucceeded");
  });

  it("[EXEC-03] [DOC-11] it is Failed with the error that nobody catches, and has no output", async () => {
    const w = await worldOf({ f: `[${set("a")}, {type: fail, name: f, error: E, cause: why}]` });
    expect(await endOf(w, await w.start("f"))).toEqual({
      status: "Failed",
      error: "E",
      cause: "why",
      seconds: 0,
      output: undefined,
    });
  });

  it("[EXEC-04] [HIST-16] it is Stopped by whoever stops it", async () => {
    const w = await worldOf({ f: `[${wait("w", 50)}, ${set("a")}]` });
    const header = await w.start("f", {}, "e");
    await pass(w, 3);
    await stopExecution(w.runtime, { flow: "f", name: "e", error: "Changed", cause: "my mind" });
    expect(await endOf(w, header)).toMatchObject({ status: "Stopped", error: "Changed", cause: "my mind" });
    const events = await w.eventsOf(await w.settled(header));
    expect(events.map((event) => event.Type)).toEqual([
      "ExecutionStarted",
      "StepEntered",
      "StepStarted",
      "ExecutionStopped",
    ]);
    expect(events.at(-1)?.EventDetail).toBe(`{"error":"Changed","cause":"my mind"}`);
  });

  it("[EXEC-05] [DOC-12] [HIST-16] it is TimedOut when its timeoutSeconds are over", async () => {
    const w = await worldOf({ f: `timeoutSeconds: 30\nsteps: [${wait("w", 50)}]` });
    const header = await w.start("f");
    expect(await endOf(w, header)).toMatchObject({ status: "TimedOut", error: "FnF.Timeout", seconds: 30 });
    const events = await w.eventsOf(await w.settled(header));
    expect(events.at(-1)).toMatchObject({
      Type: "ExecutionTimedOut",
      EventDetail: expect.stringContaining(`"error":"FnF.Timeout"`),
    });
  });

  it("[EXEC-05] without timeoutSeconds it has a year", async () => {
    const w = await worldOf({ f: `- ${wait("w", 5)}` });
    const { startedAt, deadline } = await w.start("f");
    expect(deadline - startedAt).toBe(365 * 86_400_000);
  });

  it("[DOC-12] [ERR-06] the time-out is nothing that a task could catch", async () => {
    const w = await worldOf(
      {
        f: `timeoutSeconds: 30\nsteps: [{${CALLBACK}, retry: [{errors: [FnF.ALL]}], catch: [{errors: [FnF.ALL], goto: z}]}, {type: succeed, name: z}]`,
      },
      { "s/f": () => ({}) },
    );
    expect(await endOf(w, await w.start("f"))).toMatchObject({ status: "TimedOut", error: "FnF.Timeout", seconds: 30 });
  });

  it("[RETRY-09] it goes on running while a retry is waited for", async () => {
    let calls = 0;
    const w = await worldOf(
      { f: `timeoutSeconds: 30\nsteps: [{${TASK}, retry: [{errors: [E], intervalSeconds: 20, multiplier: 1}]}]` },
      {
        "s/f": () => {
          calls += 1;
          throw Object.assign(new Error("no"), { name: "E" });
        },
      },
    );
    expect(await endOf(w, await w.start("f"))).toMatchObject({ status: "TimedOut", error: "FnF.Timeout", seconds: 30 });
    expect(calls).toBe(2);
  });

  it("[EXEC-04] [ERR-06] a stop is nothing that a task could catch", async () => {
    const w = await worldOf(
      {
        f: `[{${CALLBACK}, retry: [{errors: [FnF.ALL]}], catch: [{errors: [FnF.ALL], goto: z}]}, {type: succeed, name: z}]`,
      },
      { "s/f": () => ({}) },
    );
    const header = await w.start("f", {}, "e");
    await pass(w, 1);
    await stopExecution(w.runtime, { flow: "f", name: "e", error: "E", cause: "" });
    await pass(w, 10);
    expect(await endOf(w, header)).toMatchObject({ status: "Stopped", error: "E", seconds: 1 });
    const types = (await w.eventsOf(await w.settled(header))).map((event) => event.Type);
    expect(types.slice(-2)).toEqual(["TaskSubmitted", "ExecutionStopped"]);
  });

  it("[EXEC-06] it runs the definition that it was started with", async () => {
    const w = await worldOf({ f: `[${wait("w", 5)}, ${set("old")}]` });
    const header = await w.start("f");
    await pass(w, 1);
    await deployFlow(w.plain, { name: "f", definition: document(`- ${set("new")}`) });
    expect((await endOf(w, header)).output).toEqual({ old: 1 });
    expect((await endOf(w, await w.start("f"))).output).toEqual({ new: 1 });
  });

  it("[EXEC-07] results and reports that come after its end change nothing", async () => {
    const w = await worldOf(
      { f: `[{${TASK}}, ${set("a")}]` },
      {
        "s/f": async () => {
          await w.clock.sleep(10_000);
          return { late: 1 };
        },
      },
    );
    const header = await w.start("f", {}, "e");
    const stopped = w.clock.sleep(3_000).then(() => stopExecution(w.runtime, { flow: "f", name: "e" }));
    await pass(w, 20);
    expect(await stopped).toMatchObject({ status: "Stopped" });
    expect(await endOf(w, header)).toMatchObject({ status: "Stopped", seconds: 3 });
    const types = (await w.eventsOf(await w.settled(header))).map((event) => event.Type);
    expect(types).toEqual(["ExecutionStarted", "StepEntered", "TaskScheduled", "TaskStarted", "ExecutionStopped"]);
    expect(w.errors).toEqual([]);
  });
});
