import { describe, expect, test } from "vitest";
import { bodiesNow } from "../../test/contracts/received.ts";
import { timersContract } from "../../test/contracts/timers.ts";
import { virtualClock } from "../sim/clock.ts";
import { countingIds } from "./ids.ts";
import { memoryQueue } from "./queue.ts";
import { memoryTimers } from "./timers.ts";

function makeTimers() {
  const clock = virtualClock(1_700_000_000_000);
  const queue = memoryQueue({ clock, ids: countingIds("delivery") });
  return { clock, queue, timers: memoryTimers({ clock, queue }) };
}

timersContract("memory", async () => {
  const made = makeTimers();
  return { ...made, close: async () => made.timers.close() };
});

describe("the timers in memory", () => {
  test("a name may be used again once its timer has fired", async () => {
    const { clock, queue, timers } = makeTimers();
    for (const body of ["first", "second"]) {
      await timers.schedule("timer", clock.now() + 1000, body);
      await clock.pass(1000);
      expect(await bodiesNow(queue)).toEqual([body]);
    }
  });

  test("one that is due already has been sent when `schedule` resolves", async () => {
    const clock = virtualClock(0);
    const sent: string[] = [];
    const slow = { send: (body: string) => clock.sleep(10).then(() => void sent.push(body)) };
    const scheduled = memoryTimers({ clock, queue: slow }).schedule("timer", clock.now(), "body");
    await clock.runUntil(scheduled.then(() => void sent.push("scheduled")));
    expect(sent).toEqual(["body", "scheduled"]);
  });

  test("those due at the same time fire in the order in which they were set", async () => {
    const { clock, queue, timers } = makeTimers();
    for (const name of ["c", "a", "b"]) await timers.schedule(name, clock.now() + 1000, name);
    await clock.pass(1000);
    expect(await bodiesNow(queue)).toEqual(["c", "a", "b"]);
  });

  test("tell how many are set and when the next fires, with one sleeper for all", async () => {
    const { clock, timers } = makeTimers();
    const start = clock.now();
    expect([timers.pending(), timers.nextDue()]).toEqual([0, undefined]);
    for (const ms of [3000, 1000, 2000]) await timers.schedule(`${ms}`, start + ms, "body");
    expect([timers.pending(), timers.nextDue(), clock.pending()]).toEqual([3, start + 1000, 1]);
    await clock.pass(1000);
    expect([timers.pending(), timers.nextDue()]).toEqual([2, start + 2000]);
  });

  test("closed, they fire no more and leave no sleeper behind", async () => {
    const { clock, queue, timers } = makeTimers();
    await timers.schedule("timer", clock.now() + 1000, "body");
    timers.close();
    expect([timers.pending(), clock.pending()]).toEqual([0, 0]);
    await clock.pass(1000);
    expect(queue.idle()).toBe(true);
    await timers.schedule("timer", clock.now() + 1000, "anew");
    await clock.pass(1000);
    expect(await bodiesNow(queue)).toEqual(["anew"]);
  });
});
