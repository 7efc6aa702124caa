import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { sdkSettings, testedTopics } from "./testing/topics.ts";

test("a queue is the same in every region", async () => {
  await using tested = await testedTopics();
  await tested.sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  const elsewhere = new SQSClient({ ...sdkSettings(tested.topics.endpoint), region: "ap-south-1" });
  const { QueueUrl } = await elsewhere.send(new GetQueueUrlCommand({ QueueName: "orders" }));
  expect(QueueUrl).toBe(`${tested.topics.endpoint}/000000000000/orders`);
  elsewhere.destroy();
});

test("queue URLs lead to the port that is listened at now", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "stepwell-topics-"));
  const urls: string[] = [];
  for (let round = 0; round < 2; round++) {
    await using tested = await testedTopics({ dataDir });
    const { QueueUrl = "" } = await tested.sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
    expect(QueueUrl).toBe(`${tested.topics.endpoint}/000000000000/orders`);
    urls.push(QueueUrl);
  }
  expect(urls[0]).not.toBe(urls[1]);
  await rm(dataDir, { recursive: true });
});

test("a message stays in flight over a restart, and one made visible again is there at once", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "stepwell-topics-"));
  const QueueUrl = "http://127.0.0.1/000000000000/orders";
  {
    await using tested = await testedTopics({ dataDir });
    await tested.sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
    for (const MessageBody of ["kept", "freed"])
      await tested.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const { Messages = [] } = await tested.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2 }));
    const freed = Messages.find(({ Body }) => Body === "freed")?.ReceiptHandle;
    await tested.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: freed, VisibilityTimeout: 0 }));
  }
  {
    await using tested = await testedTopics({ dataDir });
    const { Messages } = await tested.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(["freed"]);
  }
  await rm(dataDir, { recursive: true });
});

test("a message that was received too often goes to the dead-letter queue, whatever region its ARN names", async () => {
  await using tested = await testedTopics();
  const { QueueUrl: dead } = await tested.sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: "arn:aws:sqs:eu-west-1:123456789012:dead",
    maxReceiveCount: 1,
  });
  const input = { QueueName: "orders", Attributes: { RedrivePolicy, VisibilityTimeout: "0" } };
  const { QueueUrl } = await tested.sqs.send(new CreateQueueCommand(input));
  await tested.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "arn:aws:sqs:eu-west-1:1:x stays" }));
  const bodies: (string | undefined)[] = [];
  for (const url of [QueueUrl, QueueUrl, dead]) {
    const { Messages } = await tested.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
    bodies.push(Messages?.[0]?.Body);
  }
  expect(bodies).toEqual(["arn:aws:sqs:eu-west-1:1:x stays", undefined, "arn:aws:sqs:eu-west-1:1:x stays"]);
});

test("a receiver that has gone while it waited takes no message with it", async () => {
  await using tested = await testedTopics();
  const { QueueUrl } = await tested.sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  const leaving = new AbortController();
  const left = tested.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
    abortSignal: leaving.signal,
  });
  const refused = expect(left).rejects.toThrow();
  // The poll has begun when a later request on another connection is answered.
  await tested.sqs.send(new GetQueueUrlCommand({ QueueName: "orders" }));
  leaving.abort();
  await refused;
  // And its end is seen when another one is.
  await tested.sqs.send(new GetQueueUrlCommand({ QueueName: "orders" }));
  await tested.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
  const { Messages = [] } = await tested.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  expect(Messages.map(({ Body }) => Body)).toEqual(["a"]);
  await tested.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
});

test("a receiver that waits when the topics are closed is answered that there is nothing", {
  timeout: 10_000,
}, async () => {
  const tested = await testedTopics();
  const { QueueUrl } = await tested.sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  const waiting = tested.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  // The poll has begun when a later request on another connection is answered.
  await tested.sqs.send(new GetQueueUrlCommand({ QueueName: "orders" }));
  await tested.topics.close();
  expect((await waiting).Messages).toBeUndefined();
  await tested[Symbol.asyncDispose]();
});

test.each([
  ["a page of another site", { headers: { origin: "https://example.com" } }, 403],
  ["a body that is no JSON", { headers: { "content-type": "application/x-amz-json-1.0" }, body: "{" }, 400],
  ["an action that there is not", { body: new URLSearchParams({ Action: "../../app" }) }, 400],
  ["another method", { method: "PUT" }, 405],
  ["a body of 17 MiB", { body: "x".repeat(17 * 1024 * 1024) }, 413],
  ["a certificate that there is not", { method: "GET", path: "/SimpleNotificationService-0.pem" }, 404],
])("%s is refused", async (_, request, status) => {
  await using tested = await testedTopics();
  const { path = "/", ...rest }: RequestInit & { readonly path?: string } = request;
  const response = await fetch(`${tested.topics.endpoint}${path}`, { method: "POST", ...rest });
  expect(response.status).toBe(status);
  await response.text();
});

test("a port that another program has is said in words", async () => {
  await using tested = await testedTopics();
  const port = Number(new URL(tested.topics.endpoint).port);
  await expect(testedTopics({ port })).rejects.toMatchObject({
    code: "AddressInUse",
    message: `127.0.0.1:${port} is in use by another program: stop that, or choose another port`,
  });
});
