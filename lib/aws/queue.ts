/**
 * The queue port on SQS: sending. Its messages are pushed to a handler (delivery.ts), so there is no `receive`. Messages that
 * are handled alone go to a queue of their own, whose event source has a batch size of 1.
 */
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Blobs } from "../runtime/ports/blobs.ts";
import { MAX_DELAY_SECONDS, type Queue } from "../runtime/ports/queue.ts";
import type { Linger } from "./batching/batches.ts";
import { MAX_BATCH_BYTES, sendBatches } from "./batching/sqs-batches.ts";
import { toWire } from "./wire-body.ts";

export interface SqsQueueOptions {
  readonly client: SQSClient;
  readonly transitionsUrl: string;
  readonly aloneUrl: string;
  /** Where bodies go that SQS does not take for their size (1 MiB); absent: they are refused. */
  readonly blobs?: Blobs;
  readonly linger?: Linger;
}

/** Messages sent in one turn of the event loop, or while others are at work, travel together. A part of a second counts as one: SQS delays by whole ones. */
export function sqsQueue({ client, transitionsUrl, aloneUrl, blobs, linger }: SqsQueueOptions): Queue {
  const lingering = linger === undefined ? {} : { linger };
  const sendTransition = sendBatches({ client, queueUrl: transitionsUrl, ...lingering });
  const sendAlone = sendBatches({ client, queueUrl: aloneUrl, ...lingering });
  const limits = { maxBytes: MAX_BATCH_BYTES, service: "SQS", blobs };
  return {
    async send(body, { delaySeconds = 0, alone = false } = {}) {
      if (!(delaySeconds >= 0 && delaySeconds <= MAX_DELAY_SECONDS)) {
        throw new RangeError(`a message can be delayed by 0 to ${MAX_DELAY_SECONDS} seconds, not by ${delaySeconds}`);
      }
      const message = { body: await toWire(body, limits), delaySeconds: Math.ceil(delaySeconds) };
      await (alone ? sendAlone(message) : sendTransition(message));
    },
  };
}
