/** Messages of a queue as an event source hands them to a function, for tests that are the event source themselves. */
import { ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SqsRecord } from "../../lib/aws/delivery.ts";

export interface ReceiveOptions {
  readonly most?: number;
  /** Waits so long for the first. */
  readonly waitSeconds?: number;
}

/** Up to `most` records (10 unless told), in one request; none when nothing is there. */
export async function receivedRecords(
  client: SQSClient,
  QueueUrl: string,
  { most = 10, waitSeconds }: ReceiveOptions = {},
): Promise<readonly SqsRecord[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: most,
      ...(waitSeconds !== undefined && { WaitTimeSeconds: waitSeconds }),
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    }),
  );
  return Messages.map(({ MessageId = "", ReceiptHandle = "", Body = "", Attributes = {} }) => ({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: { ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? "1" },
  }));
}
