/**
 * SQS as a queue that is polled: the adapter's sending and settling as they are, with a `receive` in place of Lambda's event
 * source, so that suites for receiving queues run over the wire. Who waits asks again every second, and at once when this
 * process does something that may have made a message visible.
 */
import { type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sqsDelivery, sqsSettling } from "../../lib/aws/delivery.ts";
import { sqsQueue } from "../../lib/aws/queue.ts";
import type { Blobs } from "../../lib/runtime/ports/blobs.ts";
import type { Clock } from "../../lib/runtime/ports/clock.ts";
import type { Delivery } from "../../lib/runtime/ports/queue.ts";
import type { ReceivingQueue } from "../contracts/received.ts";

export interface PolledQueueOptions {
  readonly client: SQSClient;
  readonly transitionsUrl: string;
  readonly aloneUrl: string;
  readonly clock: Clock;
  readonly blobs?: Blobs;
}

/** SQS's most messages a receive. */
const MOST = 10;
const ASK_EVERY_MS = 1000;

export function polledQueue({ client, transitionsUrl, aloneUrl, clock, blobs }: PolledQueueOptions): ReceivingQueue {
  const stored = blobs === undefined ? {} : { blobs };
  const queue = sqsQueue({ client, transitionsUrl, aloneUrl, ...stored });
  const settling = new Map(
    [transitionsUrl, aloneUrl].map((queueUrl) => [queueUrl, sqsSettling({ client, queueUrl, ...stored })] as const),
  );
  let stir = new AbortController();

  /** Wakes who waits. */
  async function after<T>(done: Promise<T>): Promise<T> {
    const result = await done;
    stir.abort("stirred");
    stir = new AbortController();
    return result;
  }

  async function take(queueUrl: string, max: number): Promise<readonly Delivery[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(max, MOST),
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    });
    const { Messages = [] } = await client.send(command);
    return Promise.all(Messages.map((message) => delivery(queueUrl, message)));
  }

  async function delivery(queueUrl: string, message: Message): Promise<Delivery> {
    const how = settling.get(queueUrl);
    if (how === undefined) throw new Error(`no such queue: ${queueUrl}`);
    const { MessageId = "", ReceiptHandle = "", Body = "", Attributes = {} } = message;
    const { ApproximateReceiveCount = "" } = Attributes;
    const record = {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: { ApproximateReceiveCount },
    };
    const made = await sqsDelivery(record, how);
    return {
      ...made,
      extend: (seconds) => after(made.extend(seconds)),
      release: (seconds) => after(made.release(seconds)),
    };
  }

  return {
    send: (body, options) => after(queue.send(body, options)),
    async receive(max, signal) {
      while (!signal.aborted) {
        const stirred = stir.signal;
        // A request that is under way is waited for also when the signal aborts: what it brings must not be lost.
        const alone = await take(aloneUrl, 1);
        if (alone.length > 0) return alone;
        const batch = await take(transitionsUrl, max);
        if (batch.length > 0) return batch;
        await clock.sleep(ASK_EVERY_MS, AbortSignal.any([signal, stirred]));
      }
      return [];
    },
  };
}
