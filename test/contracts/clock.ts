/**
 * The contract of the clock port.
 *
 *     clockContract("virtual", async () => {
 *       const clock = virtualClock(0);
 *       return { clock, elapse: clock.pass, close: async () => {} };
 *     });
 */
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../lib/runtime/ports/clock.ts";

export interface ClockUnderTest {
  readonly clock: Clock;
  /** Lets that much of the clock's time pass. */
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Registers the suite. `makeClock` is called for each test. */
export function clockContract(name: string, makeClock: () => Promise<ClockUnderTest>): void {
  describe(`clock contract: ${name}`, () => {
    let made: ClockUnderTest;
    let woken: string[];
    beforeEach(async () => {
      made = await makeClock();
      woken = [];
    });
    afterEach(() => made.close());

    function sleep(sleeper: string, ms: number, signal?: AbortSignal): void {
      void made.clock.sleep(ms, signal).then(() => woken.push(sleeper));
    }

    test("tells milliseconds since the epoch, and they pass", async () => {
      const start = made.clock.now();
      await made.elapse(1500);
      expect(made.clock.now() - start).toBeGreaterThanOrEqual(1500);
      expect(made.clock.now() - start).toBeLessThan(1600);
    });

    // Past 2^31 ms (25 days) a bare timer would end at once.
    test.each([1, 20, 1000, 86_400_000, 2 ** 31 + 1000])("a sleep of %i ms ends then and not before", async (ms) => {
      sleep("sleeper", ms);
      await made.elapse(ms - 1);
      expect(woken).toEqual([]);
      await made.elapse(1);
      expect(woken).toEqual(["sleeper"]);
    });

    test.each([0, -1])("a sleep of %i ms ends at once", async (ms) => {
      await made.clock.sleep(ms);
      sleep("sleeper", ms, new AbortController().signal);
      await made.elapse(0);
      expect(woken).toEqual(["sleeper"]);
    });

    test("many sleep at the same time, each for its own", async () => {
      for (const ms of [300, 100, 200]) sleep(`${ms}`, ms);
      await made.elapse(100);
      expect(woken).toEqual(["100"]);
      await made.elapse(200);
      expect(woken).toEqual(["100", "200", "300"]);
    });

    test("an abort ends a sleep at once, and only its own", async () => {
      const stop = new AbortController();
      sleep("aborted", 1000, stop.signal);
      sleep("other", 1000, new AbortController().signal);
      await made.elapse(10);
      stop.abort();
      await made.elapse(0);
      expect(woken).toEqual(["aborted"]);
      await made.elapse(990);
      expect(woken).toEqual(["aborted", "other"]);
    });

    test("who is aborted already does not sleep", async () => {
      await made.clock.sleep(1000, AbortSignal.abort());
      sleep("sleeper", 1000, AbortSignal.abort());
      await made.elapse(0);
      expect(woken).toEqual(["sleeper"]);
    });

    test("an abort after the end of a sleep changes nothing", async () => {
      const stop = new AbortController();
      sleep("sleeper", 10, stop.signal);
      await made.elapse(10);
      stop.abort();
      sleep("next", 10);
      await made.elapse(10);
      expect(woken).toEqual(["sleeper", "next"]);
    });

    test("a sleep leaves no listener behind on its signal, however it ends", async () => {
      const { signal } = new AbortController();
      const listeners = () => getEventListeners(signal, "abort").length;
      sleep("slept", 10, signal);
      expect(listeners()).toBe(1);
      await made.elapse(10);
      expect(listeners()).toBe(0);
      for (let sleeper = 0; sleeper < 20; sleeper++) await made.clock.sleep(0, signal);
      expect(listeners()).toBe(0);
    });
  });
}
