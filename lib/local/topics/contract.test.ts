import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { destinationsContract } from "../../../test/contracts/destinations.ts";
import { systemClock } from "../../memory/system-clock.ts";
import { localTopics } from "./local-topics.ts";

destinationsContract("local topics", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "stepwell-topics-"));
  const topics = await localTopics({
    dataDir,
    functions: () => undefined,
    clock: systemClock(),
    log: () => {},
    createMissing: false,
  });
  const settings = {
    endpoint: topics.endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const sqs = new SQSClient(settings);
  const sns = new SNSClient(settings);
  const { QueueUrl: orders } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  const { QueueUrl: news } = await sqs.send(new CreateQueueCommand({ QueueName: "readers" }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
  const Endpoint = "arn:aws:sqs:eu-central-1:123456789012:readers";
  const Attributes = { RawMessageDelivery: "true" };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes }));
  return {
    destinations: topics,
    async arrived(kind) {
      const QueueUrl = kind === "queue" ? orders : news;
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return bodies;
        bodies.push(...Messages.map(({ Body = "" }) => Body));
      }
    },
    async close() {
      sqs.destroy();
      sns.destroy();
      await topics.close();
      await rm(dataDir, { recursive: true });
    },
  };
});
