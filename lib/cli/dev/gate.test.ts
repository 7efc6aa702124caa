import { expect, test } from "vitest";
import { closedGate } from "./gate.ts";

test("lets through who waits when it is opened, and who comes later", async () => {
  const gate = closedGate();
  const waiting = [gate.passed(), gate.passed(60_000)];
  gate.open();
  expect(await Promise.all(waiting)).toEqual([true, true]);
  expect(await gate.passed(0)).toBe(true);
});

test("turns away who waits longer than allowed", async () => {
  expect(await closedGate().passed(1)).toBe(false);
});
