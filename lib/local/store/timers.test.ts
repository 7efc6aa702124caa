import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bodiesNow } from "../../../test/contracts/received.ts";
import { timersContract } from "../../../test/contracts/timers.ts";
import { countingIds } from "../../memory/ids.ts";
import { type VirtualClock, virtualClock } from "../../sim/clock.ts";
import { type LmdbQueue, lmdbQueue } from "./queue.ts";
import { openStore, type Store } from "./store.ts";
import { clockOverDisk } from "./testing/disk-clock.ts";
import { type FreshDirectory, freshDirectory } from "./testing/fresh-directory.ts";
import { type LmdbTimers, lmdbTimers } from "./timers.ts";

timersContract("LMDB", async () => {
  const directory = freshDirectory();
  const store = await openStore(directory.path);
  const clock = virtualClock(1_700_000_000_000);
  const queue = lmdbQueue(store, { clock, ids: countingIds("delivery") });
  const timers = lmdbTimers(store, { clock, queue });
  return {
    timers,
    queue,
    clock: clockOverDisk(clock, store),
    async close() {
      timers.close();
      await store.close();
      directory.remove();
    },
  };
});

describe("the timers on disk", () => {
  const YEAR_MS = 365 * 24 * 3600 * 1000;
  let directory: FreshDirectory;
  let store: Store;
  let clock: VirtualClock;
  let queue: LmdbQueue;
  let timers: LmdbTimers;
  const time = virtualClock(1_700_000_000_000);

  async function start(): Promise<void> {
    store = await openStore(directory.path);
    clock = clockOverDisk(time, store);
    queue = lmdbQueue(store, { clock: time, ids: countingIds("delivery") });
    timers = lmdbTimers(store, { clock: time, queue });
    await store.durable();
  }

  async function stop(): Promise<void> {
    timers.close();
    await store.close();
  }

  beforeEach(async () => {
    directory = freshDirectory();
    await start();
  });
  afterEach(async () => {
    await stop();
    directory.remove();
  });

  test("fire at their time after a restart, once, a year away too", async () => {
    await timers.schedule("timer", time.now() + YEAR_MS, "body");
    await clock.pass(1000);
    await stop();
    await start();
    await clock.pass(YEAR_MS - 1001);
    expect(await bodiesNow(queue)).toEqual([]);
    await clock.pass(1);
    expect(await bodiesNow(queue)).toEqual(["body"]);
    await stop();
    await start();
    expect(timers.pending()).toBe(0);
    expect(queue.size()).toBe(1);
  });

  test("that were due while nothing ran fire at opening, the earliest first", async () => {
    for (const ms of [3000, 1000, 2000]) await timers.schedule(`timer ${ms}`, time.now() + ms, `${ms}`);
    await stop();
    await time.pass(10_000);
    await start();
    expect(await bodiesNow(queue)).toEqual(["1000", "2000", "3000"]);
  });

  test("are the same timer under the same name after a restart too", async () => {
    await timers.schedule("timer", time.now() + 1000, "first");
    await stop();
    await start();
    await timers.schedule("timer", time.now() + 500, "second");
    await clock.pass(1000);
    expect(await bodiesNow(queue)).toEqual(["first"]);
  });

  test("give their name free once they have fired", async () => {
    for (const body of ["first", "second"]) {
      await timers.schedule("timer", time.now() + 1000, body);
      await clock.pass(1000);
      expect(await bodiesNow(queue)).toEqual([body]);
    }
  });

  test("whose message the queue did not take stay, and fire after a restart", async () => {
    timers.close();
    const refusing = {
      async send() {
        throw new Error("disk full");
      },
    };
    const broken = lmdbTimers(store, { clock: time, queue: refusing });
    await broken.schedule("timer", time.now() + 1000, "body");
    await clock.pass(1000);
    broken.close();
    await stop();
    await start();
    expect(await bodiesNow(queue)).toEqual(["body"]);
  });

  test("closed leave no sleeper on the clock, and are there when opened again", async () => {
    await timers.schedule("timer", time.now() + 1000, "body");
    timers.close();
    expect(time.pending()).toBe(0);
    await stop();
    await start();
    expect(timers.pending()).toBe(1);
  });
});
