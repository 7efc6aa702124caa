/**
 * The contract of the timers port. All waiting is done on a virtual clock.
 *
 *     timersContract("memory", async () => {
 *       const clock = virtualClock(0);
 *       const queue = memoryQueue({ clock, ids });
 *       return { timers: memoryTimers({ clock, queue }), queue, clock, close: async () => {} };
 *     });
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Timers } from "../../lib/runtime/ports/timers.ts";
import type { VirtualClock } from "../../lib/sim/clock.ts";
import { hostileNames } from "./names.ts";
import { bodiesNow, type ReceivingQueue } from "./received.ts";

export interface TimersUnderTest {
  /** None is set. They tell the time by `clock` and send to `queue`. */
  readonly timers: Timers;
  readonly queue: ReceivingQueue;
  readonly clock: VirtualClock;
  close(): Promise<void>;
}

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** Registers the suite. `makeTimers` is called for each test. */
export function timersContract(name: string, makeTimers: () => Promise<TimersUnderTest>): void {
  describe(`timers contract: ${name}`, () => {
    let made: TimersUnderTest;
    beforeEach(async () => {
      made = await makeTimers();
    });
    afterEach(() => made.close());

    const schedule = (timer: string, inMs: number, body = timer) =>
      made.timers.schedule(timer, made.clock.now() + inMs, body);
    const fired = () => bodiesNow(made.queue);

    test.each([1, 1000, 3_600_000, YEAR_MS])("a timer %i ms away sends its body then and not before", async (ms) => {
      await schedule("timer", ms, "body");
      await made.clock.pass(ms - 1);
      expect(await fired()).toEqual([]);
      await made.clock.pass(1);
      expect(await fired()).toEqual(["body"]);
    });

    test("a timer fires once", async () => {
      await schedule("timer", 1000);
      await made.clock.pass(1000);
      const [delivery] = await made.queue.receive(10, new AbortController().signal);
      await delivery?.consume();
      await made.clock.pass(YEAR_MS);
      expect(await fired()).toEqual([]);
    });

    test.each([0, -1, -YEAR_MS])("a due time %i ms from now fires at once", async (ms) => {
      await schedule("timer", ms, "body");
      expect(await fired()).toEqual(["body"]);
    });

    test.each([
      ["earlier", 500],
      ["the same", 1000],
      ["later", 5000],
    ])("the same name again, due %s, is the same timer: nothing changes", async (_what, ms) => {
      await schedule("timer", 1000, "first");
      await schedule("timer", ms, "second");
      await made.clock.pass(999);
      expect(await fired()).toEqual([]);
      await made.clock.pass(1);
      expect(await fired()).toEqual(["first"]);
      await made.clock.pass(10);
      expect(await fired()).toEqual([]);
    });

    test("20 who schedule one timer at once schedule one", async () => {
      await Promise.all(Array.from({ length: 20 }, () => schedule("timer", 1000)));
      await made.clock.pass(1000);
      expect(await fired()).toEqual(["timer"]);
    });

    test("many timers fire each in its time, in whatever order they were set", async () => {
      const delays = [5000, 1000, 3000, 3000, 2000, 4000];
      for (const [index, ms] of delays.entries()) await schedule(`timer-${index}`, ms);
      const seconds: (readonly string[])[] = [];
      for (let second = 1; second <= 5; second++) {
        await made.clock.pass(1000);
        seconds.push((await fired()).toSorted());
      }
      expect(seconds).toEqual([["timer-1"], ["timer-4"], ["timer-2", "timer-3"], ["timer-5"], ["timer-0"]]);
    });

    test.each(hostileNames)("a name is a name, whatever it says: %s", async (timer) => {
      await schedule("other", 1000);
      await schedule(timer, 1000, "body");
      await made.clock.pass(1000);
      expect((await fired()).toSorted()).toEqual(["body", "other"]);
    });

    test("a body may have 1 MiB", async () => {
      const body = "ö".repeat(512 * 1024);
      await schedule("timer", 1000, body);
      await made.clock.pass(1000);
      const [received] = await fired();
      expect(received === body).toBe(true);
    });
  });
}
