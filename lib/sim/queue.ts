/**
 * A queue as bad as SQS may be: it hands over messages twice, at once or much later, in the wrong order, and (to see what
 * the sweeper is good for) loses one. What is behind it keeps the messages; this decides only what happens to them.
 */
import type { MemoryQueue } from "../memory/queue.ts";
import type { Clock, StopSignal } from "../runtime/ports/clock.ts";
import type { Delivery, SendOptions } from "../runtime/ports/queue.ts";
import { stopper } from "../runtime/stopper.ts";

/** What the queue does to messages. */
export interface Hostility {
  /** A second copy of each message, this many milliseconds after the first. */
  readonly echoMs?: number;
  /** Hands over the newest message first, one at a time. */
  readonly newestFirst?: boolean;
  /** Loses the messages with these numbers, counting from 1. */
  readonly lose?: ReadonlySet<number>;
  /** Delays of the further copies that the next message has, ms. */
  readonly copies?: () => readonly number[];
  /** How much later than it should the next message comes, ms. */
  readonly lag?: () => number;
  /** Hears of each message that was sent, lost ones included, copies not. */
  readonly onSend?: (body: string) => void;
}

export interface HostileQueue {
  send(body: string, options?: SendOptions): Promise<void>;
  receive(max: number, signal: StopSignal): Promise<readonly Delivery[]>;
  /** Nothing is visible, delayed or in flight. */
  idle(): boolean;
  /** Loses all that it holds. */
  purge(): void;
  /** Messages sent so far, lost ones included, copies not. */
  sent(): number;
  /** Copies made so far. */
  copies(): number;
}

interface Waiting {
  readonly body: string;
  readonly options: SendOptions;
}

/** Puts the hostility in front of a queue. */
export function hostileQueue(inner: MemoryQueue, clock: Clock, hostility: Hostility): HostileQueue {
  const {
    echoMs,
    newestFirst = false,
    lose,
    copies = () => (echoMs === undefined ? [] : [echoMs]),
    lag,
    onSend,
  } = hostility;
  const stack: Waiting[] = [];
  const known = new Set<string>();
  let sent = 0;
  let echoes = 0;
  let coming = 0;
  let pushed = stopper();

  function put(body: string, options: SendOptions): Promise<void> {
    if (!newestFirst || (options.delaySeconds ?? 0) > 0) return inner.send(body, options);
    stack.push({ body, options });
    pushed.stop();
    return Promise.resolve();
  }

  async function later(body: string, options: SendOptions, ms: number): Promise<void> {
    coming++;
    await clock.sleep(ms);
    coming--;
    await put(body, options);
  }

  async function receiveNewest(max: number, signal: StopSignal): Promise<readonly Delivery[]> {
    while (!signal.aborted) {
      for (const { body, options } of stack.splice(-max).reverse()) await inner.send(body, options);
      const stop = stopper();
      pushed = stop;
      if (stack.length > 0) continue;
      signal.addEventListener("abort", stop.stop, { once: true });
      const batch = await inner.receive(max, stop.signal);
      signal.removeEventListener("abort", stop.stop);
      if (batch.length > 0) return batch;
    }
    return [];
  }

  return {
    async send(body, options = {}) {
      sent++;
      onSend?.(body);
      if (lose?.has(sent)) return;
      const ms = lag?.() ?? 0;
      if (ms > 0) void later(body, options, ms);
      else await put(body, options);
      const delays = copies();
      if (delays.length === 0 || known.has(saying(body))) return;
      known.add(saying(body));
      echoes += delays.length;
      for (const delay of delays) void later(body, options, delay);
    },
    receive: (max, signal) => (newestFirst ? receiveNewest(max, signal) : inner.receive(max, signal)),
    purge() {
      inner.purge();
      stack.length = 0;
    },
    idle: () => inner.idle() && stack.length === 0 && coming === 0,
    sent: () => sent,
    copies: () => echoes,
  };
}

/** What a message says, whenever and on whose behalf it was sent: one that is sent again is a copy already, and copies of copies would multiply without end. */
function saying(body: string): string {
  return body.replace(/"(?:sentAt|notBefore|deaths|at)":\d+|"reportId":"[^"]*"/g, "");
}
