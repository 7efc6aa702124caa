import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clockContract } from "../../test/contracts/clock.ts";
import { systemClock } from "./system-clock.ts";

clockContract("system", async () => {
  vi.useFakeTimers();
  return {
    clock: systemClock(),
    elapse: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
    close: async () => void vi.useRealTimers(),
  };
});

test("tells the machine's time", () => {
  const before = Date.now();
  const now = systemClock().now();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

describe("a sleep on the system clock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("leaves no timer behind when it is aborted", async () => {
    const stop = new AbortController();
    const slept = systemClock().sleep(100_000, stop.signal);
    expect(vi.getTimerCount()).toBe(1);
    stop.abort();
    await slept;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("of an aborted signal sets none", async () => {
    await systemClock().sleep(100_000, AbortSignal.abort());
    expect(vi.getTimerCount()).toBe(0);
  });

  test("looks at the time of day: a machine that was suspended meanwhile wakes it within a minute", async () => {
    let woken = false;
    void systemClock()
      .sleep(3_600_000)
      .then(() => {
        woken = true;
      });
    vi.setSystemTime(Date.now() + 4_000_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(woken).toBe(true);
  });

  test("does not end before its time when the timer is early", async () => {
    let woken = false;
    void systemClock()
      .sleep(1000)
      .then(() => {
        woken = true;
      });
    vi.setSystemTime(Date.now() - 1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(woken).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toBe(true);
  });

  test("on a clock that was stopped never ends, and leaves no timer behind", async () => {
    const clock = systemClock();
    const woken: string[] = [];
    const stop = new AbortController();
    void clock.sleep(1000).then(() => woken.push("before"));
    void clock.sleep(1000, stop.signal).then(() => woken.push("aborted"));
    clock.stop();
    void clock.sleep(1000).then(() => woken.push("after"));
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(woken).toEqual([]);
  });
});
