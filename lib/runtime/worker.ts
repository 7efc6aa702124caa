/** A worker loop over a queue that is polled: each message handled concurrently, consumed when it is done. */
import { handle } from "./handle.ts";
import type { Delivery, Queue } from "./ports/queue.ts";
import type { Runtime } from "./runtime.ts";

export interface WorkerOptions {
  /** Messages in hand at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Told of each failed delivery; its message comes back. */
  readonly onError?: (error: unknown, delivery: Delivery) => void;
}

/** Rounds after which the loop lets timers and signals have a turn. */
const BREATHE_EVERY = 200;

/** Works until `signal` aborts and all messages in hand are done. */
export async function work(runtime: Runtime, { concurrency, signal, onError }: WorkerOptions): Promise<void> {
  const queue = runtime.ports.queue;
  const inHand = new Set<Promise<void>>();
  for (let round = 1; !signal.aborted; round++) {
    // Messages that bring their successors at once would never let the process hear anything else.
    if (round % BREATHE_EVERY === 0) await runtime.ports.clock.sleep(1, signal);
    const deliveries = await receive(queue, concurrency - inHand.size, signal);
    for (const delivery of deliveries) {
      const task = settle(runtime, delivery, onError).finally(() => inHand.delete(task));
      inHand.add(task);
    }
    if (inHand.size >= concurrency) await Promise.race(inHand);
  }
  await Promise.all(inHand);
}

/** Handles one delivery and consumes it unless it is to come back. Never rejects. */
export async function settle(runtime: Runtime, delivery: Delivery, onError?: WorkerOptions["onError"]): Promise<void> {
  try {
    if ((await handle(runtime, delivery)) === "consume") await delivery.consume();
  } catch (error) {
    onError?.(error, delivery);
  }
}

function receive(queue: Queue, max: number, signal: AbortSignal): Promise<readonly Delivery[]> {
  if (!queue.receive) throw new Error("this queue pushes its messages; it is not polled");
  return queue.receive(max, signal);
}
