import { describe, expect, it } from "vitest";
import type { JsonObject } from "../fdl/json.ts";
import { stopExecution } from "../runtime/index.ts";
import { MAX_PAGE_TEXT } from "./answer.ts";
import { type ApiWorldOptions, apiWorld, BEGINNING } from "./testing/world.ts";

const flow = (...steps: readonly string[]) =>
  ["version: v1", "type: flow", "steps:", ...steps.map((step) => `  - ${step}`)].join("\n");
const task = (name: string, more = "") =>
  `{type: task, name: ${name}, resourceArn: "acs:fc:::services/s/functions/${name}"${more}}`;

const flows = {
  quick: flow(task("a")),
  slow: flow("{type: wait, name: w, duration: 30}"),
  year: flow("{type: wait, name: w, duration: 31536000}"),
  broken: flow("{type: fail, name: no, error: Broken, cause: on purpose}"),
  fast: flow(task("a")),
  fastFails: flow("{type: fail, name: no, error: Broken, cause: on purpose}"),
  callback: flow(
    `{type: task, name: c, resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}], serviceParams: {MessageBody: $}}`,
  ),
};

const world = (options: ApiWorldOptions = {}) =>
  apiWorld({ flows, express: ["fast", "fastFails"], functions: { "s/a": () => ({ a: 1 }) }, ...options });

const iso = (ms: number) => new Date(BEGINNING + ms).toISOString();

describe("StartExecution", () => {
  it("answers with the execution as it begins", async () => {
    const { call } = await world();
    const { status, body } = await call("StartExecution", {
      FlowName: "slow",
      ExecutionName: "e1",
      Input: '{ "k": 1 }',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      RequestId: expect.any(String),
      FlowName: "slow",
      Name: "e1",
      FlowDefinition: flows.slow,
      Input: '{"k":1}',
      Output: "",
      Status: "Running",
      StartedTime: "2026-01-01T00:00:00.000Z",
      StoppedTime: "",
    });
  });

  it("waits for the end when it is asked to: as long as it is allowed", async () => {
    const { call, clock } = await world();
    const start = (FlowName: string, WaitTimeSeconds: number) =>
      clock.runUntil(call("StartExecution", { FlowName, ExecutionName: `e${WaitTimeSeconds}`, WaitTimeSeconds }));
    expect((await start("quick", 60)).body).toMatchObject({
      Status: "Succeeded",
      Output: expect.stringContaining("{"),
    });
    expect((await start("slow", 5)).body).toMatchObject({ Status: "Running", Output: "" });
    expect((await start("slow", 61)).status).toBe(400);
  });

  it("invents a name when there is none", async () => {
    const { call } = await world();
    const first = await call("StartExecution", { FlowName: "slow" });
    const second = await call("StartExecution", { FlowName: "slow", ExecutionName: "" });
    expect(first.body.Name).not.toBe(second.body.Name);
    expect((await call("DescribeExecution", { FlowName: "slow", ExecutionName: first.body.Name })).status).toBe(200);
  });

  it("answers with the running execution of that name, and starts nothing", async () => {
    const { call, clock } = await world();
    await call("StartExecution", { FlowName: "slow", ExecutionName: "e1", Input: '{"first":true}' });
    await clock.pass(5_000);
    const again = await call("StartExecution", { FlowName: "slow", ExecutionName: "e1", Input: '{"first":false}' });
    expect(again.body).toMatchObject({ Input: '{"first":true}', StartedTime: iso(0), Status: "Running" });
    expect((await call("ListExecutions", { FlowName: "slow" })).body.Executions).toHaveLength(1);
  });

  it("refuses the name of an execution that has ended", async () => {
    const { call, now } = await world();
    await call("StartExecution", { FlowName: "quick", ExecutionName: "e1" });
    await now();
    const { status, body } = await call("StartExecution", { FlowName: "quick", ExecutionName: "e1" });
    expect([status, body.Code]).toEqual([400, "ExecutionAlreadyExists"]);
    expect(body.Message).toBe("Execution e1 for flow quick already exists.");
  });

  it("refuses an Express flow", async () => {
    const { call } = await world();
    const { status, body } = await call("StartExecution", { FlowName: "fast" });
    expect([status, body.Code]).toEqual([400, "ActionNotSupported"]);
  });

  it.each([
    [{}, 400, "MissingRequiredParams", "FlowName is missing."],
    [{ FlowName: "" }, 400, "InvalidArgument", "FlowName"],
    [{ FlowName: "none" }, 404, "FlowNotExists", "Flow  none does not exist."],
    [{ FlowName: "quick", ExecutionName: "a b" }, 400, "InvalidArgument", '"a b" is no execution name'],
    [{ FlowName: "quick", ExecutionName: "x".repeat(129) }, 400, "InvalidArgument", "no execution name"],
    [{ FlowName: "quick", ExecutionName: "x".repeat(5000) }, 400, "InvalidArgument", "ExecutionName has 5000"],
    [{ FlowName: "quick", Input: "[]" }, 400, "InvalidArgument", "Input"],
    [{ FlowName: "quick", Input: "{" }, 400, "InvalidArgument", "Input"],
    [{ FlowName: "quick", Qualifier: "prod" }, 400, "InvalidArgument", "Qualifier"],
    [{ FlowName: "quick", CallbackFnFTaskToken: "nonsense" }, 400, "InvalidArgument", "not a token of this system"],
  ])("refuses %j", async (params, status, code, message) => {
    const { call, faults } = await world();
    const answer = await call("StartExecution", params);
    expect([answer.status, answer.body.Code]).toEqual([status, code]);
    expect(answer.body.Message).toContain(message);
    expect((await call("ListExecutions", { FlowName: "quick" })).body.Executions).toEqual([]);
    expect(faults).toEqual([]);
  });

  it("keeps input of hostile names and lone surrogates as it is", async () => {
    const { call, now } = await world();
    const Input = '{"__proto__":{"x":1},"constructor":"c","lone":"\\ud800","emoji":"😀"}';
    expect((await call("StartExecution", { FlowName: "quick", ExecutionName: "e", Input })).body.Input).toBe(Input);
    await now();
    const { body } = await call("DescribeExecution", { FlowName: "quick", ExecutionName: "e" });
    expect(body).toMatchObject({ Input, Status: "Succeeded" });
  });

  it("reports its end to the caller's task token", async () => {
    const { call, destinations, now } = await world();
    await call("StartExecution", { FlowName: "callback", ExecutionName: "parent" });
    await now();
    const token = JSON.parse(destinations.sent[0]?.call.message.body ?? "").token;
    await call("StartExecution", { FlowName: "quick", ExecutionName: "child", CallbackFnFTaskToken: token });
    const { body } = await call("DescribeExecution", {
      FlowName: "callback",
      ExecutionName: "parent",
      WaitTimeSeconds: 60,
    });
    expect(body).toMatchObject({ Status: "Succeeded", Output: '{"a":1}' });
  });
});

describe("DescribeExecution", () => {
  it("shows the output and the end of one that succeeded", async () => {
    const { call, now } = await world();
    await call("StartExecution", { FlowName: "quick", ExecutionName: "e1" });
    await now();
    expect((await call("DescribeExecution", { FlowName: "quick", ExecutionName: "e1" })).body).toEqual({
      RequestId: expect.any(String),
      FlowName: "quick",
      Name: "e1",
      FlowDefinition: flows.quick,
      Input: "{}",
      Output: '{"a":1}',
      Status: "Succeeded",
      StartedTime: iso(0),
      StoppedTime: iso(0),
    });
  });

  it("shows the definition that it started with", async () => {
    const { call } = await world();
    await call("StartExecution", { FlowName: "slow", ExecutionName: "e1" });
    expect((await call("UpdateFlow", { Name: "slow", Definition: flows.quick })).status).toBe(200);
    const { body } = await call("DescribeExecution", { FlowName: "slow", ExecutionName: "e1" });
    expect(body.FlowDefinition).toBe(flows.slow);
  });

  it("never shows an output that one which was stopped had stored already", async () => {
    const { call, now, runtime } = await world({
      journal: (journal) => ({
        ...journal,
        // The stop comes between the output and the end.
        async putResult(ref, startId, output) {
          await journal.putResult(ref, startId, output);
          await stopExecution(runtime, { flow: "quick", name: ref.name });
        },
      }),
    });
    await call("StartExecution", { FlowName: "quick", ExecutionName: "e1" });
    await now();
    const { body } = await call("DescribeExecution", { FlowName: "quick", ExecutionName: "e1" });
    expect(body).toMatchObject({ Status: "Stopped", Output: "" });
    expect((await call("ListExecutions", { FlowName: "quick" })).body.Executions[0].Output).toBe("");
  });

  it("waits for the end and answers when it comes", async () => {
    const { call, clock } = await world();
    await call("StartExecution", { FlowName: "slow", ExecutionName: "e1" });
    const { body } = await call("DescribeExecution", { FlowName: "slow", ExecutionName: "e1", WaitTimeSeconds: 60 });
    expect(body).toMatchObject({ Status: "Succeeded", StoppedTime: iso(30_000) });
    expect(clock.now()).toBe(BEGINNING + 30_000);
  });

  it("answers with what there is when the time is up", async () => {
    const { call, clock } = await world();
    await call("StartExecution", { FlowName: "slow", ExecutionName: "e1" });
    const { status, body } = await call("DescribeExecution", {
      FlowName: "slow",
      ExecutionName: "e1",
      WaitTimeSeconds: 20,
    });
    expect([status, body.Status, body.StoppedTime]).toEqual([200, "Running", ""]);
    expect(clock.now()).toBe(BEGINNING + 20_000);
  });

  it("does not wait when the execution has ended, or no time is given", async () => {
    const { call, clock, now } = await world();
    await call("StartExecution", { FlowName: "quick", ExecutionName: "e1" });
    await call("StartExecution", { FlowName: "slow", ExecutionName: "e1" });
    await now();
    await call("DescribeExecution", { FlowName: "quick", ExecutionName: "e1", WaitTimeSeconds: 60 });
    await call("DescribeExecution", { FlowName: "slow", ExecutionName: "e1", WaitTimeSeconds: 0 });
    await call("DescribeExecution", { FlowName: "slow", ExecutionName: "e1" });
    expect(clock.now()).toBe(BEGINNING);
  });

  it("stops waiting when its caller goes away", async () => {
    const { call, clock } = await world();
    await call("StartExecution", { FlowName: "slow", ExecutionName: "e1" });
    const caller = new AbortController();
    void clock.sleep(7_000).then(() => caller.abort("gone"));
    const { body } = await call(
      "DescribeExecution",
      { FlowName: "slow", ExecutionName: "e1", WaitTimeSeconds: 60 },
      caller.signal,
    );
    expect(body.Status).toBe("Running");
    expect(clock.now()).toBe(BEGINNING + 7_000);
  });

  it.each(["the end", "time", "the caller"])("leaves no timer behind when it was ended by %s", async (what) => {
    async function sleepers(waits: boolean): Promise<number> {
      const { call, clock, now } = await world();
      await call("StartExecution", { FlowName: "year", ExecutionName: "e1" });
      await now();
      const caller = new AbortController();
      const name = { FlowName: "year", ExecutionName: "e1" };
      void clock.sleep(5_000).then(async () => {
        if (what === "the end") await call("StopExecution", name);
        if (what === "the caller") caller.abort("gone");
      });
      const wait = { ...name, WaitTimeSeconds: what === "time" ? 10 : 60 };
      if (waits) await call("DescribeExecution", wait, caller.signal);
      else await clock.pass(what === "time" ? 10_000 : 5_000);
      await now();
      return clock.pending();
    }
    expect(await sleepers(true)).toBe(await sleepers(false));
  });

  it.each([
    [{ FlowName: "quick" }, 400, "MissingRequiredParams"],
    [{ FlowName: "none", ExecutionName: "e1" }, 404, "FlowNotExists"],
    [{ FlowName: "quick", ExecutionName: "none" }, 404, "ExecutionNotExists"],
    [{ FlowName: "quick", ExecutionName: "a/b" }, 400, "InvalidArgument"],
    [{ FlowName: "quick", ExecutionName: "none", WaitTimeSeconds: 61 }, 400, "InvalidArgument"],
    [{ FlowName: "quick", ExecutionName: "none", WaitTimeSeconds: -1 }, 400, "InvalidArgument"],
    [{ FlowName: "quick", ExecutionName: "none", WaitTimeSeconds: "2.5" }, 400, "InvalidArgument"],
  ])("refuses %j", async (params, status, code) => {
    const { call } = await world();
    const answer = await call("DescribeExecution", params);
    expect([answer.status, answer.body.Code]).toEqual([status, code]);
  });
});

describe("StopExecution", () => {
  it("ends a running execution and answers with it", async () => {
    const { call, clock } = await world();
    await call("StartExecution", { FlowName: "slow", ExecutionName: "e1" });
    await clock.pass(2_000);
    const params = { FlowName: "slow", ExecutionName: "e1", Error: "Cancelled", Cause: "by user" };
    const { status, body } = await call("StopExecution", params);
    expect(status).toBe(200);
    expect(body).toMatchObject({ Name: "e1", Status: "Stopped", StoppedTime: iso(2_000), Output: "" });
    expect(body).not.toHaveProperty("RoleArn");
    const { body: seen } = await call("DescribeExecution", { FlowName: "slow", ExecutionName: "e1" });
    expect(seen).toEqual({ ...body, RequestId: expect.any(String) });
    const { body: history } = await call("GetExecutionHistory", { FlowName: "slow", ExecutionName: "e1" });
    expect(history.Events.at(-1)).toMatchObject({
      Type: "ExecutionStopped",
      EventDetail: '{"error":"Cancelled","cause":"by user"}',
    });
  });

  it("wakes those who wait for the end", async () => {
    const { call, clock } = await world();
    await call("StartExecution", { FlowName: "year", ExecutionName: "e1" });
    void clock.sleep(3_000).then(() => call("StopExecution", { FlowName: "year", ExecutionName: "e1" }));
    const { body } = await call("DescribeExecution", { FlowName: "year", ExecutionName: "e1", WaitTimeSeconds: 60 });
    expect(body).toMatchObject({ Status: "Stopped", StoppedTime: iso(3_000) });
  });

  it("refuses one that has ended", async () => {
    const { call, now } = await world();
    await call("StartExecution", { FlowName: "quick", ExecutionName: "e1" });
    await now();
    const { status, body } = await call("StopExecution", { FlowName: "quick", ExecutionName: "e1" });
    expect([status, body.Code]).toEqual([400, "ExecutionAlreadyCompleted"]);
  });

  it.each([
    [{ ExecutionName: "none" }, 404, "ExecutionNotExists"],
    [{ FlowName: "none", ExecutionName: "none" }, 404, "FlowNotExists"],
    [{ ExecutionName: "none", Error: "x".repeat(129) }, 400, "InvalidArgument"],
    [{ ExecutionName: "none", Cause: "x".repeat(4_097) }, 400, "InvalidArgument"],
  ])("refuses %j", async (params, status, code) => {
    const { call } = await world();
    const answer = await call("StopExecution", { FlowName: "slow", ...params });
    expect([answer.status, answer.body.Code]).toEqual([status, code]);
  });
});

describe("StartSyncExecution", () => {
  it("answers with the end of the run", async () => {
    const { call } = await world();
    const { status, body } = await call("StartSyncExecution", {
      FlowName: "fast",
      ExecutionName: "order",
      Input: "{}",
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      RequestId: expect.any(String),
      FlowName: "fast",
      Name: expect.stringMatching(/^order:.+/),
      Status: "Succeeded",
      ErrorCode: "",
      ErrorMessage: "",
      Output: '{"a":1}',
      StartedTime: iso(0),
      StoppedTime: iso(0),
    });
  });

  it("answers a run that failed with 200: its status tells", async () => {
    const { call } = await world();
    const { status, body } = await call("StartSyncExecution", { FlowName: "fastFails" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ Status: "Failed", ErrorCode: "Broken", ErrorMessage: "on purpose", Output: "" });
    expect(body).not.toHaveProperty("Code");
  });

  it("leaves a run that can be looked at by the name it got", async () => {
    const { call } = await world();
    const { body } = await call("StartSyncExecution", { FlowName: "fast", Input: '{"i":1}' });
    const name = { FlowName: "fast", ExecutionName: body.Name };
    expect((await call("DescribeExecution", name)).body).toMatchObject({ Input: '{"i":1}', Output: '{"a":1}' });
    const { body: history } = await call("GetExecutionHistory", name);
    expect(history.Events.at(0).Type).toBe("ExecutionStarted");
    expect(history.Events.at(-1).Type).toBe("ExecutionSucceeded");
  });

  it.each([
    [{ FlowName: "quick" }, 400, "ActionNotSupported"],
    [{ FlowName: "none" }, 404, "FlowNotExists"],
    [{ FlowName: "fast", Input: "1" }, 400, "InvalidArgument"],
    [{ FlowName: "fast", ExecutionName: "a:b" }, 400, "InvalidArgument"],
  ])("refuses %j", async (params, status, code) => {
    const { call } = await world();
    const answer = await call("StartSyncExecution", params);
    expect([answer.status, answer.body.Code]).toEqual([status, code]);
  });
});

describe("ListExecutions", () => {
  async function five(options: ApiWorldOptions = {}) {
    const made = await world(options);
    for (const name of ["a-1", "a-2", "b-1", "b-2", "c"]) {
      await made.call("StartExecution", { FlowName: "slow", ExecutionName: name });
      await made.clock.pass(1_000);
    }
    await made.call("StopExecution", { FlowName: "slow", ExecutionName: "b-1" });
    const list = async (params: { readonly [name: string]: string | number } = {}) => {
      const { body } = await made.call("ListExecutions", { FlowName: "slow", ...params });
      return body.Executions.map(({ Name }: { readonly Name: string }) => Name);
    };
    return { ...made, list };
  }

  it("lists newest first, with all that DescribeExecution shows", async () => {
    const { call, list } = await five();
    expect(await list()).toEqual(["c", "b-2", "b-1", "a-2", "a-1"]);
    const { body } = await call("ListExecutions", { FlowName: "slow", Limit: 1 });
    const { RequestId: _, ...seen } = (await call("DescribeExecution", { FlowName: "slow", ExecutionName: "c" })).body;
    expect(body.Executions).toEqual([seen]);
  });

  it.each([
    [{ Status: "Running" }, ["c", "b-2", "a-2", "a-1"]],
    [{ Status: "Stopped" }, ["b-1"]],
    [{ Status: "Starting" }, []],
    [{ ExecutionNamePrefix: "a-" }, ["a-2", "a-1"]],
    [{ ExecutionNamePrefix: "b-", Status: "Running" }, ["b-2"]],
    [{ StartedTimeBegin: "2026-01-01T00:00:03Z" }, ["c", "b-2"]],
    [{ StartedTimeEnd: "2026-01-01T08:00:01+08:00" }, ["a-2", "a-1"]],
    [{ StartedTimeBegin: "2026-01-01T00:00:01Z", StartedTimeEnd: "2026-01-01T00:00:02Z" }, ["b-1", "a-2"]],
  ])("filters by %j", async (params, names) => {
    const { list } = await five();
    expect(await list(params)).toEqual(names);
  });

  it("pages until nothing is left, and gives no NextToken then", async () => {
    const { call } = await five();
    const pages: string[][] = [];
    let next: string | undefined;
    do {
      const more = next === undefined ? {} : { NextToken: next };
      const { body } = await call("ListExecutions", { FlowName: "slow", Limit: 2, ...more });
      pages.push(body.Executions.map(({ Name }: { readonly Name: string }) => Name));
      next = body.NextToken;
    } while (next !== undefined);
    expect(pages).toEqual([["c", "b-2"], ["b-1", "a-2"], ["a-1"]]);
  });

  it("goes on past the executions that it reads at a time", async () => {
    const { call } = await world();
    const names = Array.from({ length: 33 }, (_, i) => `e${i}`);
    for (const name of names) await call("StartExecution", { FlowName: "year", ExecutionName: name });
    const { body } = await call("ListExecutions", { FlowName: "year", Limit: 32 });
    expect(body.Executions.map(({ Name }: { readonly Name: string }) => Name)).toEqual(names.slice(1).reverse());
    const { body: rest } = await call("ListExecutions", { FlowName: "year", NextToken: body.NextToken });
    expect(rest.Executions).toHaveLength(1);
    expect(rest).not.toHaveProperty("NextToken");
  });

  it("leaves the data out when only the rest is asked for", async () => {
    const { call } = await five();
    const { body } = await call("ListExecutions", { FlowName: "slow", MetadataOnly: "True", Limit: 1 });
    expect(body.Executions[0]).toMatchObject({
      Name: "c",
      Status: "Running",
      Input: "",
      Output: "",
      FlowDefinition: "",
    });
    expect(body.NextToken).toEqual(expect.any(String));
  });

  it("ends a page early when its data is large", async () => {
    const large: JsonObject = { text: "x".repeat(MAX_PAGE_TEXT / 4) };
    const { call } = await world();
    const Input = JSON.stringify(large);
    for (let i = 0; i < 12; i++) await call("StartExecution", { FlowName: "year", ExecutionName: `e${i}`, Input });
    const { body } = await call("ListExecutions", { FlowName: "year" });
    expect(body.Executions).toHaveLength(10);
    const { body: rest } = await call("ListExecutions", { FlowName: "year", NextToken: body.NextToken });
    expect(rest.Executions.map(({ Name }: { readonly Name: string }) => Name)).toEqual(["e1", "e0"]);
  });

  it.each([
    [{ FlowName: "none" }, 404, "FlowNotExists"],
    [{ FlowName: "slow", Limit: 0 }, 400, "InvalidArgument"],
    [{ FlowName: "slow", Limit: 101 }, 400, "InvalidArgument"],
    [{ FlowName: "slow", Status: "running" }, 400, "InvalidArgument"],
    [{ FlowName: "slow", NextToken: "ab+/=" }, 400, "InvalidArgument"],
    [{ FlowName: "slow", NextToken: "x".repeat(5_000) }, 400, "InvalidArgument"],
    [{ FlowName: "slow", StartedTimeBegin: "yesterday" }, 400, "InvalidArgument"],
    [{ FlowName: "slow", ExecutionNamePrefix: "a b" }, 400, "InvalidArgument"],
    [{ FlowName: "slow", MetadataOnly: "maybe" }, 400, "InvalidArgument"],
    [{ FlowName: "slow", MapRunName: "m" }, 400, "InvalidArgument"],
  ])("refuses %j", async (params, status, code) => {
    const { call } = await five();
    const answer = await call("ListExecutions", params);
    expect([answer.status, answer.body.Code]).toEqual([status, code]);
  });
});
