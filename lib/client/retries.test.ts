/** What is repeated, when, and what a caller is told, against a server that fails as a script says. */
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { verifySignature } from "../api/signature/verify.ts";
import { StepwellClient } from "./client.ts";
import { stepwellClient } from "./index.ts";
import { flakyServer, type Reaction } from "./testing/flaky-server.ts";
import { instantTime } from "./testing/instant-time.ts";

const servers: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function scripted(...reactions: readonly Reaction[]) {
  const server = await flakyServer(reactions);
  servers.push(server);
  return server;
}

const refusal = (status: number, Code: string): Reaction => ({
  status,
  body: { RequestId: "r-1", Code, Message: `why ${Code}` },
});
const at = "2026-01-01T00:00:00.000Z";
const record = (status: string) => ({
  RequestId: "r-2",
  FlowName: "f",
  Name: "e",
  FlowDefinition: "d",
  Input: "{}",
  Output: "",
  Status: status,
  StartedTime: at,
  StoppedTime: status === "Running" ? "" : at,
});
const running: Reaction = { body: record("Running") };
const id = { flow: "f", name: "e" };
const sync: Reaction = { body: { ...record("Failed"), ErrorCode: "E", ErrorMessage: "C" } };
const throttled = refusal(429, "ResourceThrottled");
const unavailable: Reaction = { status: 503, body: "<html>busy</html>" };

it.each<readonly [string, readonly Reaction[]]>([
  ["429", [throttled, throttled, throttled]],
  ["503 without JSON", [unavailable, unavailable]],
  ["500", [refusal(500, "InternalServerError")]],
  ["a reset before the answer", ["reset", "reset"]],
  ["an answer that is cut off", ["cut", "cut"]],
])("repeats a read after %s", async (_, failures) => {
  const { client, requests, time } = await scripted(...failures, running);
  expect(await client.describeExecution(id)).toMatchObject({ ...id, status: "Running", stoppedAt: undefined });
  expect(requests).toHaveLength(failures.length + 1);
  expect(time.waits).toEqual([100, 200, 400].slice(0, failures.length));
});

it("gives up after so many repetitions, and says whether the call may have been carried out", async () => {
  const { client, requests, clientWith } = await scripted(
    unavailable,
    unavailable,
    unavailable,
    unavailable,
    throttled,
  );
  await expect(client.describeFlow("f")).rejects.toMatchObject({
    code: "UnreadableAnswer",
    status: 503,
    maybeDone: true,
    message: expect.stringContaining("<html>busy</html>"),
  });
  expect(requests).toHaveLength(4);
  const never = clientWith({ retries: 0 }).describeFlow("f");
  await expect(never).rejects.toMatchObject({ code: "ResourceThrottled", requestId: "r-1", maybeDone: false });
  expect(requests).toHaveLength(5);
});

it.each<readonly [string, Reaction, string]>([
  ["500", refusal(500, "InternalServerError"), "InternalServerError"],
  ["a reset", "reset", "ConnectionLost"],
  ["a cut answer", "cut", "ConnectionLost"],
])("does not repeat an Express run after %s", async (_, failure, code) => {
  const { client, requests } = await scripted(failure, sync);
  await expect(client.startSyncExecution({ flow: "f" })).rejects.toMatchObject({ code, maybeDone: true });
  expect(requests).toHaveLength(1);
});

it("repeats an Express run that was throttled", async () => {
  const { client } = await scripted(throttled, sync);
  expect(await client.startSyncExecution({ flow: "f" })).toMatchObject({ status: "Failed", error: "E", cause: "C" });
});

it.each([400, 403, 404, 409])("does not repeat what was refused with %s", async (status) => {
  const { client, requests } = await scripted(refusal(status, "Refused"));
  const error = { name: "StepwellApiError", code: "Refused", status, requestId: "r-1", message: "why Refused" };
  await expect(client.describeFlow("f")).rejects.toMatchObject({ ...error, maybeDone: false });
  expect(requests).toHaveLength(1);
});

it.each([
  [{ "retry-after": "7" }, 7_000],
  [{ "x-acs-retry-after": "1500" }, 1_500],
  [{ "retry-after": "Thu, 01 Jan 2026 00:00:04 GMT" }, 4_000],
  [{ "retry-after": "86400" }, 30_000],
  [{ "retry-after": "soon" }, 100],
])("waits as long as the server asks: %j", async (headers, ms) => {
  const server = await flakyServer([{ status: 429, headers, body: {} }, running]);
  servers.push(server);
  const time = instantTime([60_000]);
  const client = new StepwellClient({ endpoint: `http://127.0.0.1:${server.port}`, timeoutMs: 60_000 }, time);
  await client.describeExecution(id);
  client.close();
  expect(time.waits).toEqual([ms]);
});

it("says that nothing listens, keeps the cause, and repeats whatever the call is", async () => {
  const { port, close } = await flakyServer([]);
  await close();
  const time = instantTime();
  const client = new StepwellClient({ endpoint: `http://127.0.0.1:${port}` }, time);
  await expect(client.startSyncExecution({ flow: "f" })).rejects.toMatchObject({
    code: "ConnectionFailed",
    status: undefined,
    maybeDone: false,
    cause: { code: "ECONNREFUSED" },
  });
  expect(time.waits).toEqual([100, 200, 400]);
});

it("takes a new connection at once when the kept one was closed by the server", async () => {
  const server = await scripted(running, "reset", running);
  await server.client.describeExecution(id);
  await server.client.describeExecution(id);
  expect([server.requests.length, server.time.waits]).toEqual([3, []]);
});

it("keeps a connection between calls", async () => {
  const server = await scripted(running, running, running);
  for (let n = 0; n < 3; n++) await server.client.describeExecution(id);
  expect(server.sockets.size).toBe(1);
});

it("gives an attempt up after the time-out", async () => {
  const { client, time, asked } = await scripted("silence", running);
  const call = client.startSyncExecution({ flow: "f" });
  await asked;
  time.expire(30_000);
  await expect(call).rejects.toMatchObject({ code: "RequestTimedOut", maybeDone: true });
});

it("rejects with the reason of a signal that aborts, before and during a call", async () => {
  const { client, asked, requests } = await scripted("silence");
  const aborting = new AbortController();
  const call = client.describeFlow("f", { signal: aborting.signal });
  await asked;
  aborting.abort("enough");
  await expect(call).rejects.toBe("enough");
  await expect(client.describeFlow("f", { signal: AbortSignal.abort("never") })).rejects.toBe("never");
  expect(requests).toHaveLength(1);
});

it("ends calls under way when it closes", async () => {
  const { client, asked } = await scripted("silence");
  const call = client.waitForExecution(id);
  await asked;
  client[Symbol.dispose]();
  client.close();
  await expect(call).rejects.toMatchObject({ code: "ClientClosed" });
  await expect(client.describeFlow("f")).rejects.toMatchObject({ code: "ClientClosed" });
});

it("looks up what it started under a name of its own when the answer was lost and it has ended", async () => {
  const { client, params } = await scripted("reset", refusal(400, "ExecutionAlreadyExists"), {
    body: record("Failed"),
  });
  expect(await client.startExecution({ flow: "f" })).toMatchObject({ status: "Failed" });
  const [first, second, third] = params();
  expect(first?.ExecutionName).toMatch(/^run-/);
  expect([second, third].map((one) => one?.ExecutionName)).toEqual([first?.ExecutionName, first?.ExecutionName]);
});

it("tells of a name that was used perhaps by its own lost attempt, perhaps not", async () => {
  const exists = refusal(400, "ExecutionAlreadyExists");
  const { client } = await scripted("reset", exists, exists);
  await expect(client.startExecution(id)).rejects.toMatchObject({ code: "ExecutionAlreadyExists", maybeDone: true });
  await expect(client.startExecution(id)).rejects.toMatchObject({ code: "ExecutionAlreadyExists", maybeDone: false });
});

it("tells of a task that was reported perhaps by its own lost attempt", async () => {
  const { client } = await scripted("cut", refusal(400, "TaskAlreadyCompleted"));
  const report = client.reportTaskSucceeded("t", 1);
  await expect(report).rejects.toMatchObject({ code: "TaskAlreadyCompleted", maybeDone: true });
});

it("takes a stop, a creation and a deletion whose answer was lost for done when they are", async () => {
  const flow = {
    Id: "i",
    Name: "f",
    Definition: "d",
    CreatedTime: at,
    LastModifiedTime: at,
    ExecutionMode: "Standard",
  };
  const { client } = await scripted(
    ...["reset" as const, refusal(400, "ExecutionAlreadyCompleted"), { body: record("Stopped") }],
    ...["reset" as const, refusal(400, "ExecutionAlreadyCompleted"), { body: record("Failed") }],
    ...["reset" as const, refusal(409, "FlowAlreadyExists"), { body: flow }],
    ...["reset" as const, refusal(409, "FlowAlreadyExists"), { body: { ...flow, Definition: "other" } }],
    ...["reset" as const, refusal(404, "FlowNotExists")],
  );
  expect(await client.stopExecution(id)).toMatchObject({ status: "Stopped" });
  await expect(client.stopExecution(id)).rejects.toMatchObject({ code: "ExecutionAlreadyCompleted" });
  expect(await client.createFlow({ name: "f", definition: "d" })).toMatchObject({ name: "f", mode: "Standard" });
  const another = client.createFlow({ name: "f", definition: "d" });
  await expect(another).rejects.toMatchObject({ code: "FlowAlreadyExists" });
  await client.deleteFlow("f");
});

it("signs each attempt anew, as the server verifies", async () => {
  const { clientWith, requests, params } = await scripted(throttled, { body: { EventId: 3 } });
  const client = clientWith({ accessKeyId: "AK", accessKeySecret: "SK", securityToken: "st+/=" });
  expect(await client.reportTaskSucceeded("a+b/c== ü", { text: "é '()*! ~ 😀 &=%+" })).toBe(3);
  const nonces = new Set<string>();
  for (const [n, request] of requests.entries()) {
    const credentials = async () => ({ secret: "SK", securityToken: "st+/=" });
    const all = new Map(Object.entries(params()[n] ?? {}));
    const signed = await verifySignature(request, all, { credentials, now: Date.UTC(2026, 0, 1) });
    expect(signed.accessKeyId).toBe("AK");
    nonces.add(signed.nonce);
  }
  expect(nonces.size).toBe(2);
  expect(params()[0]).toMatchObject({ TaskToken: "a+b/c== ü", Output: '{"text":"é \'()*! ~ 😀 &=%+"}' });
});

it("does not sign without a key", async () => {
  const { client, params } = await scripted(running);
  await client.describeExecution(id);
  expect(Object.keys(params()[0] ?? {}).sort()).toEqual(["Action", "ExecutionName", "FlowName", "Format", "Version"]);
});

it.each<readonly [string, Reaction]>([
  ["a page", { body: "<p>hello</p>" }],
  ["nothing", { body: "" }],
  ["a list", { body: [] }],
  ["an answer without its fields", { body: { RequestId: "r" } }],
  ["a redirect", { status: 302, headers: { location: "/x" }, body: "" }],
])("says that %s is no answer of the API", async (_, reaction) => {
  const { client, requests } = await scripted(reaction);
  await expect(client.describeFlow("f")).rejects.toMatchObject({ code: "UnreadableAnswer" });
  expect(requests).toHaveLength(1);
});

it("polls until the end, sooner than its time-out, with a pause after a poll that came back early", async () => {
  const { client, params, time } = await scripted(running, unavailable, running, { body: record("Succeeded") });
  expect(await client.waitForExecution(id)).toMatchObject({ status: "Succeeded", stoppedAt: new Date(at) });
  expect(params().map((one) => one.WaitTimeSeconds)).toEqual(["20", "20", "20", "20"]);
  expect(time.waits).toEqual([500, 100, 500]);
});

it("stops waiting when the time is up", async () => {
  const { client, asked, time } = await scripted("silence");
  const call = client.waitForExecution(id, { timeoutMs: 5_000_000 });
  await asked;
  time.expire(5_000_000);
  await expect(call).rejects.toMatchObject({ code: "WaitTimedOut" });
});

it("refuses options and arguments that cannot be", async () => {
  const endpoint = "http://127.0.0.1:1";
  for (const options of [
    { endpoint: "127.0.0.1:1" },
    { endpoint: "ftp://h" },
    { endpoint: "http://h/path" },
    { endpoint, accessKeyId: "AK" },
    { endpoint, securityToken: "t" },
    { endpoint, timeoutMs: 0 },
    { endpoint, retries: 0.5 },
  ])
    expect(() => stepwellClient(options)).toThrow(expect.objectContaining({ code: "InvalidArgument" }));
  const client = stepwellClient({ endpoint });
  const invalid = { code: "InvalidArgument" };
  await expect(client.reportTaskSucceeded("t", undefined)).rejects.toMatchObject(invalid);
  await expect(client.reportTaskSucceeded("t", 1n)).rejects.toMatchObject(invalid);
  await expect(client.describeFlow("\ud800")).rejects.toMatchObject(invalid);
});

it("keeps serving others when one connection ends", async () => {
  const server = await scripted(running, running);
  await server.client.describeExecution(id);
  const [socket] = server.sockets;
  if (socket === undefined) throw new Error("no connection");
  socket.destroy();
  await once(socket, "close");
  expect(await server.client.describeExecution(id)).toMatchObject({ status: "Running" });
});
