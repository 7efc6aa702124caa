import { describe, expect, it } from "vitest";
import { StepwellError } from "../fdl/errors.ts";
import { type ApiWorldOptions, answerOf, apiWorld, targetOf } from "./testing/world.ts";

const pass = "{version: v1, type: flow, steps: [{type: pass, name: p}]}";

const world = (options: ApiWorldOptions = {}) => apiWorld({ flows: { f1: pass }, ...options });

describe("RequestId", () => {
  it("is made for each request, refused or not", async () => {
    const { call } = await world();
    const ids = [await call("ListFlows"), await call("ListFlows"), await call("Nothing")].map(
      ({ body }) => body.RequestId,
    );
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9._-]+$/);
  });

  it("is the caller's own when it gives one, in query or body, refused or not", async () => {
    const { call, send } = await world();
    expect((await call("ListFlows", { RequestId: "my-request-id" })).body.RequestId).toBe("my-request-id");
    expect((await call("Nothing", { RequestId: "my-request-id" })).body.RequestId).toBe("my-request-id");
    const body = targetOf("ListFlows", { RequestId: "in.the_body" }).slice(2);
    expect((await send({ method: "POST", body })).body.RequestId).toBe("in.the_body");
  });

  it.each(["a b", "a\r\nb", "<x>", "é", "x".repeat(129)])("is not taken over when it is %j", async (RequestId) => {
    const { call } = await world();
    const { status, body } = await call("ListFlows", { RequestId });
    expect([status, body.Code]).toEqual([400, "InvalidArgument"]);
    expect(body.RequestId).not.toBe(RequestId);
    expect(body.RequestId).toMatch(/^id/);
  });
});

describe("Action and Version", () => {
  it("may stand in headers", async () => {
    const { send } = await world();
    const headers = { "x-acs-action": "ListFlows", "x-acs-version": "2019-03-15" };
    expect((await send({ headers })).body.Flows).toHaveLength(1);
  });

  it("count as parameters where there are both", async () => {
    const { send } = await world();
    const headers = { "x-acs-action": "DeleteFlow", "x-acs-version": "1999-01-01" };
    expect((await send({ headers, target: targetOf("ListFlows") })).status).toBe(200);
  });

  it.each(["2019-03-14", ""])("refuses version %j", async (Version) => {
    const { call } = await world();
    const { status, body } = await call("ListFlows", { Version });
    expect([status, body.Code]).toEqual([400, "APIVersionNotSupported"]);
  });

  it("refuses a request without version or action, saying what to send", async () => {
    const { send } = await world();
    expect((await send({ target: "/?Action=ListFlows" })).body).toMatchObject({
      Code: "APIVersionNotSupported",
      Message: "Version is missing: send Version=2019-03-15.",
    });
    expect(await send({ target: "/?Version=2019-03-15" })).toMatchObject({
      status: 400,
      body: { Code: "MissingRequiredParams", Message: "Action is missing." },
    });
  });

  it.each(["Nothing", "listFlows", "__proto__", "constructor", "toString", ""])("refuses action %j", async (Action) => {
    const { call } = await world();
    const { status, body } = await call("ListFlows", { Action });
    expect([status, body.Code]).toEqual([400, "ActionNotSupported"]);
    expect(body.Message).toContain("StartExecution");
  });

  it.each(["CreateSchedule", "PublishFlowVersion", "CreateFlowAlias", "DescribeMapRun", "DescribeRegions"])(
    "says that %s is not there yet",
    async (name) => {
      const { call } = await world();
      expect((await call(name)).body).toMatchObject({
        Code: "ActionNotSupported",
        Message: `Action ${name} is not supported by this version of Stepwell.`,
      });
    },
  );
});

describe("parameters", () => {
  it("passes over those of signatures and those it does not know", async () => {
    const { call } = await world();
    const { status } = await call("DescribeFlow", {
      Name: "f1",
      AccessKeyId: "k",
      Signature: "s=",
      SignatureType: "",
      SecurityToken: "t",
      Format: "None",
      RegionId: "cn-hangzhou",
      Foo: "bar",
      ["__proto__"]: "x",
    });
    expect(status).toBe(200);
  });

  it("does not take a parameter of another case, or one of the prototype", async () => {
    const { call, send } = await world();
    expect((await call("DescribeFlow", { name: "f1" })).body.Code).toBe("MissingRequiredParams");
    expect((await send({ target: `${targetOf("DescribeFlow")}&__proto__=f1` })).body.Code).toBe(
      "MissingRequiredParams",
    );
  });
});

describe("answers", () => {
  it("are JSON, with Code only in refusals", async () => {
    const { handle } = await world();
    const request = { method: "GET", headers: {}, body: "" };
    const good = await handle({ ...request, target: targetOf("ListFlows") });
    expect(good.headers["content-type"]).toBe("application/json");
    expect(answerOf(good).body).not.toHaveProperty("Code");
    const bad = await handle({ ...request, target: targetOf("DescribeFlow", { Name: "none" }) });
    expect(bad.status).toBe(404);
    expect(bad.headers["content-type"]).toBe("application/json");
    expect(Object.keys(answerOf(bad).body)).toEqual(["RequestId", "Code", "Message"]);
    expect(answerOf(bad).body).toMatchObject({ Code: "FlowNotExists", Message: "Flow  none does not exist." });
  });

  it.each([
    ["done", targetOf("StartExecution", { FlowName: "f1", ExecutionName: "e1" })],
    ["refused for what is there", targetOf("DescribeFlow", { Name: "none" })],
    ["refused for what it is", "/?A=%zz"],
  ])("wait until what they tell is settled: a request that was %s", async (_what, target) => {
    const settled = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const { handle, clock } = await world({
      settled: () => {
        asked.resolve();
        return settled.promise;
      },
    });
    let answered = false;
    const answer = handle({ method: "GET", target, headers: {}, body: "" }).then(() => {
      answered = true;
    });
    await asked.promise;
    await clock.pass(0);
    expect(answered).toBe(false);
    settled.resolve();
    await answer;
    expect(answered).toBe(true);
  });

  it("tell nothing of what could not be settled", async () => {
    const lost = new StepwellError("StoreWriteFailed", "the disk of /secret/place is full");
    const { call, faults } = await world({ settled: () => Promise.reject(lost) });
    const { status, body } = await call("StartExecution", { FlowName: "f1", ExecutionName: "e1" });
    expect([status, body.Code]).toEqual([500, "InternalServerError"]);
    expect(JSON.stringify(body)).not.toMatch(/secret|e1|StoreWriteFailed/);
    expect(faults).toEqual([lost]);
  });

  it("tell nothing of a fault inside, which is reported instead", async () => {
    const fault = new TypeError("reading 'secret' of undefined");
    const { call, faults } = await world({
      journal: (journal) => ({ ...journal, listFlows: () => Promise.reject(fault) }),
    });
    const { status, body } = await call("ListFlows");
    expect([status, body.Code]).toEqual([500, "InternalServerError"]);
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(faults).toEqual([fault]);
  });
});

it("refuses what a foreign web page sends, before it does anything", async () => {
  const { send, call } = await world();
  const target = targetOf("DeleteFlow", { Name: "f1" });
  const { status, body } = await send({ method: "POST", target, headers: { origin: "https://evil.example" } });
  expect([status, body.Code]).toEqual([403, "AccessDenied"]);
  expect((await call("DescribeFlow", { Name: "f1" })).status).toBe(200);
});
