/** How a parent and its child end together (fdl.md §3.1.4, §3.1.6, §10 row 18). */
import { describe, expect, it } from "vitest";
import { stopExecution } from "../../lib/runtime/index.ts";
import type { Header } from "../../lib/runtime/ports/journal.ts";
import type { World } from "../../lib/runtime/testing/world.ts";
import { endOf, pass, worldOf } from "./live.ts";

const _TASK = `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"`;
const wait = (name: string, seconds: number) => `{type: wait, name: ${name}, duration: ${seconds}}`;
const set = (name: string) => `{type: pass, name: ${name}, outputMappings: [{target: ${name}, source: 1}]}`;

describe("sub-flows", () => {
  const parent = (rest = "") =>
    `[{type: task, name: t, resourceArn: "acs:fnf:::flow/child", pattern: sync, serviceParams: {ExecutionName: kid}${rest}}, {type: succeed, name: z}]`;

  async function child(w: World): Promise<Header | undefined> {
    const flow = await w.plain.journal.readFlow("child");
    return flow && w.plain.journal.readHeader({ flowId: flow.flowId, name: "kid" });
  }

  it.each([
    [
      { error: "Enough", cause: "said so" },
      { error: "Enough", cause: "said so" },
    ],
    [{}, { error: "FnF.RuntimeError" }],
  ])("[SUB-07] [SUB-09] a child stopped with %j", async (stop, expected) => {
    const w = await worldOf({ f: parent(), child: `- ${wait("w", 50)}` });
    const header = await w.start("f");
    await pass(w, 2);
    await stopExecution(w.runtime, { flow: "child", name: "kid", ...stop });
    expect(await endOf(w, header)).toMatchObject({ status: "Failed", ...expected });
  });

  it("[SUB-08] a child that timed out is FnF.Timeout, which can be caught", async () => {
    const w = await worldOf({
      f: parent(", catch: [{errors: [FnF.Timeout], goto: z}], errorMappings: [{target: e, source: $local.error}]"),
      child: `timeoutSeconds: 5\nsteps: [${wait("w", 50)}]`,
    });
    expect(await endOf(w, await w.start("f"))).toMatchObject({ status: "Succeeded", output: { e: "FnF.Timeout" } });
  });

  it("[SUB-10] a retry starts a new child; a fixed name is refused then", async () => {
    const failing = `- {type: fail, name: f, error: E}`;
    const retry = "retry: [{errors: [E], intervalSeconds: 1, maxAttempts: 1}]";
    const fixed = await worldOf({ f: parent(`, ${retry}`), child: failing });
    expect(await endOf(fixed, await fixed.start("f"))).toMatchObject({
      status: "Failed",
      error: expect.stringMatching(/ExecutionAlreadyExists$/),
    });
    const generated = await worldOf({ f: parent(`, ${retry}`).replace("ExecutionName: kid", ""), child: failing });
    expect(await endOf(generated, await generated.start("f"))).toMatchObject({ status: "Failed", error: "E" });
    const flow = await generated.plain.journal.readFlow("child");
    const { items } = await generated.plain.journal.listExecutions(flow?.flowId ?? "", { limit: 10 });
    expect(items).toHaveLength(2);
  });

  it("[TASK-11] [CATCH-05] an action's errors have the prefix fnf.", async () => {
    const step = `{type: task, name: t, action: "fnf:StartExecution", serviceParams: {FlowName: child, ExecutionName: kid}, catch: [{errors: [fnf.ExecutionAlreadyExists], goto: z}]}`;
    const w = await worldOf({
      f: `[${step}, {type: fail, name: no}, {type: succeed, name: z}]`,
      child: `- ${set("a")}`,
    });
    await w.settled(await w.start("child", {}, "kid"));
    expect(await endOf(w, await w.start("f"))).toMatchObject({
      status: "Succeeded",
      output: { error: "fnf.ExecutionAlreadyExists" },
    });
  });

  it.each(["stopped", "timed out", "failed"])("[SUB-12] a parent that %s takes its sync child with it", async (how) => {
    const flows: Record<string, string> = {
      stopped: parent(),
      "timed out": `timeoutSeconds: 5\nsteps: ${parent()}`,
      failed: `- {type: parallel, name: p, branches: [{steps: ${parent()}}, {steps: [${wait("w", 5)}, {type: fail, name: f, error: E}]}]}`,
    };
    const w = await worldOf({ f: flows[how]!, child: `- ${wait("w", 80)}` });
    const header = await w.start("f", {}, "e");
    await pass(w, 2);
    expect((await child(w))?.status).toBe("Running");
    if (how === "stopped") await stopExecution(w.runtime, { flow: "f", name: "e" });
    await pass(w, 10);
    expect((await w.plain.journal.readHeader(header.ref))?.status).not.toBe("Running");
    expect((await child(w))?.status).toBe("Stopped");
  });

  it("[SUB-13] an attempt that times out takes its sync child with it, and the parent goes on", async () => {
    const timed = ", timeoutSeconds: 5, catch: [{errors: [FnF.TaskTimeout], goto: z}]";
    const then = parent(timed).replace("{type: succeed, name: z}", wait("z", 60));
    const w = await worldOf({ f: then, child: `- ${wait("w", 80)}` });
    const header = await w.start("f");
    await pass(w, 8);
    expect((await child(w))?.status).toBe("Stopped");
    expect((await w.plain.journal.readHeader(header.ref))?.status).toBe("Running");
    expect(await endOf(w, header)).toMatchObject({ status: "Succeeded" });
  });
});
