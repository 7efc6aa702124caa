/** Express executions, as far as they are another language (fdl.md §1.4). */
import { expect, it } from "vitest";
import { memoryJournal } from "../../lib/memory/journal.ts";
import { memoryQueue } from "../../lib/memory/queue.ts";
import { memoryTimers } from "../../lib/memory/timers.ts";
import { startSyncExecution } from "../../lib/runtime/index.ts";
import { world } from "../../lib/runtime/testing/world.ts";
import { document } from "./definition.ts";

async function express(text: string) {
  const { runtime, clock } = await world({ flows: { f: document(text) }, express: ["f"] });
  const queue = memoryQueue({ clock, ids: runtime.ports.ids });
  const own = { journal: memoryJournal(), queue, timers: memoryTimers({ clock, queue }) };
  const { header, output } = await clock.runUntil(startSyncExecution(runtime, { flow: "f" }, own));
  const { status, error, startedAt, endedAt = 0 } = header;
  return { status, error, output, seconds: (endedAt - startedAt) / 1000 };
}

it("[EXEC-09] has five minutes", async () => {
  const waiting = (seconds: number) => `- {type: wait, name: w, duration: ${seconds}}`;
  expect(await express(waiting(299))).toMatchObject({ status: "Succeeded", seconds: 299, output: {} });
  expect(await express(waiting(301))).toMatchObject({ status: "TimedOut", error: "FnF.Timeout", seconds: 300 });
});

it("[EXEC-09] cannot wait for callbacks", async () => {
  const text = `- {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", pattern: waitForCallback}`;
  await expect(express(text)).rejects.toMatchObject({ code: "ActionNotSupported" });
});
