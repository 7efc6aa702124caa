/** The API over the embedded runtime and its HTTP server, as `stepwell dev` puts them together. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createApi } from "../../lib/api/index.ts";
import { targetOf } from "../../lib/api/testing/world.ts";
import { openEmbedded } from "../../lib/local/embedded.ts";
import { serveHttp } from "../../lib/local/http-server.ts";
import { recordingDestinations } from "../../lib/memory/destinations.ts";

const pass =
  "{version: v1, type: flow, steps: [{type: pass, name: p, outputMappings: [{target: a, source: $input.i}]}]}";
const callback = `{version: v1, type: flow, steps: [{type: task, name: c, resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}], serviceParams: {MessageBody: $}}]}`;

let directory: string;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stepwell-api-"));
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await rm(directory, { recursive: true, force: true });
});

async function open() {
  const faults: unknown[] = [];
  const onError = (error: unknown) => faults.push(error);
  const sent = Promise.withResolvers<string>();
  const recording = recordingDestinations();
  const embedded = await openEmbedded({
    directory,
    destinations: {
      async send(call, context) {
        sent.resolve(call.message.body);
        return recording.send(call, context);
      },
    },
    log: () => {},
  });
  const waits = Promise.withResolvers<void>();
  const handle = createApi({
    runtime: embedded.runtime,
    settled: embedded.durable,
    ended(...args) {
      waits.resolve();
      return embedded.ended(...args);
    },
    onError,
  });
  const server = await serveHttp({ handle, host: "127.0.0.1", port: 0, onError });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= server.close().then(() => embedded.close());
    return stopped;
  };
  stops.push(stop);
  return {
    stop,
    faults,
    /** Body of the first message that a task sent. */
    sent: sent.promise,
    /** A request waits for an end. */
    waits: waits.promise,
    async call(action: string, params: { readonly [name: string]: string | number } = {}) {
      const response = await fetch(server.url + targetOf(action, params), { method: "POST" });
      // biome-ignore lint/suspicious/noExplicitAny: bodies are looked into field by field, as clients do
      return { status: response.status, body: (await response.json()) as any };
    },
  };
}

const flow = (definition: string) => ({ Name: "f1", Type: "FDL", Description: "", Definition: definition });
const e1 = { FlowName: "f1", ExecutionName: "e1" };

it("runs an execution and has all of it after the directory was closed and opened again", async () => {
  const first = await open();
  expect((await first.call("CreateFlow", flow(pass))).status).toBe(200);
  expect((await first.call("StartExecution", { ...e1, Input: '{"i":1}' })).body.Status).toBe("Running");
  const { body: ended } = await first.call("DescribeExecution", { ...e1, WaitTimeSeconds: 30 });
  expect(ended).toMatchObject({ Status: "Succeeded", Input: '{"i":1}', Output: '{"a":1}', FlowDefinition: pass });
  const { body: history } = await first.call("GetExecutionHistory", e1);
  expect(history.Events.at(-1).Type).toBe("ExecutionSucceeded");
  await first.stop();
  const second = await open();
  const anyId = { RequestId: expect.any(String) };
  expect((await second.call("DescribeExecution", e1)).body).toEqual({ ...ended, ...anyId });
  expect((await second.call("GetExecutionHistory", e1)).body).toEqual({ ...history, ...anyId });
  expect((await second.call("StartExecution", e1)).body.Code).toBe("ExecutionAlreadyExists");
  expect([...first.faults, ...second.faults]).toEqual([]);
});

it("answers those who wait when it stops, and takes a report of a task of before afterwards", async () => {
  const first = await open();
  await first.call("CreateFlow", flow(callback));
  await first.call("StartExecution", e1);
  const { token } = JSON.parse(await first.sent);
  const waiting = first.call("DescribeExecution", { ...e1, WaitTimeSeconds: 60 });
  await first.waits;
  await first.stop();
  expect(await waiting).toMatchObject({ status: 200, body: { Status: "Running" } });
  const second = await open();
  const ending = second.call("DescribeExecution", { ...e1, WaitTimeSeconds: 60 });
  const { status, body } = await second.call("ReportTaskSucceeded", { TaskToken: token, Output: '{"ok":true}' });
  expect([status, Object.keys(body)]).toEqual([200, ["RequestId", "EventId"]]);
  expect((await ending).body).toMatchObject({ Status: "Succeeded", Output: '{"ok":true}' });
  const again = await second.call("ReportTaskSucceeded", { TaskToken: token, Output: "{}" });
  expect(again.body.Code).toBe("TaskAlreadyCompleted");
  expect([...first.faults, ...second.faults]).toEqual([]);
});

it("pages lists from disk, and refuses tokens that it did not give", async () => {
  const { call, faults } = await open();
  await call("CreateFlow", flow(callback));
  await call("CreateFlow", { ...flow(pass), Name: "f2" });
  for (let i = 0; i < 25; i++) await call("StartExecution", { FlowName: "f1", ExecutionName: `e${i}` });
  const names: string[] = [];
  let more = {};
  for (;;) {
    const { body } = await call("ListExecutions", { FlowName: "f1", Limit: 7, Status: "Running", ...more });
    names.push(...body.Executions.map(({ Name }: { readonly Name: string }) => Name));
    if (body.NextToken === undefined) break;
    more = { NextToken: body.NextToken };
  }
  expect(names.sort()).toEqual(Array.from({ length: 25 }, (_, i) => `e${i}`).sort());
  expect((await call("ListFlows", { Limit: 1 })).body.NextToken).toBe("f2");
  const forged = [[], [{}], ["x"], [0, {}], [0, "x".repeat(600)], [Number.POSITIVE_INFINITY], [0, "\u0000"]].map(
    (value) => Buffer.from(JSON.stringify(value)).toString("base64url"),
  );
  for (const NextToken of ["ab+/=", "__proto__", "0:0", ...forged]) {
    const { status } = await call("ListExecutions", { FlowName: "f1", NextToken });
    expect([NextToken, status]).toEqual([NextToken, status === 200 ? 200 : 400]);
  }
  expect(faults).toEqual([]);
});
