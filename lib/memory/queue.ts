/**
 * The queue port in memory: first in, first out among the visible messages, with delays, visibility and redelivery as
 * SQS has them. Serves one process (`stepwell run`, Express) and, on a virtual clock, the simulation. It runs no handler
 * and has no timer of its own but one alarm, set only while somebody waits in `receive`.
 */
import type { Clock, Ids, StopSignal } from "../runtime/ports/clock.ts";
import { type Delivery, MAX_DELAY_SECONDS, type Queue, type SendOptions } from "../runtime/ports/queue.ts";
import { alarm } from "./alarm.ts";
import { type DueNode, dueHeap } from "./due-heap.ts";
import { fifo } from "./fifo.ts";

export interface MemoryQueueOptions {
  readonly clock: Clock;
  /** Makes the id of each delivery. */
  readonly ids: Ids;
  /** How long a received message stays invisible. */
  readonly visibilitySeconds?: number;
  /** A message received this often and not consumed is dead instead of visible again. Absent: it comes back for ever. */
  readonly maxReceiveCount?: number;
  /** Takes the body of a dead message; it may send it again. */
  readonly onDead?: (body: string) => void;
}

export interface MemoryQueue extends Queue {
  receive(max: number, signal: StopSignal): Promise<readonly Delivery[]>;
  /** Messages that are not consumed: visible, delayed or in flight. */
  size(): number;
  /** Nothing is visible, delayed or in flight. */
  idle(): boolean;
  /** Loses all messages, those in flight too: what their deliveries do then has no effect. */
  purge(): void;
  /** When there is a message to receive: now or at a later time (ms); undefined: not before somebody sends one. */
  nextDue(): number | undefined;
}

interface Message {
  readonly body: string;
  readonly alone: boolean;
  receiveCount: number;
  /** Id of the delivery that may still act on it; undefined: none. */
  receipt: string | undefined;
  /** Its place among the hidden ones; undefined: it is visible, or gone. */
  hidden: DueNode<Message> | undefined;
}

interface Waiter {
  readonly max: number;
  readonly hand: (batch: readonly Delivery[]) => void;
}

/** An empty queue. A delivery stays good until its message is received again: an older one does nothing. */
export function memoryQueue(options: MemoryQueueOptions): MemoryQueue {
  const { clock, ids, visibilitySeconds = 60, maxReceiveCount = Number.POSITIVE_INFINITY, onDead } = options;
  const visible = fifo<Message>();
  const hidden = dueHeap<Message>();
  const waiters = new Set<Waiter>();
  const wake = alarm(clock, serve);

  function hide(message: Message, seconds: number): void {
    message.hidden = hidden.add(clock.now() + seconds * 1000, message);
  }

  function show(message: Message): void {
    if (message.receiveCount < maxReceiveCount) {
      visible.push(message);
    } else {
      message.receipt = undefined;
      onDead?.(message.body);
    }
  }

  function showDue(): void {
    const now = clock.now();
    for (let next = hidden.first(); next !== undefined && next.due <= now; next = hidden.first()) {
      hidden.remove(next);
      next.value.hidden = undefined;
      show(next.value);
    }
  }

  /** Takes a message out of wherever it is. */
  function withdraw(message: Message): void {
    if (message.hidden === undefined) {
      visible.remove(message);
    } else {
      hidden.remove(message.hidden);
      message.hidden = undefined;
    }
  }

  function deliver(message: Message): Delivery {
    const id = ids.next();
    message.receiveCount++;
    message.receipt = id;
    hide(message, visibilitySeconds);
    return {
      id,
      body: message.body,
      receiveCount: message.receiveCount,
      async extend(seconds) {
        if (message.receipt !== id) return;
        withdraw(message);
        hide(message, seconds);
        serve();
      },
      async consume() {
        if (message.receipt !== id) return;
        withdraw(message);
        message.receipt = undefined;
        setAlarm();
      },
      async release(delaySeconds) {
        if (message.receipt !== id) return;
        withdraw(message);
        message.receipt = undefined;
        if (delaySeconds > 0) hide(message, delaySeconds);
        else show(message);
        serve();
      },
    };
  }

  function take(max: number): readonly Delivery[] {
    const batch: Delivery[] = [];
    for (let next = visible.first(); next !== undefined; next = visible.first()) {
      if (batch.length > 0 && (next.alone || batch.length >= max)) break;
      visible.shift();
      batch.push(deliver(next));
      if (next.alone) break;
    }
    return batch;
  }

  function setAlarm(): void {
    wake.set(waiters.size > 0 ? hidden.first()?.due : undefined);
  }

  /** Hands what is visible to those who wait, the longest waiting first. */
  function serve(): void {
    showDue();
    for (const waiter of waiters) {
      if (visible.length() === 0) break;
      waiters.delete(waiter);
      waiter.hand(take(waiter.max));
    }
    setAlarm();
  }

  function wait(max: number, signal: StopSignal): Promise<readonly Delivery[]> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        max,
        hand(batch) {
          signal.removeEventListener("abort", abandon);
          resolve(batch);
        },
      };
      function abandon(): void {
        waiters.delete(waiter);
        setAlarm();
        resolve([]);
      }
      signal.addEventListener("abort", abandon, { once: true });
      waiters.add(waiter);
      setAlarm();
    });
  }

  return {
    async send(body: string, { delaySeconds = 0, alone = false }: SendOptions = {}) {
      if (!(delaySeconds >= 0 && delaySeconds <= MAX_DELAY_SECONDS)) {
        throw new RangeError(`a message can be delayed by 0 to ${MAX_DELAY_SECONDS} seconds, not by ${delaySeconds}`);
      }
      const message: Message = { body, alone, receiveCount: 0, receipt: undefined, hidden: undefined };
      if (delaySeconds > 0) hide(message, delaySeconds);
      else visible.push(message);
      if (waiters.size > 0) serve();
    },
    async receive(max, signal) {
      if (signal.aborted) return [];
      serve();
      return visible.length() > 0 ? take(max) : wait(max, signal);
    },
    purge() {
      for (let next = visible.first(); next !== undefined; next = visible.first()) {
        visible.shift();
        next.receipt = undefined;
      }
      for (let next = hidden.first(); next !== undefined; next = hidden.first()) {
        hidden.remove(next);
        next.value.hidden = undefined;
        next.value.receipt = undefined;
      }
      setAlarm();
    },
    size: () => visible.length() + hidden.size(),
    idle: () => visible.length() + hidden.size() === 0,
    nextDue: () => (visible.length() > 0 ? clock.now() : hidden.first()?.due),
  };
}
