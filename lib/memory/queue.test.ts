import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { queueContract } from "../../test/contracts/queue.ts";
import { bodiesNow, receiveNow } from "../../test/contracts/received.ts";
import type { Delivery } from "../runtime/ports/queue.ts";
import { virtualClock } from "../sim/clock.ts";
import { countingIds } from "./ids.ts";
import { type MemoryQueueOptions, memoryQueue } from "./queue.ts";

function makeQueue(options: Partial<MemoryQueueOptions> = {}) {
  const clock = virtualClock(1_700_000_000_000);
  const queue = memoryQueue({ clock, ids: countingIds("delivery"), visibilitySeconds: 60, ...options });
  return { clock, queue };
}

queueContract("memory", async () => ({ ...makeQueue(), visibilitySeconds: 60, close: async () => {} }));

describe("the queue in memory", () => {
  test("is first in, first out among visible messages; one that comes back is at the end", async () => {
    const { clock, queue } = makeQueue();
    await queue.send("late", { delaySeconds: 2 });
    await queue.send("soon", { delaySeconds: 1 });
    for (const body of ["a", "b"]) await queue.send(body);
    const [first] = await receiveNow(queue, 1);
    await first?.release(0);
    await clock.pass(2000);
    expect(await bodiesNow(queue)).toEqual(["b", "a", "soon", "late"]);
  });

  test("messages handled alone keep their place in the line", async () => {
    const { queue } = makeQueue();
    for (const [body, alone] of [
      ["a", false],
      ["x", true],
      ["b", false],
      ["y", true],
    ] as const)
      await queue.send(body, { alone });
    const batches: (readonly Delivery[])[] = [];
    for (let batch = await receiveNow(queue); batch.length > 0; batch = await receiveNow(queue)) batches.push(batch);
    expect(batches.map((batch) => batch.map((delivery) => delivery.body))).toEqual([["a"], ["x"], ["b"], ["y"]]);
  });

  test("who waits longest is served first", async () => {
    const { queue } = makeQueue();
    const signal = new AbortController().signal;
    const received = [queue.receive(1, signal), queue.receive(1, signal)];
    await queue.send("a");
    await queue.send("b");
    expect((await Promise.all(received)).map(([delivery]) => delivery?.body)).toEqual(["a", "b"]);
  });

  test("a delivery is good until its message is received again, also past its visibility", async () => {
    const { clock, queue } = makeQueue();
    for (const body of ["a", "b", "c", "d"]) await queue.send(body);
    const [a, b, c] = await receiveNow(queue, 3);
    await clock.pass(60_000);
    await receiveNow(queue, 1);
    await a?.consume();
    await b?.extend(30);
    await c?.release(10);
    expect(await bodiesNow(queue)).toEqual([]);
    await clock.pass(10_000);
    expect(await bodiesNow(queue)).toEqual(["c"]);
    await clock.pass(20_000);
    expect(await bodiesNow(queue)).toEqual(["b"]);
  });

  test("tells how much it holds, whether it is idle and when there is something to receive", async () => {
    const { clock, queue } = makeQueue();
    const start = clock.now();
    const report = () => ({ size: queue.size(), idle: queue.idle(), nextDue: queue.nextDue() });
    expect(report()).toEqual({ size: 0, idle: true, nextDue: undefined });
    await queue.send("a", { delaySeconds: 5 });
    expect(report()).toEqual({ size: 1, idle: false, nextDue: start + 5000 });
    await queue.send("b");
    expect(report()).toEqual({ size: 2, idle: false, nextDue: start });
    const [b] = await receiveNow(queue);
    expect(report()).toEqual({ size: 2, idle: false, nextDue: start + 5000 });
    await b?.consume();
    await clock.pass(5000);
    const [a] = await receiveNow(queue);
    expect(report()).toEqual({ size: 1, idle: false, nextDue: start + 65_000 });
    await a?.consume();
    expect(report()).toEqual({ size: 0, idle: true, nextDue: undefined });
  });

  test("leaves no listener on the signal of who was served", async () => {
    const { queue } = makeQueue();
    const { signal } = new AbortController();
    const received = queue.receive(1, signal);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await queue.send("a");
    await received;
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  describe("leaves no sleeper on the clock", () => {
    test("when nobody waits, whatever is delayed or in flight", async () => {
      const { clock, queue } = makeQueue();
      await queue.send("a");
      await queue.send("b", { delaySeconds: 900 });
      const stop = new AbortController();
      await queue.receive(1, stop.signal);
      const waiting = queue.receive(1, stop.signal);
      expect(clock.pending()).toBe(1);
      stop.abort();
      expect(await waiting).toEqual([]);
      expect(clock.pending()).toBe(0);
    });

    test("when somebody waits but the last message in flight was consumed", async () => {
      const { clock, queue } = makeQueue();
      await queue.send("a");
      const signal = new AbortController().signal;
      const [delivery] = await queue.receive(1, signal);
      void queue.receive(1, signal);
      expect(clock.pending()).toBe(1);
      await delivery?.consume();
      expect(clock.pending()).toBe(0);
    });
  });

  describe("a message that was received too often", () => {
    test("is handed to `onDead` instead of becoming visible again", async () => {
      const dead: string[] = [];
      const { clock, queue } = makeQueue({ maxReceiveCount: 2, onDead: (body) => dead.push(body) });
      await queue.send("a");
      for (const receiveCount of [1, 2]) {
        expect(dead).toEqual([]);
        const [delivery] = await receiveNow(queue);
        expect(delivery?.receiveCount).toBe(receiveCount);
        await clock.pass(60_000);
      }
      expect(await receiveNow(queue)).toEqual([]);
      expect(dead).toEqual(["a"]);
      expect(queue.idle()).toBe(true);
    });

    test("is dead also when it is released, and its delivery has no more say", async () => {
      const dead: string[] = [];
      const { queue } = makeQueue({ maxReceiveCount: 1, onDead: (body) => dead.push(body) });
      await queue.send("a");
      const [delivery] = await receiveNow(queue);
      await delivery?.release(0);
      await delivery?.release(0);
      expect(dead).toEqual(["a"]);
    });

    test("is not dead while its last delivery is extended, nor when that consumes it", async () => {
      const dead: string[] = [];
      const { clock, queue } = makeQueue({ maxReceiveCount: 1, onDead: (body) => dead.push(body) });
      await queue.send("a");
      const [delivery] = await receiveNow(queue);
      await clock.pass(50_000);
      await delivery?.extend(60);
      await clock.pass(50_000);
      await delivery?.consume();
      await clock.pass(100_000);
      expect(await receiveNow(queue)).toEqual([]);
      expect(dead).toEqual([]);
    });

    test("may be sent again by `onDead`, and reaches who waits", async () => {
      const made = makeQueue({
        maxReceiveCount: 1,
        onDead: (body) => void made.queue.send(`${body} again`, { alone: true }),
      });
      const { clock, queue } = made;
      await queue.send("a");
      await receiveNow(queue);
      const signal = new AbortController().signal;
      const [delivery] = await clock.runUntil(queue.receive(10, signal));
      expect([delivery?.body, delivery?.receiveCount]).toEqual(["a again", 1]);
    });

    test("comes back for ever where no limit is set", async () => {
      const { clock, queue } = makeQueue();
      await queue.send("a");
      for (let receiveCount = 1; receiveCount <= 50; receiveCount++) {
        expect((await receiveNow(queue))[0]?.receiveCount).toBe(receiveCount);
        await clock.pass(60_000);
      }
    });
  });

  test("whatever is done with deliveries, no message is lost, doubled or visible before its time", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("send" as const), delay: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ kind: fc.constant("receive" as const), max: fc.integer({ min: 1, max: 3 }) }),
      fc.record({
        kind: fc.constantFrom("consume" as const, "extend" as const, "release" as const),
        pick: fc.nat(30),
        seconds: fc.integer({ min: 0, max: 4 }),
      }),
      fc.record({ kind: fc.constant("pass" as const), seconds: fc.integer({ min: 1, max: 5 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, queue } = makeQueue({ visibilitySeconds: 4 });
        const deliveries: Delivery[] = [];
        /** Per message: not visible before `until`; `receipt`: the delivery that has a say. */
        const model = new Map<string, { until: number; receipt: string | undefined }>();
        let sent = 0;
        for (const one of steps) {
          const now = clock.now();
          if (one.kind === "send") {
            const body = `message ${sent++}`;
            await queue.send(body, { delaySeconds: one.delay });
            model.set(body, { until: now + one.delay * 1000, receipt: undefined });
          } else if (one.kind === "pass") {
            await clock.pass(one.seconds * 1000);
          } else if (one.kind === "receive") {
            const visible = [...model.values()].filter((message) => message.until <= now).length;
            const batch = await receiveNow(queue, one.max);
            expect(batch).toHaveLength(Math.min(visible, one.max));
            for (const delivery of batch) {
              expect(model.get(delivery.body)?.until).toBeLessThanOrEqual(now);
              model.set(delivery.body, { until: now + 4000, receipt: delivery.id });
            }
            deliveries.push(...batch);
          } else {
            const delivery = deliveries[one.pick % (deliveries.length || 1)];
            if (delivery === undefined) continue;
            const message = model.get(delivery.body);
            const good = message?.receipt === delivery.id;
            if (one.kind === "consume") {
              await delivery.consume();
              if (good) model.delete(delivery.body);
            } else {
              await delivery[one.kind](one.seconds);
              const receipt = one.kind === "extend" ? delivery.id : undefined;
              if (good) model.set(delivery.body, { until: now + one.seconds * 1000, receipt });
            }
          }
          expect(queue.size()).toBe(model.size);
        }
      }),
      { numRuns: 300 },
    );
  });
});
