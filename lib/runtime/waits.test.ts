import { expect, it } from "vitest";
import { BEGINNING, tally, world } from "./testing/world.ts";

const wait = (seconds: number | string) =>
  `version: v1\ntype: flow\nsteps:\n  - {type: wait, name: w, duration: ${seconds}}`;

it.each([
  [0.25, "queue"],
  [1, "queue"],
  [900, "queue"],
  [901, "timers"],
  [172_800, "timers"],
  [31_536_000 - 1, "timers"],
])("a wait of %s s ends to the millisecond (by the %s)", async (seconds, by) => {
  const { run, calls } = await world({ flows: { wait: wait(seconds) } });
  const { header } = await run("wait");
  expect(header).toMatchObject({ status: "Succeeded", endedAt: BEGINNING + seconds * 1000 });
  expect(tally(calls)["timers.schedule"] ?? 0).toBe(by === "timers" ? 1 : 0);
});

it("ends an execution without timeoutSeconds after a year, when the sweeper looks", async () => {
  const { start, workTo, plain, runtime } = await world({
    flows: { wait: wait(31_536_000) },
    settings: { maxExecutionMs: 1_000_000 },
  });
  const header = await start("wait");
  await workTo(1_400_000);
  const { sweep } = await import("./sweep.ts");
  expect(await sweep(runtime)).toMatchObject({ sent: { "deadline passed": 1 } });
  expect(await plain.journal.readHeader(header.ref)).toMatchObject({ status: "TimedOut", error: "FnF.Timeout" });
});

it("hands over large values between steps and stores an unchanged one once", async () => {
  const flow = `
version: v1
type: flow
steps:
  - {type: task, name: big, resourceArn: "acs:fc:::services/s/functions/big", outputMappings: [{target: big, source: $local.big}]}
${Array.from({ length: 5 }, (_, i) => `  - {type: task, name: t${i}, resourceArn: "acs:fc:::services/s/functions/small", inputMappings: [{target: n, source: ${i}}]}`).join("\n")}
`;
  const big = Array.from({ length: 30_000 }, (_, i) => `value ${i}`);
  const { run, calls } = await world({
    flows: { flow },
    functions: { "s/big": () => ({ big }), "s/small": () => ({ ok: true }) },
  });
  const { header, output } = await run("flow");
  expect(header.status).toBe("Succeeded");
  expect(output).toEqual({ big, ok: true });
  expect(tally(calls)["blobs.put"]).toBe(1);
});

it("fails a step whose data pass the limit", async () => {
  const flow = `version: v1\ntype: flow\nsteps:\n  - {type: task, name: big, resourceArn: "acs:fc:::services/s/functions/big"}`;
  const { run } = await world({
    flows: { flow },
    functions: { "s/big": () => ({ s: "x".repeat(5_000) }) },
    settings: { maxDataBytes: 8_000 },
  });
  expect((await run("flow")).header).toMatchObject({ status: "Failed", error: "FnF.DataLimitExceeded" });
});

it("tries a throttled call again before it becomes the task's error", async () => {
  const flow = `version: v1\ntype: flow\nsteps:\n  - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/busy"}`;
  const { Throttled } = await import("../memory/scripted.ts");
  for (const [refusals, status, error] of [
    [3, "Succeeded", undefined],
    [4, "Failed", "FC.ResourceThrottled"],
  ] as const) {
    let calls = 0;
    const busy = () => {
      if (calls++ < refusals) throw new Throttled("too many");
      return {};
    };
    const { run } = await world({ flows: { flow }, functions: { "s/busy": busy } });
    const { header } = await run("flow");
    expect([header.status, header.error]).toEqual([status, error]);
    expect(calls).toBe(4);
  }
});

it("extends lease and visibility of a task that runs long, and runs it once", async () => {
  const flow = `version: v1\ntype: flow\nsteps:\n  - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/long"}`;
  let runs = 0;
  const w = await world({
    flows: { flow },
    functions: {
      "s/long": async () => {
        runs += 1;
        await w.clock.sleep(600_000);
        return {};
      },
    },
  });
  const { header } = await w.run("flow");
  expect(header).toMatchObject({ status: "Succeeded", endedAt: BEGINNING + 600_000 });
  expect(runs).toBe(1);
  expect(tally(w.calls)["journal.replaceLease"]).toBe(19);
});

it("ends a call at the bound of the invocation that waits for it", async () => {
  const flow = `version: v1\ntype: flow\nsteps:\n  - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/long"}`;
  const w = await world({
    flows: { flow },
    functions: { "s/long": async () => void (await w.clock.sleep(3_600_000)) },
    settings: { maxCallMs: 780_000 },
  });
  expect((await w.run("flow")).header).toMatchObject({
    status: "Failed",
    error: "FnF.TaskTimeout",
    endedAt: BEGINNING + 780_000,
  });
});

it("stops an endless loop of steps that need nothing from outside", async () => {
  const flow = `
version: v1
type: flow
steps:
  - {type: pass, name: again}
  - {type: choice, name: forever, default: {goto: again}}
`;
  const { stopExecution } = await import("./stop.ts");
  const { runtime, start, settled, workUntil, plain } = await world({ flows: { flow } });
  const header = await start("flow", {}, "e");
  await workUntil(async () => ((await plain.journal.readTip(header.startId, ""))?.seq ?? 0) > 3);
  await stopExecution(runtime, { flow: "flow", name: "e" });
  expect(await settled(header)).toMatchObject({ status: "Stopped" });
});

it("settles an attempt of onLost: fail also when its lease was extended", async () => {
  const flow = `version: v1\ntype: flow\nsteps:\n  - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/long", onLost: fail}`;
  const w = await world({ flows: { flow }, functions: { "s/long": async () => void (await w.clock.sleep(100_000)) } });
  const { header } = await w.run("flow");
  expect(await w.plain.journal.readEntry({ startId: header.startId, branch: "", seq: 0 })).toMatchObject({
    settled: true,
  });
});
