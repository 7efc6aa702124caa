import { createHash, createVerify, X509Certificate } from "node:crypto";
import { CreateTopicCommand, PublishCommand, SetTopicAttributesCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { textToSign } from "./signing.ts";
import { type TestedTopics, testedTopics } from "./testing/topics.ts";

async function subscribed({ sqs, sns }: TestedTopics, Attributes: Record<string, string> = {}) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "readers" }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
  const Endpoint = "arn:aws:sqs:eu-west-1:000000000000:readers";
  const { SubscriptionArn = "" } = await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes }),
  );
  return { QueueUrl, TopicArn, SubscriptionArn };
}

async function received({ sqs }: TestedTopics, QueueUrl: string | undefined) {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages;
}

test.each([
  ["1", "sha1"],
  ["2", "sha256"],
])("a notification in a queue is signed (SignatureVersion %s) and points here", async (AttributeValue, hash) => {
  await using tested = await testedTopics();
  const { QueueUrl, TopicArn, SubscriptionArn } = await subscribed(tested);
  const version = { TopicArn, AttributeName: "SignatureVersion", AttributeValue };
  await tested.sns.send(new SetTopicAttributesCommand(version));
  const { MessageId } = await tested.sns.send(new PublishCommand({ TopicArn, Message: "ö", Subject: "s" }));
  const [message] = await received(tested, QueueUrl);
  const body = JSON.parse(message?.Body ?? "");
  expect(body).toMatchObject({ Type: "Notification", MessageId, TopicArn, Message: "ö", Subject: "s" });
  expect(body.SignatureVersion).toBe(AttributeValue);
  expect(body.UnsubscribeURL).toBe(
    `${tested.topics.endpoint}/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(SubscriptionArn)}`,
  );
  const certificate = new X509Certificate(await (await fetch(body.SigningCertURL)).text());
  const verify = createVerify(hash).update(textToSign(body));
  expect(verify.verify(certificate.publicKey, body.Signature, "base64")).toBe(true);
  expect(message?.MD5OfBody).toBe(
    createHash("md5")
      .update(message?.Body ?? "")
      .digest("hex"),
  );
});

test("what is delivered raw stays what it is, whatever it looks like", async () => {
  await using tested = await testedTopics();
  const { QueueUrl, TopicArn } = await subscribed(tested, { RawMessageDelivery: "true" });
  // A subscription without raw delivery, so that there is somebody who signs.
  await tested.sqs.send(new CreateQueueCommand({ QueueName: "others" }));
  const Endpoint = "arn:aws:sqs:us-east-1:000000000000:others";
  await tested.sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  const bodies = ['"Signature":"EXAMPLE"', '{"Type":"Notification","Signature":"EXAMPLE"}', "null"];
  for (const Message of bodies) await tested.sns.send(new PublishCommand({ TopicArn, Message }));
  expect((await received(tested, QueueUrl)).map(({ Body }) => Body)).toEqual(bodies);
});
