/** A few kills and a short stop; the long form is `npm run chaos`. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { difference } from "./client.ts";
import { runKills } from "./kills.ts";
import { bundleServer, type ServerBundle } from "./server-bundle.ts";
import { runStop } from "./stop.ts";
import { workOf } from "./work.ts";

let bundle: ServerBundle;
beforeAll(async () => {
  bundle = await bundleServer();
});
afterAll(() => bundle.remove());

test("executions end right though the server is killed again and again", { timeout: 120_000 }, async () => {
  const ran = await runKills({ program: bundle.program, seed: 1, executions: 36, kills: 3 });
  expect(ran.violations).toEqual([]);
  expect(ran.executions).toBe(36);
  expect(ran.reports).toBe(8);
  expect(ran.starts.length).toBeGreaterThan(1);
});

test("executions end right, and no attempt runs twice, though the server is stopped for a while", {
  timeout: 120_000,
}, async () => {
  const ran = await runStop({ program: bundle.program, seed: 1, executions: 18, seconds: 2 });
  expect(ran.violations).toEqual([]);
  expect(ran.executions).toBe(18);
});

test("another output, another status, and an execution that is not there are told", () => {
  const work = workOf(0);
  const right = { Status: "Succeeded", Output: JSON.stringify(work.output) };
  expect(difference(work, right)).toBeUndefined();
  expect(difference(work, { ...right, Output: "{}" })).toContain("has the output {}");
  expect(difference(work, { ...right, Status: "Running" })).toContain("is Running and should be Succeeded");
  expect(difference(work, { Code: "ExecutionNotExists", Message: "gone" })).toContain("ExecutionNotExists");
});
