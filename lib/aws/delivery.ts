/** Deliveries of the queue port out of the records of an SQS event. */
import { randomBytes } from "node:crypto";
import type { Blobs } from "../runtime/ports/blobs.ts";
import type { Delivery } from "../runtime/ports/queue.ts";
import type { Batched } from "./batching/batches.ts";
import { deleteBatches, type QueueAddress, type VisibilityChange, visibilityBatches } from "./batching/sqs-batches.ts";
import { AwsError } from "./errors.ts";
import { fromWire } from "./wire-body.ts";

/** What is needed of a record, as Lambda hands it to a function. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount?: string };
}

/** How the deliveries of one queue are settled; made once for each queue, so that they are settled together. */
export interface SqsSettling {
  readonly hide: Batched<VisibilityChange>;
  readonly remove: Batched<string>;
  readonly blobs?: Blobs | undefined;
}

/** Longest time that SQS hides a message for, seconds: 12 hours. */
const MAX_VISIBILITY_SECONDS = 43_200;

/** SQS's words for a receipt handle whose message is gone, visible, or was received again. */
const OVER = new Set(["InvalidParameterValue", "MessageNotInflight", "ReceiptHandleIsInvalid"]);

export function sqsSettling(address: QueueAddress & { readonly blobs?: Blobs }): SqsSettling {
  return { hide: visibilityBatches(address), remove: deleteBatches(address), blobs: address.blobs };
}

/**
 * A delivery; rejects when its body was set aside and cannot be fetched. The id is new for each call: Lambda may hand the same
 * record, with the same receipt, to two invocations, and an owner's id must tell those apart. A part of a second counts as
 * one: SQS hides for whole ones.
 */
export async function sqsDelivery(record: SqsRecord, { hide, remove, blobs }: SqsSettling): Promise<Delivery> {
  const { messageId, receiptHandle, attributes } = record;
  /** It was consumed or released: it has no more say in the message, though SQS might still listen to it. */
  let over = false;

  function hideFor(seconds: number): Promise<void> {
    const whole = Math.min(Math.max(Math.ceil(seconds), 0), MAX_VISIBILITY_SECONDS);
    return unlessOver(hide({ receiptHandle, seconds: whole }));
  }

  return {
    id: `${messageId.slice(0, 8)}-${randomBytes(9).toString("base64url")}`,
    body: await fromWire(record.body, blobs),
    receiveCount: Number(attributes.ApproximateReceiveCount ?? 1),
    async extend(seconds) {
      if (!over) await hideFor(seconds);
    },
    async consume() {
      if (over) return;
      await unlessOver(remove(receiptHandle));
      over = true;
    },
    async release(delaySeconds) {
      if (over) return;
      over = true;
      await hideFor(delaySeconds);
    },
  };
}

/** A delivery whose message is another's by now does nothing. */
async function unlessOver(settled: Promise<void>): Promise<void> {
  try {
    await settled;
  } catch (error) {
    if (!(error instanceof AwsError && OVER.has(error.code))) throw error;
  }
}
