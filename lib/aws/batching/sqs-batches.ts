/**
 * SQS's three batch calls, each entry with an outcome of its own. A batch of one is billed as the single call is, so there is
 * no other way to send.
 */
import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { AwsError, calling } from "../errors.ts";
import { type Batched, batches, type Linger } from "./batches.ts";

/** SQS's limits of a batch: entries, and bytes of all bodies together. */
const MAX_ENTRIES = 10;
export const MAX_BATCH_BYTES = 1024 * 1024;

export interface QueueAddress {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly linger?: Linger;
}

export interface OutgoingMessage {
  readonly body: string;
  /** Whole seconds, 0 to 900. */
  readonly delaySeconds: number;
}

export interface VisibilityChange {
  readonly receiptHandle: string;
  /** Whole seconds from now, 0 to 43,200. */
  readonly seconds: number;
}

export function sendBatches({ client, queueUrl, linger }: QueueAddress): Batched<OutgoingMessage> {
  return batches<OutgoingMessage>({
    maxEntries: MAX_ENTRIES,
    maxBytes: MAX_BATCH_BYTES,
    bytesOf: ({ body }) => Buffer.byteLength(body),
    ...(linger === undefined ? {} : { linger }),
    async send(messages) {
      const Entries = messages.map(({ body, delaySeconds }, index) => ({
        Id: String(index),
        MessageBody: body,
        ...(delaySeconds === 0 ? {} : { DelaySeconds: delaySeconds }),
      }));
      const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
      const { Failed } = await calling("SQS SendMessageBatch", () => client.send(command));
      return outcomes("SQS SendMessageBatch", messages.length, Failed);
    },
  });
}

export function visibilityBatches({ client, queueUrl, linger }: QueueAddress): Batched<VisibilityChange> {
  return batches<VisibilityChange>({
    maxEntries: MAX_ENTRIES,
    ...(linger === undefined ? {} : { linger }),
    async send(changes) {
      const Entries = changes.map(({ receiptHandle, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }));
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries });
      const { Failed } = await calling("SQS ChangeMessageVisibilityBatch", () => client.send(command));
      return outcomes("SQS ChangeMessageVisibilityBatch", changes.length, Failed);
    },
  });
}

/** Entries are receipt handles. */
export function deleteBatches({ client, queueUrl, linger }: QueueAddress): Batched<string> {
  return batches<string>({
    maxEntries: MAX_ENTRIES,
    ...(linger === undefined ? {} : { linger }),
    async send(receiptHandles) {
      const Entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      const command = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
      const { Failed } = await calling("SQS DeleteMessageBatch", () => client.send(command));
      return outcomes("SQS DeleteMessageBatch", receiptHandles.length, Failed);
    },
  });
}

/** What became of each entry: undefined where it succeeded. An answer that says nothing of an entry says that it succeeded. */
function outcomes(
  operation: string,
  count: number,
  failed: readonly BatchResultErrorEntry[] = [],
): readonly (AwsError | undefined)[] {
  const byId = new Map(failed.map((failure) => [failure.Id, failure]));
  return Array.from({ length: count }, (_, index) => {
    const failure = byId.get(String(index));
    return failure === undefined ? undefined : entryError(operation, failure);
  });
}

/** SQS says of each failed entry whose fault it is; a fault of its own may have come after the effect. */
function entryError(operation: string, { Code = "", Message = "", SenderFault }: BatchResultErrorEntry): AwsError {
  const kind = /Throttl|RequestLimit|OverLimit/.test(Code) ? "throttled" : SenderFault ? "rejected" : "unknownOutcome";
  return new AwsError(kind, operation, Code.slice(Code.lastIndexOf(".") + 1), Message);
}
