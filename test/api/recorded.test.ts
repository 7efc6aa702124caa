/** Requests as the service's own SDKs send them: each is sent again, byte for byte in what counts, to the API behind the HTTP server. */
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readParams } from "../../lib/api/params.ts";
import { type Answer, apiWorld } from "../../lib/api/testing/world.ts";
import { type HttpServer, serveHttp } from "../../lib/local/http-server.ts";
import { type Recorded, recorded } from "./recorded.ts";

const definition = "version: v1\ntype: flow\nsteps:\n  - type: pass\n    name: p\n";
const waits = "{version: v1, type: flow, steps: [{type: wait, name: w, duration: 30}]}";

const refused = (status: number, Code: string, about: string) => ({
  status,
  body: { Code, Message: expect.stringContaining(about), RequestId: expect.any(String) },
});

/** What each action's requests say, and are answered with where flow f1 runs execution e1. */
const EXPECTED: {
  readonly [action: string]: {
    readonly params: object;
    readonly answer: (params: ReadonlyMap<string, string>) => object;
  };
} = {
  StartExecution: {
    params: { FlowName: "f1", ExecutionName: "e1", Input: '{"k":"v é 中文 ~*\'()!+ &=%","n":[1]}' },
    answer: (params) => ({
      status: 200,
      body: { FlowName: "f1", Name: "e1", Status: "Running", Input: params.get("Input"), StoppedTime: "" },
    }),
  },
  DescribeExecution: {
    params: { FlowName: "f1", ExecutionName: "e1" },
    answer: () => ({ status: 200, body: { FlowName: "f1", Name: "e1", Status: "Running", FlowDefinition: waits } }),
  },
  GetExecutionHistory: {
    params: { FlowName: "f1", ExecutionName: "e1", Limit: "100", NextToken: "ab+/=" },
    answer: () => refused(400, "InvalidArgument", 'NextToken "ab+/="'),
  },
  CreateFlow: {
    params: { Type: "FDL" },
    answer: (params) =>
      params.get("Name") === "f1"
        ? { status: 200, body: { Name: "f1", Definition: definition, Type: "FDL", ExecutionMode: "Standard" } }
        : refused(400, "InvalidArgument", "definition"),
  },
  ReportTaskSucceeded: {
    params: { TaskToken: "tok+/=~ *", Output: '{"key": "value"}' },
    answer: () => refused(400, "InvalidArgument", "TaskToken"),
  },
  ReportTaskFailed: {
    params: { TaskToken: "tok+/=~ *", Error: "MyError", Cause: "because of *" },
    answer: () => refused(400, "InvalidArgument", "TaskToken"),
  },
  DeleteFlow: { params: { Name: "f1" }, answer: () => ({ status: 200, body: { RequestId: expect.any(String) } }) },
  StopExecution: {
    params: { FlowName: "f1", ExecutionName: "e1" },
    answer: () => ({ status: 200, body: { Name: "e1", Status: "Stopped" } }),
  },
  ListFlows: { params: {}, answer: () => ({ status: 200, body: { Flows: [{ Name: "f1" }] } }) },
  DescribeFlow: { params: { Name: "f1" }, answer: () => ({ status: 200, body: { Name: "f1", Definition: waits } }) },
  CreateSchedule: {
    params: { ScheduleName: "s1" },
    answer: () => refused(400, "ActionNotSupported", "CreateSchedule"),
  },
  UpdateSchedule: {
    params: { ScheduleName: "s1" },
    answer: () => refused(400, "ActionNotSupported", "UpdateSchedule"),
  },
  CreateFlowAlias: { params: { Name: "a1" }, answer: () => refused(400, "ActionNotSupported", "CreateFlowAlias") },
};

/** A fresh system as the request expects it. */
async function worldFor(action: string) {
  const world = await apiWorld({ flows: action === "CreateFlow" ? {} : { f1: waits } });
  if (!["CreateFlow", "StartExecution"].includes(action)) {
    await world.call("StartExecution", { FlowName: "f1", ExecutionName: "e1" });
  }
  return world;
}

let server: HttpServer;
let world: Awaited<ReturnType<typeof worldFor>>;

beforeAll(async () => {
  server = await serveHttp({
    host: "127.0.0.1",
    port: 0,
    handle: (request, signal) => world.clock.runUntil(world.handle(request, signal)),
  });
});

afterAll(() => server.close());

function send({ method, url, rawHeaders, body }: Recorded): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port: server.port, method, path: url, headers: [...rawHeaders] }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    request.on("error", reject).end(Buffer.from(body, "latin1"));
  });
}

it("has requests of all the clients", () => {
  expect(recorded).toHaveLength(132);
  expect(new Set(recorded.map(({ action }) => action))).toEqual(new Set(Object.keys(EXPECTED)));
  expect(recorded.some(({ method, url }) => method === "POST" && url === "/")).toBe(true);
});

describe.each(recorded)("request $n, $action of $tag", (sent) => {
  const { action, method, url, headers, body } = sent;
  const expected = EXPECTED[action];

  it("says what its client was told", () => {
    const params = readParams({ method, target: url, headers, body });
    expect(Object.fromEntries(params)).toMatchObject(expected?.params ?? {});
  });

  it("says the same through a proxy", () => {
    const target = `http://cn-hangzhou.fnf.aliyuncs.com${url}`;
    expect(readParams({ method, target, headers, body })).toEqual(readParams({ method, target: url, headers, body }));
  });

  it("is answered as its client understands it", async () => {
    world = await worldFor(action);
    const params = readParams({ method, target: url, headers, body });
    const answer = await send(sent);
    expect(answer).toMatchObject(expected?.answer(params) ?? {});
    expect("Code" in answer.body).toBe(answer.status >= 400);
    const id = params.get("RequestId");
    if (id !== undefined) expect(answer.body.RequestId).toBe(id);
    expect(world.faults).toEqual([]);
  });
});
