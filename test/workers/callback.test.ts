/** Chapter 5 as its user has it: a task that waits, and somebody who finishes it from a command line. */
import { expect, test } from "vitest";
import { startWorker } from "./program.ts";
import { openStand } from "./stand.ts";

test("the worker reports to the token on its command line", async () => {
  await using stand = await openStand("callback");
  const token = await stand.startAndWaitForToken("one");
  await using worker = startWorker("callback", stand, { args: [token] });
  expect(await worker.ended).toBe(0);
  expect(worker.lines).toEqual([`task token ${token}`, "Report task succeeded finished"]);
  expect(await stand.end("one")).toMatchObject({ Status: "Succeeded", Output: '{"s":"ok"}' });

  await using again = startWorker("callback", stand, { args: [token] });
  expect(await again.ended).toBe(0);
  expect(again.lines.at(-1)).toBe("Task already completed");
});

test("the worker reads the token from the history of the execution", async () => {
  await using stand = await openStand("callback");
  const token = await stand.startAndWaitForToken("one");
  await using worker = startWorker("callback", stand, { args: ["flow", "one"] });
  expect(await worker.ended).toBe(0);
  expect(worker.lines[0]).toBe(`task token ${token}`);
  expect(await stand.end("one")).toMatchObject({ Status: "Succeeded", Output: '{"s":"ok"}' });
});

test("what cannot be reported is said in a line, without a stack", async () => {
  await using stand = await openStand("callback");
  await using unknown = startWorker("callback", stand, { args: ["flow", "nobody"] });
  expect(await unknown.ended).toBe(1);
  expect(unknown.lines).toEqual([expect.stringMatching(`^${stand.api}: ExecutionNotExists: `)]);
  await using nothing = startWorker("callback", stand);
  expect(await nothing.ended).toBe(2);
  expect(nothing.lines[0]).toMatch(/^usage: /);
});
