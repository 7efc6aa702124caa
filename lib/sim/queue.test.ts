import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countingIds } from "../memory/ids.ts";
import { memoryQueue } from "../memory/queue.ts";
import { type VirtualClock, virtualClock } from "./clock.ts";
import { type HostileQueue, type Hostility, hostileQueue } from "./queue.ts";

function queueWith(hostility: Hostility): { readonly queue: HostileQueue; readonly clock: VirtualClock } {
  const clock = virtualClock(0);
  return { clock, queue: hostileQueue(memoryQueue({ clock, ids: countingIds("delivery") }), clock, hostility) };
}

/** Takes messages one by one until none comes any more; with the time at which each came. */
async function drain(queue: HostileQueue, clock: VirtualClock): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (;;) {
    const stop = new AbortController();
    const batch = queue.receive(1, stop.signal);
    void clock.pass(100_000).then(() => stop.abort());
    const [delivery] = await batch;
    if (delivery === undefined) return bodies;
    bodies.push(delivery.body);
    await delivery.consume();
  }
}

describe("the hostile queue", () => {
  test("is honest unless told otherwise", async () => {
    const { queue, clock } = queueWith({});
    for (const body of ["a", "b", "c"]) await queue.send(body);
    expect(await drain(queue, clock)).toEqual(["a", "b", "c"]);
    expect(queue.idle()).toBe(true);
  });

  test("hands over the newest first", async () => {
    const { queue, clock } = queueWith({ newestFirst: true });
    for (const body of ["a", "b", "c"]) await queue.send(body);
    expect(await drain(queue, clock)).toEqual(["c", "b", "a"]);
  });

  test("wakes a receiver that waits for the newest", async () => {
    const { queue } = queueWith({ newestFirst: true });
    const received = queue.receive(1, new AbortController().signal);
    await queue.send("a");
    expect((await received).map(({ body }) => body)).toEqual(["a"]);
  });

  test("hands over each message a second time, but makes no copies of what is sent again as it came", async () => {
    const { queue, clock } = queueWith({ echoMs: 0 });
    await queue.send('{"n":1,"sentAt":1}');
    await queue.send('{"n":1,"sentAt":2}');
    expect(await drain(queue, clock)).toEqual(['{"n":1,"sentAt":1}', '{"n":1,"sentAt":1}', '{"n":1,"sentAt":2}']);
    expect(queue.copies()).toBe(1);
  });

  test("is not idle while a copy is still to come", async () => {
    const { queue, clock } = queueWith({ echoMs: 70_000 });
    await queue.send("a");
    const [delivery] = await queue.receive(1, new AbortController().signal);
    await delivery?.consume();
    expect(queue.idle()).toBe(false);
    expect(await drain(queue, clock)).toEqual(["a"]);
    expect(queue.idle()).toBe(true);
  });

  test("loses one message and no other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        async (count, lose, newestFirst) => {
          const { queue, clock } = queueWith({ lose: new Set([lose]), newestFirst });
          const bodies = Array.from({ length: count }, (_, index) => `message ${index + 1}`);
          for (const body of bodies) await queue.send(body);
          expect([...(await drain(queue, clock))].sort()).toEqual(bodies.filter((body) => body !== `message ${lose}`));
          expect(queue.sent()).toBe(count);
        },
      ),
    );
  });
});
