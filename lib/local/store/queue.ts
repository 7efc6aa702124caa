/**
 * The queue port on disk: the queue in memory decides what is visible when and holds the numbers of the messages; their
 * bodies and marks stand in the store. What must survive the process is written (a message, a delay, a receive count, a
 * consumption); what means "somebody works on it" is not, since a worker dies with its process: after a restart a message
 * that was in hand is visible at once.
 *
 * A message may be received before it is on disk: whatever its receiver writes comes after it, in the same transaction or
 * a later one, and nobody acts outside before that is durable.
 */
import { memoryQueue } from "../../memory/queue.ts";
import type { Clock, Ids } from "../../runtime/ports/clock.ts";
import { type Delivery, MAX_DELAY_SECONDS, type Queue, type SendOptions } from "../../runtime/ports/queue.ts";
import type { Key } from "./keys.ts";
import type { Store } from "./store.ts";
import type { MessageMark } from "./tables.ts";

export interface LmdbQueueOptions {
  readonly clock: Clock;
  /** Makes the id of each delivery. */
  readonly ids: Ids;
  /** How long a received message stays invisible. */
  readonly visibilitySeconds?: number;
  /** A message received this often and not consumed is dead instead of received again. Absent: it comes back for ever. */
  readonly maxReceiveCount?: number;
  /** Takes the body of a dead message; it may send it again. The message goes when it has done so; when it rejects, the message is there again after a restart. */
  readonly onDead?: (body: string) => void | Promise<void>;
}

export interface LmdbQueue extends Queue {
  receive(max: number, signal: AbortSignal): Promise<readonly Delivery[]>;
  /** Messages that are not consumed: visible, delayed or in flight. */
  size(): number;
}

/** A message as this process knows it. */
interface Held {
  mark: MessageMark;
  /** Receives before this process opened the store. */
  readonly before: number;
  /** It came from an earlier process, which it may have killed. */
  readonly survivor: boolean;
  /** Id of the delivery that may still act on it. */
  receipt: string | undefined;
}

/** The queue of a store; one at a time. */
export function lmdbQueue(store: Store, options: LmdbQueueOptions): LmdbQueue {
  const { clock, ids, visibilitySeconds = 60, maxReceiveCount = Number.POSITIVE_INFINITY, onDead } = options;
  const { messages, messageMarks } = store.tables;
  const line = memoryQueue({ clock, ids, visibilitySeconds });
  const held = new Map<string, Held>();
  let next = 0;

  function load(): void {
    const rows = [...messageMarks.rows({})];
    next = numberOf(rows.at(-1)?.key) + 1;
    const now = clock.now();
    for (const { key, value: mark } of rows.sort((one, other) => one.value.due - other.value.due)) {
      const place = String(numberOf(key));
      held.set(place, { mark, before: mark.receiveCount, survivor: true, receipt: undefined });
      const delaySeconds = Math.min(Math.max((mark.due - now) / 1000, 0), MAX_DELAY_SECONDS);
      void line.send(place, { delaySeconds, alone: mark.alone });
    }
  }

  function forget(place: string): void {
    held.delete(place);
    const key = keyOf(place);
    store.write(() => {
      messages.remove(key);
      messageMarks.remove(key);
    });
  }

  function remark(place: string, message: Held, change: Partial<MessageMark>): void {
    message.mark = { ...message.mark, ...change };
    const { mark } = message;
    store.write(() => messageMarks.put(keyOf(place), mark));
  }

  /** What was received too often goes to `onDead`. */
  function bury(inner: Delivery, body: string): void {
    void inner.consume();
    Promise.resolve(onDead?.(body)).then(
      () => forget(inner.body),
      () => {},
    );
  }

  function deliver(inner: Delivery, message: Held, body: string, receiveCount: number): Delivery {
    const place = inner.body;
    message.receipt = inner.id;
    return {
      id: inner.id,
      body,
      receiveCount,
      extend: (seconds) => inner.extend(seconds),
      async consume() {
        if (message.receipt !== inner.id) return;
        message.receipt = undefined;
        void inner.consume();
        forget(place);
      },
      async release(delaySeconds) {
        if (message.receipt !== inner.id) return;
        message.receipt = undefined;
        void inner.release(delaySeconds);
        if (delaySeconds > 0) remark(place, message, { due: clock.now() + delaySeconds * 1000 });
      },
    };
  }

  /** Counts the receives and makes deliveries of what the line hands out. */
  async function take(batch: readonly Delivery[]): Promise<readonly Delivery[]> {
    const deliveries: Delivery[] = [];
    let counted = false;
    for (const inner of batch) {
      const message = held.get(inner.body);
      const body = messages.get(keyOf(inner.body));
      if (message === undefined || body === undefined) {
        void inner.consume();
        continue;
      }
      const receiveCount = message.before + inner.receiveCount;
      if (receiveCount > maxReceiveCount) {
        bury(inner, body);
        continue;
      }
      deliveries.push(deliver(inner, message, body, receiveCount));
      // The first receive is not written: the process that dies of it leaves a survivor, and those are counted.
      if (!message.survivor && receiveCount === 1) continue;
      remark(inner.body, message, { receiveCount });
      counted ||= message.survivor;
    }
    // One that may have killed a process is counted for sure before it gets the chance again.
    if (counted) await store.durable();
    return deliveries;
  }

  load();
  return {
    async send(body: string, { delaySeconds = 0, alone = false }: SendOptions = {}) {
      if (!(delaySeconds >= 0 && delaySeconds <= MAX_DELAY_SECONDS)) {
        throw new RangeError(`a message can be delayed by 0 to ${MAX_DELAY_SECONDS} seconds, not by ${delaySeconds}`);
      }
      const place = String(next++);
      const mark: MessageMark = { due: clock.now() + delaySeconds * 1000, alone, receiveCount: 0 };
      store.write(() => {
        messages.put(keyOf(place), body);
        messageMarks.put(keyOf(place), mark);
      });
      held.set(place, { mark, before: 0, survivor: false, receipt: undefined });
      await line.send(place, { delaySeconds, alone });
    },
    async receive(max, signal) {
      for (;;) {
        const batch = await line.receive(max, signal);
        const deliveries = await take(batch);
        if (deliveries.length > 0 || batch.length === 0) return deliveries;
      }
    },
    size: () => line.size(),
  };
}

/** Messages have numbers: they stand on disk in the order in which they were sent. */
function keyOf(place: string): Key {
  return [Number(place)];
}

function numberOf(key: Key | undefined): number {
  return Number(key?.[0] ?? -1);
}
