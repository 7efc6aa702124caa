/**
 * The contract of the queue port, for adapters whose messages are received. At least once and unordered: nothing here
 * expects an order. All waiting is done on a virtual clock.
 *
 *     queueContract("memory", async () => {
 *       const clock = virtualClock(0);
 *       return { queue: memoryQueue({ clock, ids, visibilitySeconds: 60 }), clock, visibilitySeconds: 60, close: async () => {} };
 *     });
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Delivery } from "../../lib/runtime/ports/queue.ts";
import type { VirtualClock } from "../../lib/sim/clock.ts";
import { hostileNames } from "./names.ts";
import { bodiesNow, type ReceivingQueue, receiveNow } from "./received.ts";

export interface QueueUnderTest {
  /** Empty; tells the time by `clock`. */
  readonly queue: ReceivingQueue;
  readonly clock: VirtualClock;
  readonly visibilitySeconds: number;
  close(): Promise<void>;
}

/** Registers the suite. `makeQueue` is called for each test. */
export function queueContract(name: string, makeQueue: () => Promise<QueueUnderTest>): void {
  describe(`queue contract: ${name}`, () => {
    let made: QueueUnderTest;
    let queue: ReceivingQueue;
    beforeEach(async () => {
      made = await makeQueue();
      queue = made.queue;
    });
    afterEach(() => made.close());

    const pass = (seconds: number) => made.clock.pass(seconds * 1000);

    async function receiveOne(): Promise<Delivery> {
      const [delivery] = await receiveNow(queue, 1);
      if (delivery === undefined) throw new Error("there is no message to receive");
      return delivery;
    }

    describe("sending and receiving", () => {
      test("a message is received once, with a count of 1", async () => {
        await queue.send("a");
        const batch = await receiveNow(queue);
        expect(batch.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([["a", 1]]);
        expect(await receiveNow(queue)).toEqual([]);
      });

      test.each(hostileNames)("a body is text, whatever it says: %s", async (body) => {
        await queue.send(body);
        expect(await bodiesNow(queue)).toEqual([body]);
      });

      test("a body may have 1 MiB", async () => {
        const body = "ö".repeat(512 * 1024);
        await queue.send(body);
        const [received] = await bodiesNow(queue);
        expect(received === body).toBe(true);
      });

      test("two messages with the same body are two messages", async () => {
        await queue.send("a");
        await queue.send("a");
        expect(await bodiesNow(queue)).toEqual(["a", "a"]);
      });

      test("no more than `max` come at once, and all come", async () => {
        const bodies = ["a", "b", "c", "d", "e"];
        await Promise.all(bodies.map((body) => queue.send(body)));
        const received: string[] = [];
        for (let batch = await receiveNow(queue, 2); batch.length > 0; batch = await receiveNow(queue, 2)) {
          expect(batch.length).toBeLessThanOrEqual(2);
          received.push(...batch.map((delivery) => delivery.body));
        }
        expect(received.sort()).toEqual(bodies);
      });

      test("20 who receive at once share the messages, each gets others", async () => {
        const bodies = Array.from({ length: 60 }, (_, index) => `message ${index}`);
        await Promise.all(bodies.map((body) => queue.send(body)));
        const batches = await Promise.all(Array.from({ length: 20 }, () => receiveNow(queue, 3)));
        const received = [...batches.flat().map((delivery) => delivery.body), ...(await bodiesNow(queue))];
        expect(received.sort()).toEqual(bodies.toSorted());
      });

      test("each delivery has an id of its own, a redelivery another", async () => {
        await queue.send("a");
        await queue.send("b");
        const ids: string[] = [];
        for (let round = 0; round < 3; round++) {
          for (let batch = await receiveNow(queue); batch.length > 0; batch = await receiveNow(queue)) {
            ids.push(...batch.map((delivery) => delivery.id));
          }
          await pass(made.visibilitySeconds);
        }
        expect(ids).toHaveLength(6);
        expect(new Set(ids).size).toBe(6);
      });
    });

    describe("waiting", () => {
      test("receive waits until a message is sent", async () => {
        const received = queue.receive(10, new AbortController().signal);
        await queue.send("a");
        expect((await made.clock.runUntil(received)).map((delivery) => delivery.body)).toEqual(["a"]);
      });

      test("receive waits until a delay is over", async () => {
        const start = made.clock.now();
        const received = queue.receive(10, new AbortController().signal);
        await queue.send("a", { delaySeconds: 5 });
        expect((await made.clock.runUntil(received)).map((delivery) => delivery.body)).toEqual(["a"]);
        expect(made.clock.now()).toBe(start + 5000);
      });

      test("receive waits for the earliest of many delays, also when that is sent last", async () => {
        const start = made.clock.now();
        await queue.send("late", { delaySeconds: 90 });
        const received = queue.receive(10, new AbortController().signal);
        await queue.send("later", { delaySeconds: 40 });
        await queue.send("soon", { delaySeconds: 5 });
        expect((await made.clock.runUntil(received)).map((delivery) => delivery.body)).toEqual(["soon"]);
        expect(made.clock.now()).toBe(start + 5000);
      });

      test("receive waits until a message comes back", async () => {
        const start = made.clock.now();
        await queue.send("a");
        await receiveOne();
        const received = queue.receive(10, new AbortController().signal);
        expect((await made.clock.runUntil(received)).map((delivery) => delivery.body)).toEqual(["a"]);
        expect(made.clock.now()).toBe(start + made.visibilitySeconds * 1000);
      });

      test("an abort ends the wait with nothing, and the next message goes to the next who receives", async () => {
        const stop = new AbortController();
        const received = queue.receive(10, stop.signal);
        stop.abort();
        expect(await received).toEqual([]);
        await queue.send("a");
        expect(await bodiesNow(queue)).toEqual(["a"]);
      });

      test("who is aborted already receives nothing", async () => {
        await queue.send("a");
        expect(await queue.receive(10, AbortSignal.abort())).toEqual([]);
        expect(await bodiesNow(queue)).toEqual(["a"]);
      });

      test("of several who wait each message goes to one", async () => {
        const stop = new AbortController();
        const received = ["x", "y", "z"].map(() => queue.receive(1, stop.signal));
        await queue.send("a");
        await queue.send("b", { delaySeconds: 3 });
        await made.clock.pass(3000);
        stop.abort();
        const batches = await Promise.all(received);
        expect(batches.flatMap((batch) => batch.map((delivery) => delivery.body)).sort()).toEqual(["a", "b"]);
      });
    });

    describe("delays", () => {
      test.each([1, 60, 900])(
        "a message sent with a delay of %i s is received after it and not before",
        async (delaySeconds) => {
          await queue.send("a", { delaySeconds });
          await pass(delaySeconds - 0.001);
          expect(await receiveNow(queue)).toEqual([]);
          await pass(0.001);
          expect(await bodiesNow(queue)).toEqual(["a"]);
        },
      );

      test("a delay of 0 is none", async () => {
        await queue.send("a", { delaySeconds: 0 });
        expect(await bodiesNow(queue)).toEqual(["a"]);
      });

      test.each([-1, 901, Number.NaN])("a delay of %d s is refused, and nothing is sent", async (delaySeconds) => {
        await expect(queue.send("a", { delaySeconds })).rejects.toThrow();
        await pass(1000);
        expect(await receiveNow(queue)).toEqual([]);
      });
    });

    describe("visibility", () => {
      test("a message that is not consumed comes back after the visibility time, again and again", async () => {
        await queue.send("a");
        for (const receiveCount of [1, 2, 3]) {
          expect((await receiveOne()).receiveCount).toBe(receiveCount);
          await pass(made.visibilitySeconds - 0.001);
          expect(await receiveNow(queue)).toEqual([]);
          await pass(0.001);
        }
      });

      test("a consumed message does not come back", async () => {
        await queue.send("a");
        await (await receiveOne()).consume();
        await pass(made.visibilitySeconds * 2);
        expect(await receiveNow(queue)).toEqual([]);
      });

      test("consuming one message of a batch leaves the others", async () => {
        for (const body of ["a", "b", "c"]) await queue.send(body);
        const deliveries: Delivery[] = [];
        for (let batch = await receiveNow(queue); batch.length > 0; batch = await receiveNow(queue))
          deliveries.push(...batch);
        await deliveries.find((delivery) => delivery.body === "b")?.consume();
        await pass(made.visibilitySeconds);
        expect((await bodiesNow(queue)).toSorted()).toEqual(["a", "c"]);
      });

      test("consuming twice is as consuming once", async () => {
        await queue.send("a");
        const delivery = await receiveOne();
        await delivery.consume();
        await queue.send("b");
        await delivery.consume();
        expect(await bodiesNow(queue)).toEqual(["b"]);
      });

      test.each([
        ["longer", 3],
        ["shorter", 0.25],
      ])("extending hides it for that long from now on, also when that is %s than it was", async (_what, factor) => {
        const seconds = made.visibilitySeconds * factor;
        await queue.send("a");
        const delivery = await receiveOne();
        await pass(10);
        await delivery.extend(seconds);
        await pass(seconds - 0.001);
        expect(await receiveNow(queue)).toEqual([]);
        await pass(0.001);
        expect((await receiveOne()).receiveCount).toBe(2);
      });

      test("extending again and again holds a message for as long as its task takes", async () => {
        await queue.send("a");
        const delivery = await receiveOne();
        for (let extension = 0; extension < 20; extension++) {
          await pass(made.visibilitySeconds / 2);
          await delivery.extend(made.visibilitySeconds);
        }
        expect(await receiveNow(queue)).toEqual([]);
        await delivery.consume();
        await pass(made.visibilitySeconds * 2);
        expect(await receiveNow(queue)).toEqual([]);
      });

      test("a released message comes back at once, or after the delay that was asked for", async () => {
        await queue.send("a");
        await (await receiveOne()).release(0);
        const second = await receiveOne();
        expect(second.receiveCount).toBe(2);
        await second.release(7);
        await pass(6.999);
        expect(await receiveNow(queue)).toEqual([]);
        await pass(0.001);
        expect((await receiveOne()).receiveCount).toBe(3);
      });
    });

    describe("an old delivery", () => {
      /** A delivery whose message came back, and the newer one. */
      async function redelivered(): Promise<{ old: Delivery; current: Delivery }> {
        await queue.send("a");
        const old = await receiveOne();
        await pass(made.visibilitySeconds);
        return { old, current: await receiveOne() };
      }

      test("consumes nothing", async () => {
        const { old } = await redelivered();
        await old.consume();
        await pass(made.visibilitySeconds);
        expect(await bodiesNow(queue)).toEqual(["a"]);
      });

      test("neither hides nor releases the message", async () => {
        const { old } = await redelivered();
        await old.release(0);
        expect(await receiveNow(queue)).toEqual([]);
        await old.extend(made.visibilitySeconds * 5);
        await pass(made.visibilitySeconds);
        expect(await bodiesNow(queue)).toEqual(["a"]);
      });

      test("leaves the newer one in force", async () => {
        const { old, current } = await redelivered();
        await old.consume();
        await current.consume();
        await pass(made.visibilitySeconds * 2);
        expect(await receiveNow(queue)).toEqual([]);
      });

      test("that released its message has no more say in it", async () => {
        await queue.send("a");
        const delivery = await receiveOne();
        await delivery.release(0);
        await delivery.consume();
        expect(await bodiesNow(queue)).toEqual(["a"]);
      });
    });

    describe("messages that are handled alone", () => {
      test("come in a batch of their own", async () => {
        for (const body of ["a", "b"]) await queue.send(body);
        for (const body of ["x", "y"]) await queue.send(body, { alone: true });
        for (const body of ["c", "d"]) await queue.send(body);
        const batches: string[][] = [];
        for (let batch = await receiveNow(queue); batch.length > 0; batch = await receiveNow(queue)) {
          batches.push(batch.map((delivery) => delivery.body));
        }
        expect(batches.flat().sort()).toEqual(["a", "b", "c", "d", "x", "y"]);
        expect(batches.filter((batch) => batch.includes("x") || batch.includes("y")).toSorted()).toEqual([
          ["x"],
          ["y"],
        ]);
      });

      test("stay so when they come back, and may be delayed", async () => {
        await queue.send("x", { alone: true, delaySeconds: 5 });
        await queue.send("y", { alone: true });
        await receiveOne();
        await pass(made.visibilitySeconds);
        await queue.send("a");
        const batches: number[] = [];
        for (let batch = await receiveNow(queue); batch.length > 0; batch = await receiveNow(queue))
          batches.push(batch.length);
        expect(batches).toEqual([1, 1, 1]);
      });
    });
  });
}
