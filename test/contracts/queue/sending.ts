/** The queue's contract for what is sent and received: each message, whole, after its delay, to one receiver. */
import { describe, expect, test } from "vitest";
import { hostileNames } from "../names.ts";
import type { QueueUnderTest } from "../queue.ts";
import { bodiesNow, receiveNow, receiveOne } from "../received.ts";

export function sendingContract(made: () => QueueUnderTest): void {
  const queue = () => made().queue;
  const visibilitySeconds = () => made().visibilitySeconds;
  const pass = (seconds: number) => made().clock.pass(seconds * 1000);

  describe("sending and receiving", () => {
    test("a message is received once, with a count of 1", async () => {
      await queue().send("a");
      const batch = await receiveNow(queue());
      expect(batch.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([["a", 1]]);
      expect(await receiveNow(queue())).toEqual([]);
    });

    test.each(hostileNames)("a body is text, whatever it says: %s", async (body) => {
      await queue().send(body);
      expect(await bodiesNow(queue())).toEqual([body]);
    });

    test("a body may have 1 MiB", async () => {
      const body = "ö".repeat(512 * 1024);
      await queue().send(body);
      const [received] = await bodiesNow(queue());
      expect(received === body).toBe(true);
    });

    test("two messages with the same body are two messages", async () => {
      await queue().send("a");
      await queue().send("a");
      expect(await bodiesNow(queue())).toEqual(["a", "a"]);
    });

    test("no more than `max` come at once, and all come", async () => {
      const bodies = ["a", "b", "c", "d", "e"];
      await Promise.all(bodies.map((body) => queue().send(body)));
      const received: string[] = [];
      for (let batch = await receiveNow(queue(), 2); batch.length > 0; batch = await receiveNow(queue(), 2)) {
        expect(batch.length).toBeLessThanOrEqual(2);
        received.push(...batch.map((delivery) => delivery.body));
      }
      expect(received.sort()).toEqual(bodies);
    });

    test("20 who receive at once share the messages, each gets others", async () => {
      const bodies = Array.from({ length: 60 }, (_, index) => `message ${index}`);
      await Promise.all(bodies.map((body) => queue().send(body)));
      const batches = await Promise.all(Array.from({ length: 20 }, () => receiveNow(queue(), 3)));
      const received = [...batches.flat().map((delivery) => delivery.body), ...(await bodiesNow(queue()))];
      expect(received.sort()).toEqual(bodies.toSorted());
    });

    test("each delivery has an id of its own, a redelivery another", async () => {
      await queue().send("a");
      await queue().send("b");
      const ids: string[] = [];
      for (let round = 0; round < 3; round++) {
        for (let batch = await receiveNow(queue()); batch.length > 0; batch = await receiveNow(queue())) {
          ids.push(...batch.map((delivery) => delivery.id));
        }
        await pass(visibilitySeconds());
      }
      expect(ids).toHaveLength(6);
      expect(new Set(ids).size).toBe(6);
    });
  });

  describe("delays", () => {
    test.each([1, 60, 900])(
      "a message sent with a delay of %i s is received after it and not before",
      async (delaySeconds) => {
        await queue().send("a", { delaySeconds });
        await pass(delaySeconds - 0.001);
        expect(await receiveNow(queue())).toEqual([]);
        await pass(0.001);
        expect(await bodiesNow(queue())).toEqual(["a"]);
      },
    );

    test("a delay of 0 is none", async () => {
      await queue().send("a", { delaySeconds: 0 });
      expect(await bodiesNow(queue())).toEqual(["a"]);
    });

    test.each([-1, 901, Number.NaN])("a delay of %d s is refused, and nothing is sent", async (delaySeconds) => {
      await expect(queue().send("a", { delaySeconds })).rejects.toThrow();
      await pass(1000);
      expect(await receiveNow(queue())).toEqual([]);
    });
  });

  describe("messages that are handled alone", () => {
    test("come in a batch of their own", async () => {
      for (const body of ["a", "b"]) await queue().send(body);
      for (const body of ["x", "y"]) await queue().send(body, { alone: true });
      for (const body of ["c", "d"]) await queue().send(body);
      const batches: string[][] = [];
      for (let batch = await receiveNow(queue()); batch.length > 0; batch = await receiveNow(queue())) {
        batches.push(batch.map((delivery) => delivery.body));
      }
      expect(batches.flat().sort()).toEqual(["a", "b", "c", "d", "x", "y"]);
      expect(batches.filter((batch) => batch.includes("x") || batch.includes("y")).toSorted()).toEqual([["x"], ["y"]]);
    });

    test("stay so when they come back, and may be delayed", async () => {
      await queue().send("x", { alone: true, delaySeconds: 5 });
      await queue().send("y", { alone: true });
      await receiveOne(queue());
      await pass(visibilitySeconds());
      await queue().send("a");
      const batches: number[] = [];
      for (let batch = await receiveNow(queue()); batch.length > 0; batch = await receiveNow(queue()))
        batches.push(batch.length);
      expect(batches).toEqual([1, 1, 1]);
    });
  });
}
