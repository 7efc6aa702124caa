/** Receiving in contract suites without waiting for what may never come. */
import type { Delivery, Queue } from "../../lib/runtime/ports/queue.ts";
import { turn } from "../../lib/sim/clock.ts";

/** A queue whose messages are received, not pushed. */
export type ReceivingQueue = Queue & { readonly receive: NonNullable<Queue["receive"]> };

/** What can be received at this moment of a virtual clock: up to `max` messages, none if none is visible. */
export async function receiveNow(queue: ReceivingQueue, max = 10): Promise<readonly Delivery[]> {
  const stop = new AbortController();
  const received = queue.receive(max, stop.signal);
  await turn();
  stop.abort();
  return received;
}

/** The one message that can be received at this moment. */
export async function receiveOne(queue: ReceivingQueue): Promise<Delivery> {
  const [delivery] = await receiveNow(queue, 1);
  if (delivery === undefined) throw new Error("there is no message to receive");
  return delivery;
}

/** Bodies of all messages that can be received at this moment, in the order in which they came. They stay in flight. */
export async function bodiesNow(queue: ReceivingQueue): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (let batch = await receiveNow(queue); batch.length > 0; batch = await receiveNow(queue)) {
    bodies.push(...batch.map((delivery) => delivery.body));
  }
  return bodies;
}
