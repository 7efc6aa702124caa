/** Messages on their way to SQS, disturbed: some are sent twice, the copy at once or much later, and some come later than those after them. */
import type { Dice } from "../../../lib/sim/dice.ts";

/** A SendMessage, or an entry of a SendMessageBatch. */
interface Outgoing {
  readonly Id?: string;
  readonly DelaySeconds?: number;
}

/** The body of a request, in JSON. */
interface SendRequest extends Outgoing {
  readonly Entries?: readonly Outgoing[];
}

export interface SendChances {
  /** Of a message to be sent twice, 0 to 1. */
  readonly copied: number;
  /** Of a message to come later. */
  readonly reordered: number;
}

export interface Disturbed {
  readonly body: Buffer;
  /** Of one more request, with the copies alone; undefined: there are none. */
  readonly copies: Buffer | undefined;
  readonly copied: number;
  readonly reordered: number;
}

/** Seconds: a message that is made to come later does not come much later. */
const LATER_SECONDS = 3;
/** A copy that is not sent at once comes within this. */
const COPY_SECONDS = 20;
/** SQS's longest delay. */
const LONGEST_DELAY_SECONDS = 900;

/** A request of SQS that sends, with the same messages and perhaps others besides. */
export function disturbed(body: Buffer, dice: Dice, chances: SendChances): Disturbed {
  const request = JSON.parse(body.toString()) as SendRequest;
  const batch = request.Entries ?? [request];
  const copies = batch.filter(() => dice.next() < chances.copied).map((message) => after(message, copyDelay(dice)));
  let reordered = 0;
  const sent = batch.map((message) => {
    if (dice.next() >= chances.reordered) return message;
    reordered++;
    return after(message, 1 + dice.below(LATER_SECONDS));
  });
  const bodyOf = (messages: readonly Outgoing[]) =>
    Buffer.from(JSON.stringify(request.Entries === undefined ? messages[0] : { ...request, Entries: messages }));
  return {
    body: reordered === 0 ? body : bodyOf(sent),
    copies: copies.length === 0 ? undefined : bodyOf(copies),
    copied: copies.length,
    reordered,
  };
}

/** Every other copy comes at the same time. */
function copyDelay(dice: Dice): number {
  return dice.below(2) === 0 ? 0 : dice.below(COPY_SECONDS + 1);
}

function after<M extends Outgoing>(message: M, seconds: number): M {
  return { ...message, DelaySeconds: Math.min((message.DelaySeconds ?? 0) + seconds, LONGEST_DELAY_SECONDS) };
}
