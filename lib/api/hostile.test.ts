/** Whatever comes in, an answer of the right form goes out, and nothing breaks inside. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Answer, apiWorld } from "./testing/world.ts";

const flows = {
  f1: "{version: v1, type: flow, steps: [{type: pass, name: p}]}",
  x1: "{version: v1, type: flow, steps: [{type: pass, name: p}]}",
  slow: "{version: v1, type: flow, steps: [{type: wait, name: w, duration: 5}]}",
};

const ACTIONS = [
  ..."StartExecution StartSyncExecution DescribeExecution StopExecution ListExecutions GetExecutionHistory".split(" "),
  ..."ReportTaskSucceeded ReportTaskFailed ReportTaskHeartbeat CreateSchedule".split(" "),
  ..."CreateFlow UpdateFlow DescribeFlow ListFlows DeleteFlow".split(" "),
];

const NAMES = [
  ..."FlowName ExecutionName Name Input Output Error Cause TaskToken Definition Description Type ExecutionMode".split(
    " ",
  ),
  ..."NextToken Limit Status ExecutionNamePrefix StartedTimeBegin StartedTimeEnd MetadataOnly WaitTimeSeconds".split(
    " ",
  ),
  ..."CallbackFnFTaskToken Qualifier RequestId Action Version __proto__ constructor".split(" "),
];

const VALUES = [
  ..."f1 x1 slow e1 FDL Express Running Starting True 1 60 0 -1 9007199254740993 1e3 null {} [] {} v1.a.b".split(" "),
  ...['{"__proto__":1}', "[".repeat(2_000), `{"a":${"[".repeat(1_500)}${"]".repeat(1_500)}}`, "x".repeat(5_000)],
  ...["", " ", "\u0000", "é", "😀".repeat(200), "2026-01-01T00:00:00Z", "a/b", "../..", "$.x", "'; --"],
  ...Object.values(flows),
];

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
);

const pairs = fc
  .tuple(
    fc.constantFrom(...ACTIONS),
    fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), value), { selector: ([name]) => name, maxLength: 8 }),
  )
  .map(([action, given]) => new Map([["Action", action], ["Version", "2019-03-15"], ...given]));

function expectForm({ status, body }: Answer): void {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  expect(body.RequestId).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  expect("Code" in body).toBe(status !== 200);
  if (status !== 200) expect(Object.keys(body)).toEqual(["RequestId", "Code", "Message"]);
}

it("answers any parameters of any action", async () => {
  const world = await apiWorld({ flows, express: ["x1"] });
  await fc.assert(
    fc.asyncProperty(pairs, async (params) => {
      const target = `/?${[...params].map((pair) => pair.map(encodeURIComponent).join("=")).join("&")}`;
      expectForm(await world.send({ target }));
    }),
    { numRuns: 2_000 },
  );
  expect(world.faults).toEqual([]);
});

it("answers any request at all", async () => {
  const world = await apiWorld({ flows });
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string());
  const headers = fc.dictionary(
    fc.oneof(
      fc.constantFrom("host", "origin", "content-type", "x-acs-action", "x-acs-version", "sec-fetch-site"),
      text,
    ),
    text,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "POST", "PUT", ""),
      text,
      headers,
      text,
      async (method, tail, some, body) => {
        for (const target of [tail, `/?${tail}`, `http://h/?Action=ListFlows&Version=2019-03-15&${tail}`]) {
          expectForm(await world.send({ method, target, headers: some, body }));
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(world.faults).toEqual([]);
});
