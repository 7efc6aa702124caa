/** Putting messages on the queue: at once, after a delay that the queue can hold, or through a far timer (architecture §4). */
import { encode, type Message } from "./message.ts";
import { MAX_DELAY_SECONDS } from "./ports/queue.ts";
import type { Runtime } from "./runtime.ts";

/** A far timer goes off this much early; the queue's delay does the rest to the second (EventBridge Scheduler is precise to a minute). */
const TIMER_MARGIN_MS = 120_000;

type Unsent<M> = M extends Message ? Omit<M, "sentAt"> : never;

/** Sends a new message. */
export function send({ ports }: Runtime, message: Unsent<Message>): Promise<void> {
  return ports.queue.send(encode({ ...message, sentAt: ports.clock.now() }));
}

/** Sends a new message to arrive at `due` (ms), not before. `timer` names it for ever: the same name is the same timer. */
export function sendAt(runtime: Runtime, message: Unsent<Message>, due: number, timer: string): Promise<void> {
  return deliverAt(runtime, { ...message, sentAt: runtime.ports.clock.now() }, due, timer);
}

/** Sends a message as it came, once more, after a delay; it keeps its age and its deaths (architecture §3: a bounce). */
export function bounce({ ports, settings }: Runtime, message: Message, delayMs: number): Promise<void> {
  const delaySeconds = Math.min(Math.max(delayMs, 0) / 1000, MAX_DELAY_SECONDS);
  settings.log(`bounced for ${Math.ceil(delaySeconds)} s: ${message.kind}`);
  return ports.queue.send(encode(message), { delaySeconds, ...(message.deaths ? { alone: true } : {}) });
}

/** Sends on a message that arrived before its time. */
export function holdBack(runtime: Runtime, message: Message, due: number): Promise<void> {
  return deliverAt(runtime, message, due, encode(message));
}

function deliverAt({ ports }: Runtime, message: Message, due: number, timer: string): Promise<void> {
  const delayMs = due - ports.clock.now();
  const body = encode({ ...message, notBefore: due });
  if (delayMs <= MAX_DELAY_SECONDS * 1000) return ports.queue.send(body, { delaySeconds: Math.max(delayMs, 0) / 1000 });
  return ports.timers.schedule(ports.keys.hash(timer), due - TIMER_MARGIN_MS, body);
}
