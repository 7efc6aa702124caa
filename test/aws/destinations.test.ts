import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsDestinations } from "../../lib/aws/destinations.ts";
import { destinationsContract } from "../contracts/destinations.ts";
import { ACCOUNT, guarded, loopbackSettings, REGION } from "./guard.ts";
import { type Ministack, ministack } from "./ministack.ts";

let emulator: Ministack;
let sqs: SQSClient;
let sns: SNSClient;

beforeAll(async () => {
  emulator = await ministack();
  sqs = guarded(new SQSClient(loopbackSettings(emulator.endpoint)));
  sns = guarded(new SNSClient(loopbackSettings(emulator.endpoint)));
}, 120_000);

afterAll(async () => {
  sqs?.destroy();
  sns?.destroy();
  await emulator?.stop();
});

/** All messages of a queue now. */
async function received(QueueUrl: string): Promise<readonly Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
    );
    if (Messages.length === 0) return all;
    all.push(...Messages);
  }
}

async function newQueue(QueueName: string, Attributes?: Record<string, string>): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName, ...(Attributes ? { Attributes } : {}) }),
  );
  return QueueUrl;
}

/** A topic, and the URL of a queue that gets what is published to it. */
async function newTopic(Name: string) {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name }));
  const readers = `readers-${randomUUID()}`;
  const url = await newQueue(readers);
  const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT}:${readers}`;
  const Attributes = { RawMessageDelivery: "true" };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes }));
  return { TopicArn, url };
}

destinationsContract("SQS and SNS", async () => {
  const orders = await newQueue("orders");
  const { TopicArn, url } = await newTopic("news");
  return {
    destinations: awsDestinations({ sns, sqs, account: ACCOUNT }),
    arrived: async (kind) => (await received(kind === "queue" ? orders : url)).map(({ Body = "" }) => Body),
    async close() {
      await sqs.send(new DeleteQueueCommand({ QueueUrl: orders }));
      await sns.send(new DeleteTopicCommand({ TopicArn }));
    },
  };
});

describe("a message of a task", () => {
  const context = { attemptId: "start-1..3", flow: "订单", execution: "run-1", step: "notify", retryCount: 0 };
  const own = { region: "", account: "" };
  const attempt = {
    "stepwell.attempt": { DataType: "String", StringValue: "start-1..3" },
    "stepwell.flow": { DataType: "String", StringValue: "订单" },
    "stepwell.execution": { DataType: "String", StringValue: "run-1" },
  };

  test("to a queue carries the attempt, the flow, the execution and what the flow gave, as attributes", async () => {
    const name = `queue-${randomUUID()}`;
    const url = await newQueue(name);
    const message = { body: "body", attributes: { tenant: "acme" }, priority: 3 };
    await awsDestinations({ sns, sqs, account: ACCOUNT }).send(
      { kind: "queue", queue: name, message, ...own },
      context,
    );
    const [arrived] = await received(url);
    expect(arrived).toMatchObject({
      Body: "body",
      MessageAttributes: {
        ...attempt,
        tenant: { DataType: "String", StringValue: "acme" },
        Priority: { DataType: "Number", StringValue: "3" },
      },
    });
  });

  test("to a topic carries the same", async () => {
    const name = `topic-${randomUUID()}`;
    const { url } = await newTopic(name);
    const message = { body: "body", tag: "urgent", subject: "hello" };
    await awsDestinations({ sns, sqs, account: ACCOUNT }).send(
      { kind: "topic", topic: name, message, ...own },
      context,
    );
    const [arrived] = await received(url);
    expect(arrived).toMatchObject({
      Body: "body",
      MessageAttributes: { ...attempt, MessageTag: { DataType: "String", StringValue: "urgent" } },
    });
  });

  test("may name its queue or topic by an ARN", async () => {
    const name = `by-arn-${randomUUID()}`;
    const [url, topic] = [await newQueue(name), await newTopic(name)];
    const place = { region: REGION, account: ACCOUNT };
    const destinations = awsDestinations({ sns, sqs, account: "999999999999" });
    await destinations.send({ kind: "queue", queue: name, message: { body: "a" }, ...place }, context);
    await destinations.send({ kind: "topic", topic: name, message: { body: "b" }, ...place }, context);
    expect([await received(url), await received(topic.url)]).toMatchObject([[{ Body: "a" }], [{ Body: "b" }]]);
  });

  test("with Alibaba Cloud's region and account goes to the deployment's own", async () => {
    const name = `ported-${randomUUID()}`;
    const [url, topic] = [await newQueue(name), await newTopic(name)];
    const place = { region: "cn-hangzhou", account: "1234567890123456" };
    const destinations = awsDestinations({ sns, sqs, account: ACCOUNT });
    await destinations.send({ kind: "queue", queue: name, message: { body: "a" }, ...place }, context);
    await destinations.send({ kind: "topic", topic: name, message: { body: "b" }, ...place }, context);
    expect([await received(url), await received(topic.url)]).toMatchObject([[{ Body: "a" }], [{ Body: "b" }]]);
  });

  test("of the same attempt, sent again to a FIFO queue, is the same message", async () => {
    const name = `queue-${randomUUID()}.fifo`;
    const url = await newQueue(name, { FifoQueue: "true" });
    const destinations = awsDestinations({ sns, sqs, account: ACCOUNT });
    const message = { body: "body", groupId: "g" };
    const call = { kind: "queue", queue: name, message, ...own } as const;
    for (const attemptId of ["start-1..3", "start-1..3", "start-1..5"])
      expect(await destinations.send(call, { ...context, attemptId })).toMatchObject({ kind: "succeeded" });
    const first = await received(url);
    expect(first.length).toBe(2);
  });

  test("that is to wait longer than SQS can is refused, not sent", async () => {
    const name = `queue-${randomUUID()}`;
    const url = await newQueue(name);
    const message = { body: "body", delaySeconds: 901 };
    expect(
      await awsDestinations({ sns, sqs, account: ACCOUNT }).send(
        { kind: "queue", queue: name, message, ...own },
        context,
      ),
    ).toEqual({ kind: "failed", error: "MNS.InvalidParameterValue", cause: expect.stringMatching(/901.*900/) });
    expect(await received(url)).toEqual([]);
  });

  test("that nobody can send for want of credentials is an error of the deployment, not the flow's", async () => {
    const { credentials: _, ...settings } = loopbackSettings(emulator.endpoint);
    const credentials = () => Promise.reject(Object.assign(new Error("none"), { name: "CredentialsProviderError" }));
    const nobody = guarded(new SQSClient({ ...settings, credentials }));
    const destinations = awsDestinations({ sns, sqs: nobody, account: ACCOUNT });
    await expect(
      destinations.send({ kind: "queue", queue: "orders", message: { body: "a" }, ...own }, context),
    ).rejects.toMatchObject({ code: "CredentialsProviderError" });
    nobody.destroy();
  });
});

describe("a service that refuses", () => {
  test.each([
    [400, "com.amazonaws.sqs#InvalidMessageContents", "MNS.InvalidMessageContents"],
    [400, "com.amazonaws.sqs#QueueDoesNotExist", "MNS.QueueNotExist"],
    [400, "com.amazonaws.sqs#KmsThrottled", "MNS.KmsThrottled"],
    [403, "AccessDeniedException", "MNS.AccessDenied"],
    [403, "com.amazonaws.sqs#RequestThrottled", "MNS.RequestThrottled"],
    [500, "InternalFailure", "MNS.InternalFailure"],
  ])("with %i %s is %s", async (status, type, error) => {
    const server = createServer((request, response) => {
      request.resume().on("end", () => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
        response.end(JSON.stringify({ __type: type, message: "refused" }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const refusing = guarded(new SQSClient({ ...loopbackSettings(`http://127.0.0.1:${port}`), maxAttempts: 1 }));
    const call = { kind: "queue", queue: "orders", message: { body: "a" }, region: "", account: "" } as const;
    const context = { attemptId: "1", flow: "f", execution: "e", step: "s", retryCount: 0 };
    const destinations = awsDestinations({ sns, sqs: refusing, account: ACCOUNT });
    expect(await destinations.send(call, context)).toEqual({
      kind: "failed",
      error,
      cause: expect.stringContaining("refused"),
    });
    refusing.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
