import { describe, expect, it } from "vitest";
import { apiWorld, BEGINNING } from "./testing/world.ts";

const one = "{version: v1, type: flow, steps: [{type: pass, name: one}]}";
const two = "{version: v1, type: flow, steps: [{type: pass, name: two}]}";

const created = { Description: "", Type: "FDL" };

describe("CreateFlow", () => {
  it("answers with the flow", async () => {
    const { call } = await apiWorld();
    const { status, body } = await call("CreateFlow", { Name: "orders", Definition: one, ...created });
    expect(status).toBe(200);
    expect(body).toEqual({
      RequestId: expect.any(String),
      Id: expect.any(String),
      Name: "orders",
      Description: "",
      Definition: one,
      Type: "FDL",
      RoleArn: "",
      CreatedTime: "2026-01-01T00:00:00.000Z",
      LastModifiedTime: "2026-01-01T00:00:00.000Z",
      ExecutionMode: "Standard",
    });
    expect((await call("DescribeFlow", { Name: "orders" })).body).toEqual({ ...body, RequestId: expect.any(String) });
  });

  it.each([
    ["", "Standard"],
    ["Standard", "Standard"],
    ["Express", "Express"],
  ])("makes of the execution mode %j a flow that is %s", async (ExecutionMode, mode) => {
    const { call } = await apiWorld();
    await call("CreateFlow", { Name: "f", Definition: one, ...created, ExecutionMode });
    expect((await call("DescribeFlow", { Name: "f" })).body.ExecutionMode).toBe(mode);
  });

  it("refuses a name that is taken, and leaves that flow as it is", async () => {
    const { call } = await apiWorld();
    await call("CreateFlow", { Name: "f", Definition: one, ...created });
    const { status, body } = await call("CreateFlow", { Name: "f", Definition: two, ...created });
    expect([status, body.Code, body.Message]).toEqual([409, "FlowAlreadyExists", "Flow f already exists."]);
    expect((await call("DescribeFlow", { Name: "f" })).body.Definition).toBe(one);
  });

  it("lets one of two that come at once have the name", async () => {
    const { handle } = await apiWorld();
    const request = (definition: string) =>
      handle({
        method: "GET",
        target: `/?Version=2019-03-15&Action=CreateFlow&Name=f&Type=FDL&Description&Definition=${encodeURIComponent(definition)}`,
        headers: {},
        body: "",
      });
    const statuses = (await Promise.all([request(one), request(two)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
  });

  it("refuses a definition that is wrong, and says where", async () => {
    const { call } = await apiWorld();
    const Definition = "version: v1\ntype: flow\nsteps:\n  - type: pss\n    name: a\n";
    const { status, body } = await call("CreateFlow", { Name: "f", Definition, ...created });
    expect([status, body.Code]).toEqual([400, "InvalidArgument"]);
    expect(body.Message).toMatch(/:4:/);
    expect((await call("DescribeFlow", { Name: "f" })).status).toBe(404);
  });

  it.each([
    [{ Name: "f", Type: "FDL", Description: "" }, "MissingRequiredParams"],
    [{ Definition: one, Type: "FDL", Description: "" }, "MissingRequiredParams"],
    [{ Name: "f", Definition: one, Type: "FDL" }, "MissingRequiredParams"],
    [{ Name: "f", Definition: one, Description: "" }, "MissingRequiredParams"],
    [{ Name: "9", Definition: one, ...created }, "InvalidArgument"],
    [{ Name: "f", Definition: "", ...created }, "InvalidArgument"],
    [{ Name: "f", Definition: one, Description: "", Type: "JSON" }, "InvalidArgument"],
    [{ Name: "f", Definition: one, ...created, ExecutionMode: "express" }, "InvalidArgument"],
  ])("refuses %j", async (params, code) => {
    const { call } = await apiWorld();
    const { status, body } = await call("CreateFlow", params);
    expect([status, body.Code]).toEqual([400, code]);
    expect((await call("ListFlows")).body.Flows).toEqual([]);
  });
});

describe("UpdateFlow", () => {
  it("changes the definition for executions that start from now on", async () => {
    const { call, clock } = await apiWorld({ flows: { f: one } });
    const { body: before } = await call("DescribeFlow", { Name: "f" });
    await clock.pass(1_000);
    const { status, body } = await call("UpdateFlow", { Name: "f", Definition: two });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      Id: before.Id,
      Definition: two,
      CreatedTime: before.CreatedTime,
      LastModifiedTime: new Date(BEGINNING + 1_000).toISOString(),
    });
    const { body: execution } = await call("StartExecution", { FlowName: "f" });
    expect(execution.FlowDefinition).toBe(two);
  });

  it.each([{}, { Definition: one }, { Description: "second", Type: "FDL", RoleArn: "acs:ram::1:role/r" }])(
    "changes nothing with %j",
    async (params) => {
      const { call, clock } = await apiWorld({ flows: { f: one } });
      const { body: before } = await call("DescribeFlow", { Name: "f" });
      await clock.pass(1_000);
      const { status, body } = await call("UpdateFlow", { Name: "f", ...params });
      expect([status, body]).toEqual([200, { ...before, RequestId: expect.any(String) }]);
    },
  );

  it("keeps the execution mode", async () => {
    const { call } = await apiWorld({ flows: { f: one }, express: ["f"] });
    expect((await call("UpdateFlow", { Name: "f", Definition: two })).body.ExecutionMode).toBe("Express");
  });

  it("refuses to go over what somebody else changed at the same time", async () => {
    const { call } = await apiWorld({
      flows: { f: one },
      journal: (journal) => ({
        ...journal,
        async updateFlow(flow, definition) {
          await journal.updateFlow(flow, "{version: v1, type: flow, steps: [{type: pass, name: faster}]}");
          return journal.updateFlow(flow, definition);
        },
      }),
    });
    const { status, body } = await call("UpdateFlow", { Name: "f", Definition: two });
    expect([status, body.Code]).toEqual([409, "ConcurrentUpdateError"]);
    expect((await call("DescribeFlow", { Name: "f" })).body.Definition).toContain("faster");
  });

  it.each([
    [{}, 400, "MissingRequiredParams"],
    [{ Name: "none", Definition: two }, 404, "FlowNotExists"],
    [{ Name: "f", Definition: "x" }, 400, "InvalidArgument"],
    [{ Name: "f", Type: "JSON" }, 400, "InvalidArgument"],
  ])("refuses %j", async (params, status, code) => {
    const { call } = await apiWorld({ flows: { f: one } });
    const answer = await call("UpdateFlow", params);
    expect([answer.status, answer.body.Code]).toEqual([status, code]);
  });
});

describe("DescribeFlow", () => {
  it.each([
    [{}, 400, "MissingRequiredParams"],
    [{ Name: "none" }, 404, "FlowNotExists"],
    [{ Name: "f", FlowVersion: "3" }, 400, "InvalidArgument"],
  ])("refuses %j", async (params, status, code) => {
    const { call } = await apiWorld({ flows: { f: one } });
    const answer = await call("DescribeFlow", params);
    expect([answer.status, answer.body.Code]).toEqual([status, code]);
  });
});

describe("ListFlows", () => {
  const names = (body: { readonly Flows: readonly { readonly Name: string }[] }) => body.Flows.map(({ Name }) => Name);

  it("lists by name, with all that DescribeFlow shows", async () => {
    const { call } = await apiWorld({ flows: { b: one, a: two, C: one } });
    const { body } = await call("ListFlows");
    expect(names(body)).toEqual(["C", "a", "b"]);
    expect(body).not.toHaveProperty("NextToken");
    const { RequestId: _, ...a } = (await call("DescribeFlow", { Name: "a" })).body;
    expect(body.Flows[1]).toEqual(a);
  });

  it("pages, with the next name as NextToken; flows that come and go meanwhile disturb nothing", async () => {
    const { call } = await apiWorld({ flows: { a: one, c: one, e: one, g: one } });
    const { body: first } = await call("ListFlows", { Limit: 2 });
    expect([names(first), first.NextToken]).toEqual([["a", "c"], "e"]);
    await call("CreateFlow", { Name: "b", Definition: one, ...created });
    await call("CreateFlow", { Name: "f", Definition: one, ...created });
    await call("DeleteFlow", { Name: "e" });
    const { body: second } = await call("ListFlows", { Limit: 2, NextToken: first.NextToken });
    expect(names(second)).toEqual(["f", "g"]);
    expect(second).not.toHaveProperty("NextToken");
  });

  it("lists more flows than the journal gives at a time", async () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`f${i}`, one]));
    const { call } = await apiWorld({ flows: many });
    expect(names((await call("ListFlows", { Limit: 999 })).body)).toEqual(Object.keys(many).sort());
    expect((await call("ListFlows")).body.Flows).toHaveLength(60);
  });

  it.each([{ Limit: 0 }, { Limit: 1_001 }, { Limit: "all" }, { NextToken: "ab+/=" }])("refuses %j", async (params) => {
    const { call } = await apiWorld();
    const { status, body } = await call("ListFlows", params);
    expect([status, body.Code]).toEqual([400, "InvalidArgument"]);
  });
});

describe("DeleteFlow", () => {
  it("takes the flow away, and its executions out of sight", async () => {
    const { call, now } = await apiWorld({ flows: { f: one } });
    await call("StartExecution", { FlowName: "f", ExecutionName: "e1" });
    await now();
    const { status, body } = await call("DeleteFlow", { Name: "f" });
    expect([status, Object.keys(body)]).toEqual([200, ["RequestId"]]);
    expect((await call("DescribeFlow", { Name: "f" })).body.Code).toBe("FlowNotExists");
    expect((await call("DescribeExecution", { FlowName: "f", ExecutionName: "e1" })).body.Code).toBe("FlowNotExists");
    await call("CreateFlow", { Name: "f", Definition: one, ...created });
    expect((await call("DescribeExecution", { FlowName: "f", ExecutionName: "e1" })).body.Code).toBe(
      "ExecutionNotExists",
    );
  });

  it.each([
    [{}, 400, "MissingRequiredParams"],
    [{ Name: "none" }, 404, "FlowNotExists"],
  ])("refuses %j", async (params, status, code) => {
    const { call } = await apiWorld();
    const answer = await call("DeleteFlow", params);
    expect([answer.status, answer.body.Code]).toEqual([status, code]);
  });
});
