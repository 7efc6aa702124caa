import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import type { MessageParams } from "../../engine/effect.ts";
import { CONTEXT, type TestedTopics, testedTopics } from "./testing/topics.ts";

function send({ topics }: TestedTopics, queue: string, message: MessageParams, attemptId = CONTEXT.attemptId) {
  return topics.send({ kind: "queue", queue, region: "", account: "", message }, { ...CONTEXT, attemptId });
}

function publish({ topics }: TestedTopics, topic: string, message: MessageParams) {
  return topics.send({ kind: "topic", topic, region: "", account: "", message }, CONTEXT);
}

async function received(sqs: SQSClient, QueueName: string) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
  return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
}

test("a queue or topic that nobody made is made by the first message to it, and said", async () => {
  await using tested = await testedTopics();
  for (let round = 0; round < 2; round++) {
    expect(await send(tested, "orders", { body: "a" })).toMatchObject({ kind: "succeeded" });
    expect(await publish(tested, "news", { body: "a" })).toMatchObject({ kind: "succeeded" });
  }
  expect(tested.lines).toEqual([
    "made queue orders, which a task sends to and nobody had made",
    "made topic news, which a task sends to and nobody had made",
  ]);
  expect((await received(tested.sqs, "orders")).map(({ Body }) => Body)).toEqual(["a", "a"]);
});

test("several tasks that send to a new queue at the same time make it once", async () => {
  await using tested = await testedTopics();
  await Promise.all(["a", "b", "c"].map((body) => send(tested, "orders", { body })));
  expect(tested.lines).toEqual(["made queue orders, which a task sends to and nobody had made"]);
  expect((await received(tested.sqs, "orders")).map(({ Body }) => Body).sort()).toEqual(["a", "b", "c"]);
});

test("a name that no queue can have is an error of MNS", async () => {
  await using tested = await testedTopics();
  for (const name of ["a b", "ö", "x".repeat(81), "", "a.b"]) {
    const result = await send(tested, name, { body: "a" });
    expect(result).toMatchObject({
      kind: "failed",
      error: "MNS.QueueNotExist",
      cause: expect.stringContaining(`"${name}"`),
    });
  }
  expect(await publish(tested, "x".repeat(257), { body: "a" })).toMatchObject({ error: "MNS.TopicNotExist" });
});

test("attributes of the flow, priority and the attempt's ids arrive with a message", async () => {
  await using tested = await testedTopics();
  await send(tested, "orders", { body: "a", priority: 3, attributes: { tenant: "acme" } });
  const [message] = await received(tested.sqs, "orders");
  expect(message?.MessageAttributes).toEqual({
    Priority: { DataType: "Number", StringValue: "3" },
    tenant: { DataType: "String", StringValue: "acme" },
    "stepwell.attempt": { DataType: "String", StringValue: "start-1..3" },
    "stepwell.flow": { DataType: "String", StringValue: "orders" },
    "stepwell.execution": { DataType: "String", StringValue: "run-1" },
  });
});

test("the attempt's ids are left out where SQS takes no more attributes", async () => {
  await using tested = await testedTopics();
  const attributes = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`a${index}`, "x"]));
  await send(tested, "orders", { body: "a", attributes });
  const [message] = await received(tested.sqs, "orders");
  expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(Object.keys(attributes));
});

test("one attempt puts one message into a FIFO queue, however often it runs", async () => {
  await using tested = await testedTopics();
  const first = await send(tested, "orders.fifo", { body: "a", groupId: "g" });
  const again = await send(tested, "orders.fifo", { body: "a", groupId: "g" });
  const other = await send(tested, "orders.fifo", { body: "a", groupId: "h" }, "start-1..4");
  const ids = [first, again, other].map((result) => (result.kind === "succeeded" ? result.output : undefined));
  expect(ids[0]).toMatchObject({ MessageId: (ids[1] as { MessageId: string }).MessageId });
  expect(await received(tested.sqs, "orders.fifo")).toHaveLength(2);
});

test("a FIFO queue remembers over a restart what is still in it", async () => {
  const tested = await testedTopics();
  await send(tested, "orders.fifo", { body: "a", groupId: "g" });
  await tested.topics.close();
  await using again = await testedTopics({ dataDir: tested.dataDir });
  await send(again, "orders.fifo", { body: "a", groupId: "g" });
  expect(await received(again.sqs, "orders.fifo")).toHaveLength(1);
  await tested[Symbol.asyncDispose]();
});

test.each([
  [
    "a delay beyond SQS's longest",
    "orders",
    { body: "a", delaySeconds: 901 },
    "MNS.InvalidParameterValue",
    /at most 900/,
  ],
  ["a FIFO queue without a group", "orders.fifo", { body: "a" }, "MNS.MissingParameter", /MessageGroupId/],
  ["an empty body", "orders", { body: "" }, "MNS.MissingParameter", /MessageBody/],
  [
    "a character that SQS does not take",
    "orders",
    { body: "a\u0000" },
    "MNS.InvalidMessageContents",
    /Invalid characters/,
  ],
] as const)("%s is an error", async (_, queue, message, error, cause) => {
  await using tested = await testedTopics();
  expect(await send(tested, queue, message)).toEqual({ kind: "failed", error, cause: expect.stringMatching(cause) });
});

test("a delayed message is not there yet", async () => {
  await using tested = await testedTopics();
  expect(await send(tested, "orders", { body: "a", delaySeconds: 900 })).toMatchObject({ kind: "succeeded" });
  expect(await received(tested.sqs, "orders")).toEqual([]);
});

test("a FIFO topic wants a group, and one attempt puts one message into its queues", async () => {
  await using tested = await testedTopics();
  const { TopicArn } = await tested.sns.send(
    new CreateTopicCommand({ Name: "news.fifo", Attributes: { FifoTopic: "true" } }),
  );
  await tested.sqs.send(new CreateQueueCommand({ QueueName: "readers.fifo" }));
  const Endpoint = "arn:aws:sqs:us-east-1:000000000000:readers.fifo";
  await tested.sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  expect(await publish(tested, "news.fifo", { body: "a" })).toMatchObject({
    error: "MNS.InvalidParameter",
    cause: "Invalid parameter: The MessageGroupId parameter is required for FIFO topics.",
  });
  for (let run = 0; run < 2; run++) {
    expect(await publish(tested, "news.fifo", { body: "a", groupId: "g" })).toMatchObject({ kind: "succeeded" });
  }
  expect(await received(tested.sqs, "readers.fifo")).toHaveLength(1);
  const http = new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: "http://127.0.0.1:1/" });
  await expect(tested.sns.send(http)).rejects.toThrow(/A FIFO topic delivers to queues alone/);
});
