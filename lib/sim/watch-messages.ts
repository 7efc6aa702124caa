/** What a witness sees of messages: who sends them and whether it may, and that what waits is due when its entry says. */
import type { Message } from "../runtime/message.ts";
import type { Delivery, Queue } from "../runtime/ports/queue.ts";
import type { Timers } from "../runtime/ports/timers.ts";
import { checkStopped } from "./watch-children.ts";
import { type Caller, keyText, mayAct, mayBegin, type Witness } from "./witness.ts";

/** The queue as one caller uses it. */
export function watchQueue(queue: Queue, witness: Witness, caller: Caller): Queue {
  return {
    ...queue,
    async send(body, options) {
      checkMessage(witness, caller, body);
      caller.sentAt = caller.clock.now();
      return queue.send(body, options);
    },
  };
}

/** The timers as one caller uses them. */
export function watchTimers(timers: Timers, witness: Witness, caller: Caller): Timers {
  return {
    async schedule(name, due, body) {
      checkMessage(witness, caller, body);
      return timers.schedule(name, due, body);
    },
  };
}

/** A delivery as its worker uses it. */
export function watchDelivery(delivery: Delivery, witness: Witness, caller: Caller): Delivery {
  return {
    ...delivery,
    async consume() {
      if (caller.sentAt < caller.refusedAt) mayAct(witness, caller, "consumed its message");
      if (caller.delivery?.message !== undefined) checkStopped(witness, caller, caller.delivery.message);
      return delivery.consume();
    },
  };
}

function checkMessage(witness: Witness, caller: Caller, body: string): void {
  if (caller.delivery === undefined || body === caller.delivery.body) return;
  const message = witness.read(body);
  if (message === undefined) {
    witness.accuse(caller, `sent what is no message: ${body.slice(0, 80)}`);
    return;
  }
  // What reports an end or wakes a parent is true whoever says it, and however often.
  if (message.kind === "advance" || message.kind === "due") mayAct(witness, caller, "sent a message");
  if (message.notBefore !== undefined) checkDue(witness, caller, message, message.notBefore);
  if (goesOn(message, caller.delivery.message))
    mayBegin(witness, caller, `sent ${message.kind} on branch "${message.branch}"`);
}

/** The message that makes a branch go on is an outward effect; all others close something, or are sent on as they came. */
function goesOn(
  message: Message,
  handled: Message | undefined,
): message is Extract<Message, { kind: "advance" | "due" }> {
  if (message.kind !== "advance" && message.kind !== "due") return false;
  if (handled === undefined || handled.kind === "probe" || handled.startId !== message.startId) return false;
  return handled.kind !== message.kind || handled.branch !== message.branch || handled.seq !== message.seq;
}

function checkDue(witness: Witness, caller: Caller, message: Message, due: number): void {
  switch (message.kind) {
    case "advance": {
      const entry = witness.entries.get(keyText({ ...message, seq: message.seq - 1 }));
      if (entry?.due !== due) witness.accuse(caller, `armed a timer for ${due}; the entry says ${entry?.due}`);
      return;
    }
    case "due": {
      const entry = witness.entries.get(keyText({ ...message, seq: message.seq + 1 }));
      const moved = witness.moved.get(keyText(message))?.has(due) ?? false;
      if (entry?.due !== due && !moved)
        witness.accuse(caller, `armed a time-out for ${due}; the entry says ${entry?.due}`);
      return;
    }
    case "ended": {
      const header = witness.headers.get(message.startId);
      if (header !== undefined && header.deadline !== due)
        witness.accuse(caller, `armed the execution's end for ${due}; the header says ${header.deadline}`);
      return;
    }
    default:
      return;
  }
}
