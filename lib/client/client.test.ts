/** Every call against the real server over HTTP, as `stepwell dev` puts it together. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createApi } from "../api/index.ts";
import { openEmbedded } from "../local/embedded.ts";
import { serveHttp } from "../local/http-server.ts";
import { recordingDestinations } from "../memory/destinations.ts";
import { type StepwellClient, stepwellClient } from "./index.ts";

const PASS =
  "{version: v1, type: flow, steps: [{type: pass, name: p, outputMappings: [{target: a, source: $input.i}]}]}";
const CALLBACK = `{version: v1, type: flow, steps: [{type: task, name: c, resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, heartbeatSeconds: 60, inputMappings: [{target: token, source: $context.task.token}], serviceParams: {MessageBody: $}}]}`;

let client: StepwellClient;
let tokens: AsyncIterator<string>;
let close: () => Promise<void>;
const faults: unknown[] = [];

beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), "stepwell-client-"));
  const recording = recordingDestinations();
  const sent = new TransformStream<string, string>(undefined, undefined, { highWaterMark: 100 });
  const writer = sent.writable.getWriter();
  const embedded = await openEmbedded({
    directory,
    destinations: {
      async send(call, context) {
        void writer.write(JSON.parse(call.message.body).token);
        return recording.send(call, context);
      },
    },
    log: () => {},
  });
  const onError = (error: unknown) => void faults.push(error);
  const { runtime, ended, durable: settled } = embedded;
  const handle = createApi({ runtime, ended, settled, onError });
  const server = await serveHttp({ handle, host: "127.0.0.1", port: 0, onError });
  client = stepwellClient({ endpoint: server.url });
  tokens = sent.readable[Symbol.asyncIterator]();
  close = async () => {
    client.close();
    await server.close();
    await embedded.close();
    await rm(directory, { recursive: true, force: true });
  };
});

afterEach(async () => {
  await close();
  expect(faults.splice(0)).toEqual([]);
});

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

it("starts an execution, waits for its end, and reads its history page by page", async () => {
  await client.createFlow({ name: "order", definition: PASS });
  const id = { flow: "order", name: "o-17" };
  const started = await client.startExecution({ ...id, input: { i: "ü+/= 😀" } });
  expect(started).toMatchObject({ ...id, status: "Running", input: { i: "ü+/= 😀" }, output: undefined });
  const ended = await client.waitForExecution(id);
  expect(ended).toEqual({
    ...started,
    status: "Succeeded",
    output: { a: "ü+/= 😀" },
    stoppedAt: expect.any(Date),
    definition: PASS,
  });
  expect(await client.describeExecution(id)).toEqual(ended);
  const events = await all(client.history({ ...id, pageSize: 2 }));
  expect(events).toEqual(await all(client.history(id)));
  expect(events.map((event) => event.id)).toEqual(events.map((_, n) => n + 1));
  expect(events[0]).toMatchObject({ type: "ExecutionStarted", step: "", detail: { input: { i: "ü+/= 😀" } } });
  const again = client.startExecution(id);
  await expect(again).rejects.toMatchObject({ code: "ExecutionAlreadyExists", status: 400, maybeDone: false });
});

it("reports the ends of tasks", async () => {
  await client.createFlow({ name: "f", definition: CALLBACK });
  const token = async () => (await tokens.next()).value;
  await client.startExecution({ flow: "f", name: "good" });
  const first = await token();
  await client.reportTaskHeartbeat(first);
  expect(await client.reportTaskSucceeded(first, { ok: true })).toBeGreaterThan(0);
  expect(await client.waitForExecution({ flow: "f", name: "good" })).toMatchObject({ output: { ok: true } });
  await expect(client.reportTaskSucceeded(first, {})).rejects.toMatchObject({ code: "TaskAlreadyCompleted" });
  await client.startExecution({ flow: "f", name: "bad" });
  await client.reportTaskFailed(await token(), { error: "OutOfStock", cause: "none left" });
  expect(await client.waitForExecution({ flow: "f", name: "bad" })).toMatchObject({ status: "Failed" });
});

it("lists executions over several pages, and stops one", async () => {
  await client.createFlow({ name: "f", definition: CALLBACK });
  for (let n = 0; n < 7; n++) await client.startExecution({ flow: "f", name: `e${n}` });
  expect(await client.stopExecution({ flow: "f", name: "e3", error: "Cancelled" })).toMatchObject({
    status: "Stopped",
  });
  const left = await all(client.listExecutions({ flow: "f", status: "Running", pageSize: 2 }));
  expect(left.map(({ name }) => name).sort()).toEqual(["e0", "e1", "e2", "e4", "e5", "e6"]);
  const bare = await all(client.listExecutions({ flow: "f", namePrefix: "e3", metadataOnly: true }));
  expect(bare).toMatchObject([{ name: "e3", input: undefined, definition: "" }]);
  expect(await all(client.listExecutions({ flow: "f", startedFrom: new Date(Date.now() + 60_000) }))).toEqual([]);
  await expect(client.stopExecution({ flow: "f", name: "e3" })).rejects.toMatchObject({
    code: "ExecutionAlreadyCompleted",
  });
});

it("creates, changes, lists and deletes flows", async () => {
  for (const name of ["a", "b", "c"]) await client.createFlow({ name, definition: PASS });
  expect((await all(client.listFlows({ pageSize: 1 }))).map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(await client.updateFlow({ name: "a", definition: CALLBACK })).toMatchObject({ definition: CALLBACK });
  expect(await client.describeFlow("a")).toMatchObject({ name: "a", definition: CALLBACK, mode: "Standard" });
  await client.deleteFlow("a");
  await expect(client.describeFlow("a")).rejects.toMatchObject({ code: "FlowNotExists", status: 404 });
});

it("runs an Express flow to its end", async () => {
  await client.createFlow({ name: "x", definition: PASS, mode: "Express" });
  const run = await client.startSyncExecution({ flow: "x", name: "n", input: { i: 1 } });
  expect(run).toMatchObject({ flow: "x", status: "Succeeded", output: { a: 1 }, error: undefined });
});
