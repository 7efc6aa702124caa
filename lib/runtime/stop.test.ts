import { expect, it } from "vitest";
import { stopExecution } from "./stop.ts";
import { BEGINNING, world } from "./testing/world.ts";

const wait = "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: w, duration: 3600}";
const limited = "version: v1\ntype: flow\ntimeoutSeconds: 30\nsteps:\n  - {type: wait, name: w, duration: 3600}";
const parent = (pattern: string, child = "wait") =>
  `version: v1\ntype: flow\nsteps:\n  - {type: task, name: sub, resourceArn: "acs:fnf:::flow/${child}", pattern: ${pattern}, serviceParams: {ExecutionName: kid}}`;

it("stops a running execution and shows it in its history", async () => {
  const { runtime, start, settled, eventsOf } = await world({ flows: { wait } });
  const header = await start("wait", {}, "e");
  const stopped = await stopExecution(runtime, { flow: "wait", name: "e", error: "Changed", cause: "of mind" });
  expect(stopped).toMatchObject({ status: "Stopped", error: "Changed", cause: "of mind", endedAt: BEGINNING });
  await settled(header);
  const events = await eventsOf(stopped);
  expect(events.at(-1)).toMatchObject({
    Type: "ExecutionStopped",
    EventDetail: '{"error":"Changed","cause":"of mind"}',
  });
});

it.each([
  ["e", "wait", "ExecutionAlreadyCompleted"],
  ["none", "wait", "ExecutionNotExists"],
  ["e", "none", "FlowNotExists"],
])("refuses to stop %s of %s: %s", async (name, flow, code) => {
  const { runtime, start } = await world({ flows: { wait } });
  await start("wait", {}, "e");
  await stopExecution(runtime, { flow: "wait", name: "e" });
  await expect(stopExecution(runtime, { flow, name })).rejects.toMatchObject({ code });
});

it("times out an execution at its timeoutSeconds, to the second", async () => {
  const { start, settled } = await world({ flows: { limited } });
  const ended = await settled(await start("limited"));
  expect(ended).toMatchObject({ status: "TimedOut", error: "FnF.Timeout" });
  expect(ended.endedAt).toBe(BEGINNING + 30_000);
});

it("tells the parent what a stopped child ended with", async () => {
  const { plain, runtime, start, settled, workUntil } = await world({ flows: { wait, parent: parent("sync") } });
  const header = await start("parent");
  const child = async () => {
    const flow = await plain.journal.readFlow("wait");
    return flow && plain.journal.readHeader({ flowId: flow.flowId, name: "kid" });
  };
  await workUntil(async () => (await child()) !== undefined);
  await stopExecution(runtime, { flow: "wait", name: "kid", error: "Enough", cause: "said so" });
  expect(await settled(header)).toMatchObject({ status: "Failed", error: "Enough", cause: "said so" });
});

it.each([
  ["sync", "Stopped"],
  ["requestResponse", "Running"],
])("a stopped parent's %s child is then %s", async (pattern, status) => {
  const flows = { wait, parent: `${parent(pattern)}\n  - {type: wait, name: later, duration: 3600}` };
  const { plain, runtime, start, workUntil, workTo } = await world({ flows });
  await start("parent", {}, "p");
  const flow = await plain.journal.readFlow("wait");
  const child = async () => flow && plain.journal.readHeader({ flowId: flow.flowId, name: "kid" });
  await workUntil(async () => (await child()) !== undefined);
  await stopExecution(runtime, { flow: "parent", name: "p" });
  await workTo(60_000);
  expect(await child()).toMatchObject({ status });
});

it("ends the sync child of a branch whose fork has failed", async () => {
  const flows = {
    wait,
    forked: `
version: v1
type: flow
steps:
  - type: parallel
    name: both
    branches:
      - steps: [{type: task, name: sub, resourceArn: "acs:fnf:::flow/wait", pattern: sync, serviceParams: {ExecutionName: kid}}]
      - steps: [{type: wait, name: first, duration: 10}, {type: fail, name: no, error: Broken, cause: "on purpose"}]
`,
  };
  const { plain, start, settled } = await world({ flows });
  expect(await settled(await start("forked"))).toMatchObject({
    status: "Failed",
    error: "Broken",
    endedAt: BEGINNING + 10_000,
  });
  const flow = await plain.journal.readFlow("wait");
  expect(flow && (await plain.journal.readHeader({ flowId: flow.flowId, name: "kid" }))).toMatchObject({
    status: "Stopped",
    error: "FnF.ParentEnded",
  });
});
