/** The queue's contract for deliveries: how long they hide a message, and what an old one may still do (nothing). */
import { describe, expect, test } from "vitest";
import type { Delivery } from "../../../lib/runtime/ports/queue.ts";
import type { QueueUnderTest } from "../queue.ts";
import { bodiesNow, receiveNow, receiveOne } from "../received.ts";

export function visibilityContract(made: () => QueueUnderTest): void {
  const queue = () => made().queue;
  const visibilitySeconds = () => made().visibilitySeconds;
  const pass = (seconds: number) => made().clock.pass(seconds * 1000);

  describe("visibility", () => {
    test("a message that is not consumed comes back after the visibility time, again and again", async () => {
      await queue().send("a");
      for (const receiveCount of [1, 2, 3]) {
        expect((await receiveOne(queue())).receiveCount).toBe(receiveCount);
        await pass(visibilitySeconds() - 0.001);
        expect(await receiveNow(queue())).toEqual([]);
        await pass(0.001);
      }
    });

    test("a consumed message does not come back", async () => {
      await queue().send("a");
      await (await receiveOne(queue())).consume();
      await pass(visibilitySeconds() * 2);
      expect(await receiveNow(queue())).toEqual([]);
    });

    test("consuming one message of a batch leaves the others", async () => {
      for (const body of ["a", "b", "c"]) await queue().send(body);
      const deliveries: Delivery[] = [];
      for (let batch = await receiveNow(queue()); batch.length > 0; batch = await receiveNow(queue()))
        deliveries.push(...batch);
      await deliveries.find((delivery) => delivery.body === "b")?.consume();
      await pass(visibilitySeconds());
      expect((await bodiesNow(queue())).toSorted()).toEqual(["a", "c"]);
    });

    test("consuming twice is as consuming once", async () => {
      await queue().send("a");
      const delivery = await receiveOne(queue());
      await delivery.consume();
      await queue().send("b");
      await delivery.consume();
      expect(await bodiesNow(queue())).toEqual(["b"]);
    });

    test.each([
      ["longer", 3],
      ["shorter", 0.25],
    ])("extending hides it for that long from now on, also when that is %s than it was", async (_what, factor) => {
      const seconds = visibilitySeconds() * factor;
      await queue().send("a");
      const delivery = await receiveOne(queue());
      await pass(10);
      await delivery.extend(seconds);
      await pass(seconds - 0.001);
      expect(await receiveNow(queue())).toEqual([]);
      await pass(0.001);
      expect((await receiveOne(queue())).receiveCount).toBe(2);
    });

    test("extending again and again holds a message for as long as its task takes", async () => {
      await queue().send("a");
      const delivery = await receiveOne(queue());
      for (let extension = 0; extension < 20; extension++) {
        await pass(visibilitySeconds() / 2);
        await delivery.extend(visibilitySeconds());
      }
      expect(await receiveNow(queue())).toEqual([]);
      await delivery.consume();
      await pass(visibilitySeconds() * 2);
      expect(await receiveNow(queue())).toEqual([]);
    });

    test("a released message comes back at once, or after the delay that was asked for", async () => {
      await queue().send("a");
      await (await receiveOne(queue())).release(0);
      const second = await receiveOne(queue());
      expect(second.receiveCount).toBe(2);
      await second.release(7);
      await pass(6.999);
      expect(await receiveNow(queue())).toEqual([]);
      await pass(0.001);
      expect((await receiveOne(queue())).receiveCount).toBe(3);
    });
  });

  describe("an old delivery", () => {
    /** A delivery whose message came back, and the newer one. */
    async function redelivered(): Promise<{ old: Delivery; current: Delivery }> {
      await queue().send("a");
      const old = await receiveOne(queue());
      await pass(visibilitySeconds());
      return { old, current: await receiveOne(queue()) };
    }

    test("consumes nothing", async () => {
      const { old } = await redelivered();
      await old.consume();
      await pass(visibilitySeconds());
      expect(await bodiesNow(queue())).toEqual(["a"]);
    });

    test("neither hides nor releases the message", async () => {
      const { old } = await redelivered();
      await old.release(0);
      expect(await receiveNow(queue())).toEqual([]);
      await old.extend(visibilitySeconds() * 5);
      await pass(visibilitySeconds());
      expect(await bodiesNow(queue())).toEqual(["a"]);
    });

    test("leaves the newer one in force", async () => {
      const { old, current } = await redelivered();
      await old.consume();
      await current.consume();
      await pass(visibilitySeconds() * 2);
      expect(await receiveNow(queue())).toEqual([]);
    });

    test("that released its message has no more say in it", async () => {
      await queue().send("a");
      const delivery = await receiveOne(queue());
      await delivery.release(0);
      await delivery.consume();
      expect(await bodiesNow(queue())).toEqual(["a"]);
    });
  });
}
