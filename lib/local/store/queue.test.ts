import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { queueContract } from "../../../test/contracts/queue.ts";
import { bodiesNow, receiveNow, receiveOne } from "../../../test/contracts/received.ts";
import { countingIds } from "../../memory/ids.ts";
import { virtualClock } from "../../sim/clock.ts";
import { type LmdbQueue, type LmdbQueueOptions, lmdbQueue } from "./queue.ts";
import { openStore, type Store } from "./store.ts";
import { type FreshDirectory, freshDirectory } from "./testing/fresh-directory.ts";

queueContract("LMDB", async () => {
  const directory = freshDirectory();
  const store = await openStore(directory.path);
  const clock = virtualClock(1_700_000_000_000);
  return {
    clock,
    queue: lmdbQueue(store, { clock, ids: countingIds("delivery"), visibilitySeconds: 60 }),
    visibilitySeconds: 60,
    async close() {
      await store.close();
      directory.remove();
    },
  };
});

describe("the queue on disk", () => {
  let directory: FreshDirectory;
  let store: Store;
  const clock = virtualClock(1_700_000_000_000);
  beforeEach(async () => {
    directory = freshDirectory();
    store = await openStore(directory.path);
  });
  afterEach(async () => {
    await store.close();
    directory.remove();
  });

  function openQueue(options: Partial<LmdbQueueOptions> = {}): LmdbQueue {
    return lmdbQueue(store, { clock, ids: countingIds("delivery"), visibilitySeconds: 60, ...options });
  }

  /** The same directory in another process's eyes: nothing but what is on disk. */
  async function restart(options?: Partial<LmdbQueueOptions>): Promise<LmdbQueue> {
    await store.close();
    store = await openStore(directory.path);
    return openQueue(options);
  }

  test("has after a restart what was sent and not consumed, in the order in which it was sent", async () => {
    const queue = openQueue();
    const bodies = Array.from({ length: 30 }, (_, index) => `message ${index}`);
    for (const body of bodies) await queue.send(body);
    for (const delivery of await receiveNow(queue, 5)) await delivery.consume();
    expect(await bodiesNow(await restart())).toEqual(bodies.slice(5));
  });

  test("shows a message that was in hand at once after a restart, with its receives counted but the sender's own first", async () => {
    let queue = openQueue();
    await queue.send("a");
    for (const receiveCount of [1, 1, 2, 3]) {
      const delivery = await receiveOne(queue);
      expect([delivery.body, delivery.receiveCount]).toEqual(["a", receiveCount]);
      await delivery.extend(900);
      expect(await receiveNow(queue)).toEqual([]);
      queue = await restart();
    }
  });

  test("counts a message of an earlier process on disk before it hands it out: it may end this one too", async () => {
    await openQueue().send("a");
    const queue = await restart();
    await receiveOne(queue);
    expect([...store.tables.messageMarks.rows({})]).toMatchObject([{ value: { receiveCount: 1 } }]);
  });

  test("does not hand out what it could not count", async () => {
    await openQueue().send("a");
    await restart();
    const full: Store = { ...store, durable: () => Promise.reject(new Error("disk full")) };
    const queue = lmdbQueue(full, { clock, ids: countingIds("delivery") });
    await expect(queue.receive(10, new AbortController().signal)).rejects.toThrow("disk full");
  });

  test("keeps delays over a restart, those of messages that were given back too", async () => {
    const queue = openQueue();
    await queue.send("given back");
    await queue.send("late", { delaySeconds: 100 });
    await queue.send("soon", { delaySeconds: 10 });
    await (await receiveOne(queue)).release(50);
    await clock.pass(5000);
    const again = await restart({ visibilitySeconds: 900 });
    const seconds: (readonly string[])[] = [];
    for (const pass of [4999, 1, 40_000, 50_000]) {
      await clock.pass(pass);
      seconds.push(await bodiesNow(again));
    }
    expect(seconds).toEqual([[], ["soon"], ["given back"], ["late"]]);
  });

  test("shows what was due while nothing ran", async () => {
    await openQueue().send("a", { delaySeconds: 900 });
    await store.close();
    await clock.pass(3_600_000);
    store = await openStore(directory.path);
    expect(await bodiesNow(openQueue())).toEqual(["a"]);
  });

  test("does not hold a message back for longer than a delay may be, though the clock was set back", async () => {
    await openQueue().send("a", { delaySeconds: 900 });
    const early = virtualClock(clock.now() - 86_400_000);
    const queue = await restart({ clock: early });
    await early.pass(900_000);
    expect(await bodiesNow(queue)).toEqual(["a"]);
  });

  test("keeps messages that are handled alone alone", async () => {
    const queue = openQueue();
    for (const alone of [true, false, false]) await queue.send("a", { alone });
    const again = await restart();
    const batches = [await receiveNow(again), await receiveNow(again)];
    expect(batches.map((batch) => batch.length)).toEqual([1, 2]);
  });

  test("never gives a new message the number of one that is there", async () => {
    const queue = openQueue();
    for (const body of ["a", "b"]) await queue.send(body);
    await (await receiveOne(queue)).consume();
    const again = await restart();
    await again.send("c");
    expect(await bodiesNow(await restart())).toEqual(["b", "c"]);
  });

  test("an old delivery does nothing to its message", async () => {
    const queue = openQueue();
    await queue.send("a");
    const old = await receiveOne(queue);
    await clock.pass(60_000);
    await receiveOne(queue);
    await old.consume();
    await old.release(500);
    expect(await bodiesNow(await restart())).toEqual(["a"]);
  });

  test("a message that was received too often, over restarts too, goes to `onDead` instead and is gone", async () => {
    const dead: string[] = [];
    const options = { maxReceiveCount: 2, onDead: (body: string) => void dead.push(body) };
    const queue = openQueue(options);
    await queue.send("a");
    await receiveOne(queue);
    await receiveOne(await restart(options));
    const again = await restart(options);
    expect((await receiveOne(again)).receiveCount).toBe(2);
    expect(dead).toEqual([]);
    await clock.pass(60_000);
    expect(await receiveNow(again)).toEqual([]);
    expect(dead).toEqual(["a"]);
    expect((await restart()).size()).toBe(0);
  });

  test("what `onDead` sends is there before the dead message goes, and reaches who waits", async () => {
    const queue: LmdbQueue = openQueue({
      maxReceiveCount: 1,
      onDead: (body) => void queue.send(`${body} again`, { alone: true }),
    });
    await queue.send("a");
    await receiveOne(queue);
    await clock.pass(60_000);
    const received = queue.receive(10, new AbortController().signal);
    expect((await received).map((delivery) => delivery.body)).toEqual(["a again"]);
    expect(await bodiesNow(await restart())).toEqual(["a again"]);
  });

  test("keeps bodies of 50 MB, and leaves nothing of a consumed one", async () => {
    const body = "ö".repeat(25 * 1024 * 1024);
    await openQueue().send(body);
    const delivery = await receiveOne(await restart());
    expect(delivery.body === body).toBe(true);
    await delivery.consume();
    expect([...store.tables.messages.keys({}), ...store.tables.messageMarks.keys({})]).toEqual([]);
  });
});
