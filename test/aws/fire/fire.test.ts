/** The handlers under fire and under kills (Linux: workers are found in /proc). In its long form: `node test/aws/fire/main.ts`. */
import { expect, test } from "vitest";
import { NO_FAULTS } from "./fault-proxy.ts";
import { FIRE } from "./fire.ts";
import { CHAINS, MIXED } from "./fire-work.ts";
import { runFire, summaryOf } from "./run.ts";

test("500 executions of all kinds end right though messages come twice and out of order, answers are lost and services refuse; attempts run twice only where a lease was over", {
  timeout: 500_000,
}, async () => {
  const ran = await runFire({ seed: 1, executions: 500, flows: MIXED, rates: FIRE, kills: 0, within: 400 });
  console.log(summaryOf(ran));
  expect(ran.violations).toEqual([]);
  expect(ran.executions).toBe(500);
  for (const [fault, count] of Object.entries(ran.faults)) expect(count, fault).toBeGreaterThan(100);
  expect(ran.leases.attempts).toBeGreaterThan(1_000);
});

test("chains end right though their workers are killed again and again; attempts run twice only where a lease was over", {
  timeout: 300_000,
}, async () => {
  const ran = await runFire({ seed: 1, executions: 100, flows: CHAINS, rates: NO_FAULTS, kills: 10, within: 240 });
  console.log(summaryOf(ran));
  expect(ran.violations).toEqual([]);
  expect(ran.executions).toBe(100);
  expect(ran.killed).toBeGreaterThanOrEqual(10);
  expect(ran.leases.attempts).toBeGreaterThanOrEqual(600);
  // Some died between a call and its result.
  expect(ran.leases.reruns).toBeGreaterThan(0);
});
