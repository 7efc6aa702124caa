/**
 * The contract of the queue port, for adapters whose messages are received. At least once and unordered: nothing here
 * expects an order. All waiting is done on a virtual clock.
 *
 *     queueContract("memory", async () => {
 *       const clock = virtualClock(0);
 *       return { queue: memoryQueue({ clock, ids, visibilitySeconds: 60 }), clock, visibilitySeconds: 60, close: async () => {} };
 *     });
 */
import { afterEach, beforeEach, describe } from "vitest";
import type { VirtualClock } from "../../lib/sim/clock.ts";
import { sendingContract } from "./queue/sending.ts";
import { visibilityContract } from "./queue/visibility.ts";
import { waitingContract } from "./queue/waiting.ts";
import type { ReceivingQueue } from "./received.ts";

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
    beforeEach(async () => {
      made = await makeQueue();
    });
    afterEach(() => made.close());

    sendingContract(() => made);
    waitingContract(() => made);
    visibilityContract(() => made);
  });
}
