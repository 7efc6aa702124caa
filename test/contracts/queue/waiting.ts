/** The queue's contract for who waits in `receive`: woken by whatever makes a message visible, and by an abort. */
import { describe, expect, test } from "vitest";
import type { QueueUnderTest } from "../queue.ts";
import { bodiesNow, receiveOne } from "../received.ts";

export function waitingContract(made: () => QueueUnderTest): void {
  const queue = () => made().queue;
  const clock = () => made().clock;
  const visibilitySeconds = () => made().visibilitySeconds;

  describe("waiting", () => {
    test("receive waits until a message is sent", async () => {
      const received = queue().receive(10, new AbortController().signal);
      await queue().send("a");
      expect((await clock().runUntil(received)).map((delivery) => delivery.body)).toEqual(["a"]);
    });

    test("receive waits until a delay is over", async () => {
      const start = clock().now();
      const received = queue().receive(10, new AbortController().signal);
      await queue().send("a", { delaySeconds: 5 });
      expect((await clock().runUntil(received)).map((delivery) => delivery.body)).toEqual(["a"]);
      expect(clock().now()).toBe(start + 5000);
    });

    test("receive waits for the earliest of many delays, also when that is sent last", async () => {
      const start = clock().now();
      await queue().send("late", { delaySeconds: 90 });
      const received = queue().receive(10, new AbortController().signal);
      await queue().send("later", { delaySeconds: 40 });
      await queue().send("soon", { delaySeconds: 5 });
      expect((await clock().runUntil(received)).map((delivery) => delivery.body)).toEqual(["soon"]);
      expect(clock().now()).toBe(start + 5000);
    });

    test("receive waits until a message comes back", async () => {
      const start = clock().now();
      await queue().send("a");
      await receiveOne(queue());
      const received = queue().receive(10, new AbortController().signal);
      expect((await clock().runUntil(received)).map((delivery) => delivery.body)).toEqual(["a"]);
      expect(clock().now()).toBe(start + visibilitySeconds() * 1000);
    });

    test("receive hears of a message that is given back, or hidden for less long, while it waits", async () => {
      const start = clock().now();
      for (const body of ["a", "b"]) await queue().send(body);
      const deliveries = [await receiveOne(queue()), await receiveOne(queue())];
      const { signal } = new AbortController();
      const received = queue().receive(1, signal);
      await deliveries[0]?.release(0);
      expect(await clock().runUntil(received)).toMatchObject([{ body: deliveries[0]?.body }]);
      expect(clock().now()).toBe(start);
      const next = queue().receive(1, signal);
      await deliveries[1]?.extend(5);
      expect(await clock().runUntil(next)).toMatchObject([{ body: deliveries[1]?.body }]);
      expect(clock().now()).toBe(start + 5000);
    });

    test("an abort ends the wait with nothing, and the next message goes to the next who receives", async () => {
      const stop = new AbortController();
      const received = queue().receive(10, stop.signal);
      stop.abort();
      expect(await received).toEqual([]);
      await queue().send("a");
      expect(await bodiesNow(queue())).toEqual(["a"]);
    });

    test("who is aborted already receives nothing", async () => {
      await queue().send("a");
      expect(await queue().receive(10, AbortSignal.abort())).toEqual([]);
      expect(await bodiesNow(queue())).toEqual(["a"]);
    });

    test("of several who wait each message goes to one", async () => {
      const stop = new AbortController();
      const received = ["x", "y", "z"].map(() => queue().receive(1, stop.signal));
      await queue().send("a");
      await queue().send("b", { delaySeconds: 3 });
      await clock().pass(3000);
      stop.abort();
      const batches = await Promise.all(received);
      expect(batches.flatMap((batch) => batch.map((delivery) => delivery.body)).sort()).toEqual(["a", "b"]);
    });
  });
}
