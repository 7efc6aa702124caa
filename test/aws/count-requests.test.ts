/** The meter, by requests whose cost is known, and that a deployment has none of its clients go past it. */
import { randomBytes, randomUUID } from "node:crypto";
import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDeployment } from "../../lib/aws/deployment/ports.ts";
import { testTable } from "../../lib/aws/journal/testing/table.ts";
import { type CountedRequest, type Meter, openMeter, tally } from "./count-requests.ts";
import { ACCOUNT, guarded, loopbackSettings, REGION } from "./guard.ts";
import { type Ministack, ministack } from "./ministack.ts";

let emulator: Ministack;
let client: DynamoDBClient;
let TableName: string;
beforeAll(async () => {
  emulator = await ministack();
  ({ client, table: TableName } = await testTable(emulator.endpoint));
}, 120_000);
afterAll(() => emulator?.stop());

let meter: Meter;
beforeEach(() => {
  meter = openMeter([{ name: "byTime", keys: ["time"], holds: ["pk", "sk", "time"] }]);
});

/** A client of the meter's. */
function watched<C extends Parameters<typeof guarded>[0]>(made: C): C {
  meter.watch(guarded(made), "advance");
  return made;
}

function units({ written, indexed, read, queued, sent }: CountedRequest) {
  return { written, indexed, read, queued, sent };
}

const NOTHING = { written: 0, indexed: 0, read: 0, queued: 0, sent: 0 };
const item = (pk: string, bytes: number) => ({ pk: { S: pk }, sk: { S: "!" }, data: { S: "x".repeat(bytes) } });
const keyOf = (pk: string) => ({ pk: { S: pk }, sk: { S: "!" } });

describe("of DynamoDB", () => {
  let dynamo: DynamoDBClient;
  beforeEach(() => {
    dynamo = watched(new DynamoDBClient(loopbackSettings(emulator.endpoint)));
  });

  test("a write costs the larger of both items, one that is refused what is there", async () => {
    const [pk, time] = [randomUUID(), { S: "1" }];
    const put = (bytes: number, ConditionExpression?: string) =>
      dynamo.send(
        new PutItemCommand({
          TableName,
          Item: { ...item(pk, bytes), time },
          ...(ConditionExpression === undefined
            ? {}
            : { ConditionExpression, ExpressionAttributeNames: { "#pk": "pk" } }),
        }),
      );
    await put(3000);
    await put(10);
    await expect(put(5000, "attribute_not_exists(#pk)")).rejects.toThrow("conditional");
    expect(meter.requests.map(({ what }) => what)).toEqual([
      "PutItem other",
      "PutItem other",
      "PutItem other if absent: refused",
    ]);
    expect(meter.requests.map(units)).toEqual([
      { ...NOTHING, written: 3, indexed: 1 },
      { ...NOTHING, written: 3 },
      { ...NOTHING, written: 1 },
    ]);
  });

  test("a read costs by size and consistency, each item of a batch for itself, a query all together", async () => {
    const partition = randomUUID();
    await client.send(new PutItemCommand({ TableName, Item: item(partition, 5000) }));
    await dynamo.send(new GetItemCommand({ TableName, Key: keyOf(partition), ConsistentRead: true }));
    await dynamo.send(new GetItemCommand({ TableName, Key: keyOf(partition) }));
    await dynamo.send(new GetItemCommand({ TableName, Key: keyOf("nothing"), ConsistentRead: true }));
    const Keys = [keyOf(partition), keyOf("nothing")];
    await dynamo.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }));
    const where = { KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": { S: partition } } };
    await dynamo.send(new QueryCommand({ TableName, ConsistentRead: true, ...where }));
    expect(meter.requests.map(({ what, read }) => [what, read])).toEqual([
      ["GetItem other, consistent", 2],
      ["GetItem other", 1],
      ["GetItem other, consistent", 1],
      ["BatchGetItem of 2, consistent", 3],
      ["Query, consistent", 2],
    ]);
  });

  test("a request of another kind is not taken for free", async () => {
    const TransactItems = [{ Get: { TableName, Key: keyOf("nothing") } }];
    const asked = dynamo.send(new TransactGetItemsCommand({ TransactItems }));
    await expect(asked).rejects.toThrow("does not know what TransactGetItems costs");
  });
});

test("of SQS each 64 KB of a request is one, and looking into an empty queue is none", async () => {
  const sqs = guarded(new SQSClient(loopbackSettings(emulator.endpoint)));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `queue-${randomUUID()}` }));
  meter.watch(sqs, "eventSource");
  const Entries = ["0", "1", "2"].map((Id) => ({ Id, MessageBody: "x".repeat(40 * 1024) }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x".repeat(64 * 1024 + 1) }));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(meter.requests.map(({ what, queued, sent }) => [what, queued, sent])).toEqual([
    ["SendMessageBatch of 3", 2, 3],
    ["SendMessage", 2, 1],
    ["ReceiveMessage of 4", 3, 0],
  ]);
});

test("a deployment makes no client that it does not tell of, those of large values and topics neither", async () => {
  const there = loopbackSettings(emulator.endpoint);
  const [bucket, topic] = [`values-${randomUUID()}`, `topic-${randomUUID()}`];
  await guarded(new S3Client(there)).send(new CreateBucketCommand({ Bucket: bucket }));
  await guarded(new SNSClient(there)).send(new CreateTopicCommand({ Name: topic }));
  const queue = `${emulator.endpoint}/${ACCOUNT}/none`;
  const environment = {
    TABLE: TableName,
    BUCKET: bucket,
    TRANSITIONS_URL: queue,
    TRANSITIONS_ARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:none`,
    ALONE_URL: queue,
    TIMER_GROUP: "default",
    TIMER_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/stepwell`,
    KEYS: `test:${randomBytes(32).toString("base64")}`,
  };
  const asked: string[] = [];
  const { runtime } = openDeployment(environment, {
    clients: {
      settings: (service) => {
        asked.push(service);
        return there;
      },
      made: watched,
    },
  });
  expect(asked).toEqual(["DynamoDB", "SQS", "Lambda"]);
  const { blobs, destinations, timers, journal } = runtime.ports;
  await blobs.put("hash", "text");
  await blobs.get("hash");
  const context = { attemptId: "a", flow: "f", execution: "e", step: "s", retryCount: 0 };
  await destinations.send({ kind: "topic", region: "", account: "", topic, message: { body: "news" } }, context);
  await timers.schedule(`timer-${randomUUID()}`, Date.now() + 3_600_000, "later");
  await journal.readFlow("none");
  expect(asked.slice(3).toSorted()).toEqual(["S3", "SNS", "Scheduler"]);
  expect(tally(meter.requests)).toEqual({
    "advance: PutObject": 1,
    "advance: GetObject": 1,
    "advance: Publish": 1,
    "advance: CreateSchedule": 1,
    "scheduler: SendMessage": 1,
    "advance: GetItem flow, consistent": 1,
  });
});
