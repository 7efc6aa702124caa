/** How the queue's adapter settles many deliveries over the wire: in few requests, each with an outcome of its own. */
import { randomUUID } from "node:crypto";
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SqsRecord, sqsDelivery, sqsSettling } from "../../lib/aws/delivery.ts";
import { sqsQueue } from "../../lib/aws/queue.ts";
import { memoryBlobs } from "../../lib/memory/blobs.ts";
import type { Delivery } from "../../lib/runtime/ports/queue.ts";
import { countedSqs } from "./counted-sqs.ts";
import { type Ministack, ministack } from "./ministack.ts";
import { receivedRecords } from "./received-records.ts";

const MIB = 1024 * 1024;

let emulator: Ministack;
let client: SQSClient;
/** Names of the requests that were sent since the queue was made or read, and how many entries they had. */
let requests: string[];
/** The entries of the last request. */
let entries: readonly object[];

beforeAll(async () => {
  emulator = await ministack();
  client = countedSqs(emulator.endpoint, (request, made) => {
    entries = made;
    requests.push(request);
  });
}, 120_000);

afterAll(async () => {
  client?.destroy();
  await emulator?.stop();
});

async function newQueue() {
  requests = [];
  const Attributes = { VisibilityTimeout: "600" };
  const { QueueUrl: queueUrl = "" } = await client.send(
    new CreateQueueCommand({ QueueName: `settling-${randomUUID()}`, Attributes }),
  );
  const blobs = memoryBlobs();
  const queue = sqsQueue({ client, transitionsUrl: queueUrl, aloneUrl: queueUrl, blobs });
  const settling = sqsSettling({ client, queueUrl, blobs });

  async function receive(count: number): Promise<readonly SqsRecord[]> {
    const records: SqsRecord[] = [];
    while (records.length < count) records.push(...(await receivedRecords(client, queueUrl)));
    requests = [];
    return records;
  }

  return {
    queue,
    receive,
    deliver: (record: SqsRecord) => sqsDelivery(record, settling),
    async counts() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
      );
      return {
        visible: Number(Attributes.ApproximateNumberOfMessages),
        hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      };
    },
  };
}

test("what is sent, hidden or deleted at the same time takes one request for ten", async () => {
  const { queue, receive, deliver, counts } = await newQueue();
  await Promise.all(Array.from({ length: 25 }, (_, index) => queue.send(`message ${index}`)));
  expect(requests.slice(1)).toEqual(["SendMessageBatch 10", "SendMessageBatch 10", "SendMessageBatch 5"]);
  const deliveries: readonly Delivery[] = await Promise.all((await receive(25)).map(deliver));
  await Promise.all(deliveries.map((delivery) => delivery.extend(1000)));
  expect(requests).toEqual(
    Array.from({ length: 3 }, (_, index) => `ChangeMessageVisibilityBatch ${index < 2 ? 10 : 5}`),
  );
  requests = [];
  await Promise.all(deliveries.slice(0, 20).map((delivery) => delivery.consume()));
  expect(requests).toEqual(["DeleteMessageBatch 10", "DeleteMessageBatch 10"]);
  await Promise.all(deliveries.slice(20).map((delivery) => delivery.release(0)));
  expect(await counts()).toEqual({ visible: 5, hidden: 0 });
});

test("a part of a second counts as a whole one: nothing comes early", async () => {
  const { queue, receive, deliver } = await newQueue();
  await Promise.all([0, 0.001, 1.5, 899.2].map((delaySeconds) => queue.send("a", { delaySeconds })));
  expect(entries.map((entry) => ("DelaySeconds" in entry ? entry.DelaySeconds : 0))).toEqual([0, 1, 2, 900]);
  const [record] = await receive(1);
  const delivery = record && (await deliver(record));
  for (const [seconds, whole] of [
    [0.2, 1],
    [59.5, 60],
    [90_000, 43_200],
  ] as const) {
    await delivery?.extend(seconds);
    expect(entries).toMatchObject([{ VisibilityTimeout: whole }]);
  }
  await delivery?.release(6.1);
  expect(entries).toMatchObject([{ VisibilityTimeout: 7 }]);
});

test("a batch has at most 1 MiB of bodies", async () => {
  const { queue } = await newQueue();
  await Promise.all([0.6, 0.3, 0.6, 0.4, 1].map((part) => queue.send("x".repeat(Math.floor(part * MIB)))));
  expect(requests.slice(1)).toEqual(["SendMessageBatch 2", "SendMessageBatch 2", "SendMessageBatch 1"]);
});

test("a body over 1 MiB is set aside, and is whole when it is delivered", async () => {
  const { queue, receive, deliver } = await newQueue();
  const body = "ö".repeat(MIB);
  await queue.send(body);
  const [record] = await receive(1);
  expect(record?.body).toHaveLength(65);
  const delivery = record && (await deliver(record));
  expect(delivery?.body === body).toBe(true);
});

test("a text that SQS does not take arrives as it was sent", async () => {
  const { queue, receive, deliver } = await newQueue();
  await queue.send('{"text":"\uffff"}\n\u0000');
  const [record] = await receive(1);
  expect(record && (await deliver(record)).body).toBe('{"text":"\uffff"}\n\u0000');
});

test("of a batch that fails in part each caller hears its own: a receipt that is none does not spoil the others", async () => {
  const { queue, receive, deliver, counts } = await newQueue();
  await Promise.all(["a", "b"].map((body) => queue.send(body)));
  const [a, b] = await receive(2);
  if (a === undefined || b === undefined) throw new Error("two messages were sent");
  const gone = await deliver({ ...a, receiptHandle: "of-no-message" });
  await Promise.all([gone.consume(), (await deliver(b)).consume()]);
  expect(requests).toEqual(["DeleteMessageBatch 2"]);
  expect(await counts()).toEqual({ visible: 0, hidden: 1 });
  await Promise.all([gone.extend(5), (await deliver(a)).release(0)]);
  expect(await counts()).toEqual({ visible: 1, hidden: 0 });
});

test("the same record in two invocations is two deliveries: their ids differ", async () => {
  const { queue, receive, deliver } = await newQueue();
  await queue.send("a");
  const [record] = await receive(1);
  if (record === undefined) throw new Error("a message was sent");
  const [one, other] = [await deliver(record), await deliver(record)];
  expect(one.id).not.toBe(other.id);
  expect(one.id).toMatch(/^[\w-]{8,40}$/);
  expect([one.receiveCount, one.body]).toEqual([1, "a"]);
});

test("a queue that is not there is an error, for each of its callers", async () => {
  const queue = sqsQueue({
    client,
    transitionsUrl: `${emulator.endpoint}/000000000000/missing`,
    aloneUrl: `${emulator.endpoint}/000000000000/missing`,
  });
  const outcomes = await Promise.allSettled(["a", "b"].map((body) => queue.send(body)));
  for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { kind: "rejected" } });
});
