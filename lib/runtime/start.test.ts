import { expect, it } from "vitest";
import { encode } from "./message.ts";
import { sendStart } from "./start.ts";
import { world } from "./testing/world.ts";

const pass =
  "version: v1\ntype: flow\nsteps:\n  - {type: pass, name: p, outputMappings: [{target: got, source: $input.x}]}";
const wait = "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: w, duration: 60}";

it("runs a flow to its end", async () => {
  const { run } = await world({ flows: { pass } });
  const { header, output } = await run("pass", { x: 1 });
  expect(header.status).toBe("Succeeded");
  expect(output).toEqual({ got: 1 });
});

it("returns the running execution that has the name, and starts nothing", async () => {
  const { start, settled, queue } = await world({ flows: { wait } });
  const first = await start("wait", {}, "order-1");
  const again = await start("wait", { other: true }, "order-1");
  expect(again.startId).toBe(first.startId);
  expect(queue.size()).toBe(1);
  expect((await settled(first)).status).toBe("Succeeded");
});

it("refuses the name of an execution that has ended", async () => {
  const { start, settled } = await world({ flows: { pass } });
  await settled(await start("pass", {}, "order-1"));
  await expect(start("pass", {}, "order-1")).rejects.toMatchObject({
    code: "ExecutionAlreadyExists",
    message: "Execution order-1 for flow pass already exists.",
  });
});

it.each([["1abc"], [""], ["a b"], ["a".repeat(129)]])("refuses %j as a name", async (name) => {
  const { runtime } = await world({ flows: { pass } });
  const { startExecution } = await import("./start.ts");
  await expect(startExecution(runtime, { flow: "pass", name })).rejects.toMatchObject({ code: "InvalidArgument" });
});

it("refuses a flow that does not exist, and an Express one", async () => {
  const { start } = await world({ flows: { pass }, express: ["pass"] });
  await expect(start("gone")).rejects.toMatchObject({ code: "FlowNotExists" });
  await expect(start("pass")).rejects.toMatchObject({ code: "ActionNotSupported" });
});

it("runs an execution whose caller died between the message and the header", async () => {
  const { plain, runtime, start, settled, queue, outputOf } = await world({ flows: { pass } });
  const template = await start("pass", { x: 1 }, "template");
  await settled(template);
  const header = { ...template, ref: { ...template.ref, name: "orphan" }, startId: "orphan-start" };
  await sendStart(runtime, header, { x: 7 });
  expect(await plain.journal.readHeader(header.ref)).toBeUndefined();
  expect(queue.size()).toBe(1);
  const ended = await settled(header);
  expect(ended.status).toBe("Succeeded");
  expect(await outputOf(ended)).toEqual({ got: 7 });
  expect(await plain.journal.readData(header.ref, header.startId)).toMatchObject({ input: '{"x":7}' });
});

it("drops a start message older than the retention: its execution may have been forgotten", async () => {
  const { plain, runtime, start, settled, clock, workUntil, queue } = await world({
    flows: { pass },
    settings: { retentionMs: 1_000 },
  });
  const template = await settled(await start("pass"));
  const header = { ...template, status: "Running" as const, ref: { ...template.ref, name: "old" }, startId: "old" };
  const bodies: string[] = [];
  const slow = {
    ...runtime,
    ports: { ...runtime.ports, queue: { send: async (body: string) => void bodies.push(body) } },
  };
  await sendStart(slow, header, {});
  await clock.pass(2_000);
  for (const body of bodies) await queue.send(body);
  await workUntil(async () => queue.idle());
  expect(bodies).toHaveLength(1);
  expect(await plain.journal.readHeader(header.ref)).toBeUndefined();
});

it("lets the loser of a start race run nothing", async () => {
  const seen: unknown[] = [];
  const { plain, runtime, start, settled } = await world({
    flows: {
      task: 'version: v1\ntype: flow\nsteps:\n  - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}',
    },
    functions: { "s/f": (event) => void seen.push(event) },
  });
  const winner = await start("task", { by: "winner" }, "race");
  await sendStart(runtime, { ...winner, startId: "loser" }, { by: "loser" });
  await settled(winner);
  expect(seen).toEqual([{ by: "winner" }]);
  expect((await plain.journal.readHeader(winner.ref))?.startId).toBe(winner.startId);
});

it("keeps the definition that an execution started with", async () => {
  const { plain, start, settled, outputOf } = await world({ flows: { wait } });
  const header = await start("wait");
  const { deployFlow } = await import("./definitions.ts");
  const next = await deployFlow(plain, { name: "wait", definition: pass });
  expect(next.revision).toBe(2);
  const ended = await settled(header);
  expect(ended.endedAt).toBe(header.startedAt + 60_000);
  expect(await outputOf(ended)).toEqual({});
});

it("makes no new revision of the same definition, and never changes a flow's mode", async () => {
  const { plain } = await world({ flows: { wait } });
  const { deployFlow } = await import("./definitions.ts");
  expect((await deployFlow(plain, { name: "wait", definition: wait })).revision).toBe(1);
  await expect(deployFlow(plain, { name: "wait", definition: wait, mode: "Express" })).rejects.toMatchObject({
    code: "InvalidArgument",
  });
  await expect(deployFlow(plain, { name: "bad", definition: "steps: 1" })).rejects.toMatchObject({
    code: "InvalidArgument",
  });
});

it("pins aliases to the versions of the start when the flow asks for it", async () => {
  const versions: (string | undefined)[] = [];
  const flow = (pin: boolean) =>
    `version: v1\ntype: flow\npinAliases: ${pin}\nsteps:\n  - {type: wait, name: w, duration: 5}\n  - {type: task, name: t, resourceArn: "acs:fc:::services/s.live/functions/f"}`;
  const { plain, runtime, start, settled } = await world({ flows: { pinned: flow(true), loose: flow(false) } });
  const aliases = { live: "3" };
  const functions = {
    ...plain.functions,
    resolveAlias: async (resource: { qualifier?: string }) =>
      resource.qualifier === "live" ? aliases.live : undefined,
    invoke: async (invocation: { resource: { qualifier?: string } }) => {
      versions.push(invocation.resource.qualifier);
      return { kind: "succeeded" as const };
    },
  };
  Object.assign(runtime.ports, { functions });
  const [pinned, loose] = [await start("pinned"), await start("loose")];
  aliases.live = "4";
  await settled(pinned);
  await settled(loose);
  expect(versions.sort()).toEqual(["3", "live"]);
});

it("fails the execution, and says why, when a message is not for the state that it carries", async () => {
  const { plain, start, settled, queue, workUntil } = await world({ flows: { pass, wait } });
  const header = await start("wait", {}, "poisoned");
  await workUntil(async () => queue.size() === 1 && (await plain.journal.readTip(header.startId, "")) !== undefined);
  const { ref, startId, flow, revision, keyId } = header;
  const packed = (value: unknown) => JSON.stringify(value) as never;
  await queue.send(
    encode({
      kind: "advance",
      ref,
      startId,
      flow,
      revision,
      keyId,
      sentAt: 0,
      branch: "",
      seq: 1,
      state: packed({ core: 99 }),
      event: packed({ kind: "elapsed", at: 1 }),
    }),
  );
  expect(await settled(header)).toMatchObject({
    status: "Failed",
    error: "FnF.RuntimeError",
    cause: expect.stringContaining("core version 99"),
  });
});

it("drops what is no message, and says so", async () => {
  const { queue, workUntil, log } = await world({ flows: { pass } });
  await queue.send("hello");
  await workUntil(async () => queue.idle());
  expect(log).toEqual(["dropped: not a message of Stepwell: hello"]);
});
