/**
 * Dead letters (architecture §3): messages whose handlers died again and again. They go back with a growing delay and a count
 * of deaths, to be handled alone; after a day a message is parked for an operator. An execution is never failed by this.
 */
import { decode, encode, type Message } from "./message.ts";
import { MAX_DELAY_SECONDS } from "./ports/queue.ts";
import type { Runtime } from "./runtime.ts";

/** A message is parked when it could have been handled for longer than this and has died since, ms. */
const PARK_AFTER_MS = 86_400_000;
const FIRST_DELAY_SECONDS = 10;

/** Sends a dead message back or parks it. Rejects when a port fails: it must stay in the dead-letter queue then. */
export async function revive(runtime: Runtime, body: string): Promise<"sent" | "parked"> {
  const { queue, journal, clock } = runtime.ports;
  const message = decode(body);
  const deaths = (message.deaths ?? 0) + 1;
  const next: Message = { ...message, deaths };
  // A timer's message was sent when the timer was set, and may have waited for a year.
  const since = Math.max(message.sentAt, message.notBefore ?? 0);
  if (message.kind !== "probe" && clock.now() - since > PARK_AFTER_MS) {
    await journal.park(message.ref, message.startId, encode(next));
    return "parked";
  }
  await queue.send(encode(next), {
    alone: true,
    delaySeconds: Math.min(FIRST_DELAY_SECONDS * 2 ** (deaths - 1), MAX_DELAY_SECONDS),
  });
  return "sent";
}

/** Sends the parked messages of an execution again, as new ones. Returns how many there were. */
export async function resume(
  runtime: Runtime,
  ref: { readonly flowId: string; readonly name: string },
  startId: string,
): Promise<number> {
  const { queue, journal, clock } = runtime.ports;
  const parked = await journal.unpark(ref, startId);
  for (const body of parked) {
    const { deaths: _, ...message } = decode(body);
    await queue.send(encode({ ...message, sentAt: clock.now() } as Message));
  }
  return parked.length;
}
