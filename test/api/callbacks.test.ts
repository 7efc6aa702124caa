/** Callbacks over HTTP to the embedded server, as docs/callbacks.md says: its commands are run. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createApi } from "../../lib/api/index.ts";
import { BROWSER, FORM } from "../../lib/api/testing/callback-world.ts";
import { targetOf } from "../../lib/api/testing/world.ts";
import { openEmbedded } from "../../lib/local/embedded.ts";
import { serveHttp } from "../../lib/local/http-server.ts";
import { recordingDestinations } from "../../lib/memory/destinations.ts";

const callback = `{version: v1, type: flow, steps: [{type: task, name: approve, resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}], serviceParams: {MessageBody: $}}]}`;

let directory: string;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stepwell-callbacks-"));
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await rm(directory, { recursive: true, force: true });
});

/** A server whose task waits. */
async function open() {
  const faults: unknown[] = [];
  const sent = Promise.withResolvers<string>();
  const recording = recordingDestinations();
  const embedded = await openEmbedded({
    directory,
    destinations: {
      send(call, context) {
        sent.resolve(call.message.body);
        return recording.send(call, context);
      },
    },
    log: () => {},
  });
  const onError = (error: unknown) => faults.push(error);
  const handle = createApi({ runtime: embedded.runtime, settled: embedded.durable, ended: embedded.ended, onError });
  const server = await serveHttp({ handle, host: "127.0.0.1", port: 0, onError });
  stops.push(() => server.close().then(() => embedded.close()));
  const call = async (action: string, params: { readonly [name: string]: string | number }) =>
    (await fetch(server.url + targetOf(action, params), { method: "POST" })).json();
  await call("CreateFlow", { Name: "order", Type: "FDL", Description: "", Definition: callback });
  await call("StartExecution", { FlowName: "order", ExecutionName: "first" });
  const { token }: { token: string } = JSON.parse(await sent.promise);
  return {
    api: server.url,
    token,
    faults,
    address: `${server.url}/callbacks/${token}`,
    describe: (WaitTimeSeconds = 0) =>
      call("DescribeExecution", { FlowName: "order", ExecutionName: "first", WaitTimeSeconds }),
  };
}

it("answers the commands of the guide as it shows", async () => {
  const guide = await readFile(new URL("../../docs/callbacks.md", import.meta.url), "utf8");
  const blocks = (language: string) =>
    [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text = ""]) => text);
  const { api, token, describe } = await open();
  const env = { ...process.env, API: api, TOKEN: token };
  const [commands, answers] = [blocks("sh"), blocks("json")];
  expect([commands.length, answers.length]).toEqual([2, 2]);
  for (const [at, command] of commands.entries()) {
    const { stdout } = await promisify(execFile)("bash", ["-c", command], { env });
    expect(JSON.parse(stdout)).toEqual({ ...JSON.parse(answers[at] ?? ""), RequestId: expect.any(String) });
  }
  expect(await describe(30)).toMatchObject({ Status: "Succeeded", Output: '{"approved":true}' });
});

it("is confirmed by the page's form, not by who only looks", async () => {
  const { address, describe, faults } = await open();
  const browser = { accept: BROWSER };
  for (const method of ["GET", "HEAD", "GET"]) {
    const page = await fetch(`${address}/success`, { method, headers: browser });
    const text = await page.text();
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(Number(page.headers.get("content-length"))).toBeGreaterThan(1_000);
    expect(text.includes("<form")).toBe(method === "GET");
  }
  expect(await describe()).toMatchObject({ Status: "Running" });

  const page = await (await fetch(address, { headers: browser })).text();
  const action = /action="([^"]*success)"/.exec(page)?.[1] ?? "";
  const post = () =>
    fetch(new URL(action, address), {
      method: "POST",
      headers: { ...browser, ...FORM, origin: "null" },
      body: "output=%7B%22by%22%3A%22Ann%22%7D",
    });
  const answers = [await post(), await post()];
  expect(answers.map(({ status }) => status)).toEqual([200, 400]);
  expect(await describe(30)).toMatchObject({ Status: "Succeeded", Output: '{"by":"Ann"}' });
  expect(await answers[0]?.text()).toContain("<h1>Accepted</h1>");
  expect(await answers[1]?.text()).toContain("<h1>Already completed</h1>");
  expect(faults).toEqual([]);
});

it("answers in JSON what its server refuses", async () => {
  const { address, describe } = await open();
  const large = await fetch(`${address}/success`, { method: "POST", body: `"${"x".repeat(1_048_575)}"` });
  const bytes = await fetch(`${address}/success`, { method: "POST", body: new Uint8Array([0x22, 0xff, 0x22]) });
  const method = await fetch(address, { method: "PUT" });
  const codes: unknown[] = [];
  for (const response of [large, bytes, method]) {
    const fields = JSON.parse(await response.text());
    expect(Object.keys(fields).sort()).toEqual(["Code", "Message", "RequestId"]);
    codes.push([response.status, fields.Code]);
  }
  expect(codes).toEqual([
    [400, "EntityTooLarge"],
    [400, "InvalidArgument"],
    [405, "ActionNotSupported"],
  ]);
  expect(await describe()).toMatchObject({ Status: "Running" });
});
