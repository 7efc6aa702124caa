import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clockContract } from "../../test/contracts/clock.ts";
import { turn, virtualClock } from "./clock.ts";

clockContract("virtual", async () => {
  const clock = virtualClock(1_700_000_000_000);
  return { clock, elapse: clock.pass, close: async () => {} };
});

describe("virtual time", () => {
  test("stands still until it is moved", async () => {
    const clock = virtualClock(500);
    void clock.sleep(10);
    await turn();
    expect(clock.now()).toBe(500);
  });

  test("advance jumps to the next sleeper and wakes that one alone, of several the one that lay down first", async () => {
    const clock = virtualClock(0);
    const woken: string[] = [];
    for (const [name, ms] of [
      ["b", 20],
      ["a", 10],
      ["c", 20],
    ] as const)
      void clock.sleep(ms).then(() => woken.push(name));
    const seen: [number, string][] = [];
    while (clock.advance()) {
      await turn();
      seen.push([clock.now(), woken.join("")]);
    }
    expect(seen).toEqual([
      [10, "a"],
      [20, "ab"],
      [20, "abc"],
    ]);
    expect(clock.advance()).toBe(false);
    expect(clock.now()).toBe(20);
  });

  test("wakes whatever sleepers there are in the order of their time, then of lying down", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 }), async (sleeps) => {
        const clock = virtualClock(0);
        const woken: number[] = [];
        for (const [index, ms] of sleeps.entries()) void clock.sleep(ms).then(() => woken.push(index));
        await clock.pass(9);
        const expected = sleeps
          .map((_, index) => index)
          .sort((one, other) => sleeps[one]! - sleeps[other]! || one - other);
        expect(woken).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test("pending counts who sleeps; an abort takes one away", () => {
    const clock = virtualClock(0);
    const stop = new AbortController();
    void clock.sleep(10);
    void clock.sleep(20, stop.signal);
    expect(clock.pending()).toBe(2);
    stop.abort();
    expect(clock.pending()).toBe(1);
  });

  test("a sleep for ever waits for its signal, and time does not jump there", async () => {
    const clock = virtualClock(0);
    const stop = new AbortController();
    const slept = clock.sleep(Number.POSITIVE_INFINITY, stop.signal);
    expect(clock.advance()).toBe(false);
    stop.abort();
    await slept;
    expect(clock.now()).toBe(0);
  });

  test("pass wakes sleepers that lie down on the way", async () => {
    const clock = virtualClock(0);
    const ticks: number[] = [];
    void (async () => {
      for (;;) {
        await clock.sleep(30);
        ticks.push(clock.now());
      }
    })();
    await clock.pass(100);
    expect(ticks).toEqual([30, 60, 90]);
    expect(clock.now()).toBe(100);
  });

  describe("runUntil", () => {
    test("moves the time until a promise settles, and returns what it does", async () => {
      const clock = virtualClock(0);
      const work = async () => {
        await clock.sleep(86_400_000);
        for (let step = 0; step < 50; step++) await Promise.resolve();
        await clock.sleep(1);
        return "done";
      };
      expect(await clock.runUntil(work())).toBe("done");
      expect(clock.now()).toBe(86_400_001);
    });

    test("does not move the time for a promise that settles by itself", async () => {
      const clock = virtualClock(0);
      void clock.sleep(10);
      const chain = async () => {
        for (let step = 0; step < 10_000; step++) await Promise.resolve();
      };
      await clock.runUntil(chain());
      expect(clock.now()).toBe(0);
    });

    test("throws what the promise throws", async () => {
      const clock = virtualClock(0);
      const failing = async () => {
        await clock.sleep(10);
        throw new Error("broken");
      };
      await expect(clock.runUntil(failing())).rejects.toThrow("broken");
    });

    test("moves the time until a predicate holds, and no further", async () => {
      const clock = virtualClock(0);
      let ticks = 0;
      void (async () => {
        for (;;) {
          await clock.sleep(10);
          ticks++;
        }
      })();
      await clock.runUntil(() => ticks === 3);
      expect(clock.now()).toBe(30);
      await clock.runUntil(() => true);
      expect(clock.now()).toBe(30);
    });

    test("rejects when nobody sleeps who could bring it about", async () => {
      const clock = virtualClock(0);
      await expect(clock.runUntil(new Promise(() => {}))).rejects.toThrow("nobody sleeps");
    });

    test("gives up after its limit of jumps, and says when that was", async () => {
      const clock = virtualClock(0);
      void (async () => {
        for (;;) await clock.sleep(1000);
      })();
      await expect(clock.runUntil(() => false, { limit: 5 })).rejects.toThrow(
        "after 5 jumps in time, at 1970-01-01T00:00:05.000Z",
      );
    });
  });
});
