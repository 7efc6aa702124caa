import { createVerify, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  type SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { afterEach, beforeEach, expect, test } from "vitest";
import { textToSign } from "./signing.ts";
import { type Received, type Receiver, startReceiver } from "./testing/receiver.ts";
import { CONTEXT, type TestedTopics, testedTopics } from "./testing/topics.ts";

let receiver: Receiver;
let tested: TestedTopics;
beforeEach(async () => {
  receiver = await startReceiver();
  tested = await testedTopics();
});
afterEach(async () => {
  await tested[Symbol.asyncDispose]();
  await receiver.close();
});

async function makeTopic(sns: SNSClient): Promise<string> {
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "news" }));
  return TopicArn;
}

/** A subscription of the receiver that is confirmed as AWS's documentation says: by a visit to the SubscribeURL. */
async function subscribe(Attributes: Record<string, string> = {}): Promise<{ TopicArn: string; arn: string }> {
  const TopicArn = await makeTopic(tested.sns);
  const input = {
    TopicArn,
    Protocol: "http",
    Endpoint: `${receiver.url}/hook`,
    ReturnSubscriptionArn: true,
    Attributes,
  };
  const { SubscriptionArn: arn = "" } = await tested.sns.send(new SubscribeCommand(input));
  const { SubscribeURL } = JSON.parse((await receiver.next()).body);
  expect((await fetch(SubscribeURL)).status).toBe(200);
  return { TopicArn, arn };
}

/** Whether the signature is that of the certificate at the SigningCertURL. */
async function isSigned({ body }: Received): Promise<boolean> {
  const message = JSON.parse(body);
  const certificate = new X509Certificate(await (await fetch(message.SigningCertURL)).text());
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const hash = message.SignatureVersion === "2" ? "sha256" : "sha1";
  return createVerify(hash).update(textToSign(message)).verify(certificate.publicKey, message.Signature, "base64");
}

test("a subscription is pending until its endpoint confirms it with the token that it got", async () => {
  const TopicArn = await makeTopic(tested.sns);
  const input = { TopicArn, Protocol: "http", Endpoint: `${receiver.url}/hook?a=b` };
  expect((await tested.sns.send(new SubscribeCommand(input))).SubscriptionArn).toBe("pending confirmation");

  const request = await receiver.next();
  expect(request.path).toBe("/hook?a=b");
  expect(request.headers).toMatchObject({
    "x-amz-sns-message-type": "SubscriptionConfirmation",
    "x-amz-sns-topic-arn": TopicArn,
    "x-amz-sns-message-id": expect.stringMatching(/./),
    "content-type": "text/plain; charset=UTF-8",
  });
  const body = JSON.parse(request.body);
  expect(Object.keys(body)).toEqual([
    ..."Type MessageId Token TopicArn Message SubscribeURL Timestamp SignatureVersion Signature SigningCertURL".split(
      " ",
    ),
  ]);
  expect(body).toMatchObject({
    Type: "SubscriptionConfirmation",
    TopicArn,
    Token: expect.stringMatching(/^[0-9a-f]{128}$/),
  });
  expect(await isSigned(request)).toBe(true);

  await tested.sns.send(new PublishCommand({ TopicArn, Message: "before" }));
  const confirm = new ConfirmSubscriptionCommand({ TopicArn, Token: body.Token });
  expect((await tested.sns.send(confirm)).SubscriptionArn).toMatch(`${TopicArn}:`);
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "after" }));
  expect(JSON.parse((await receiver.next()).body).Message).toBe("after");
});

test("no other token confirms it, not even its ARN", async () => {
  const TopicArn = await makeTopic(tested.sns);
  const input = { TopicArn, Protocol: "http", Endpoint: receiver.url, ReturnSubscriptionArn: true };
  const { SubscriptionArn = "" } = await tested.sns.send(new SubscribeCommand(input));
  for (const Token of [SubscriptionArn, "0".repeat(128)]) {
    await expect(tested.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  }
});

test("a publication is pushed as AWS documents it, signed", async () => {
  const { TopicArn, arn } = await subscribe();
  const MessageAttributes = {
    kind: { DataType: "String", StringValue: "new" },
    bytes: { DataType: "Binary", BinaryValue: Buffer.from("ab") },
  };
  const published = await tested.sns.send(
    new PublishCommand({ TopicArn, Message: '{"a":"ö\n🪜"}', Subject: "a subject", MessageAttributes }),
  );
  const request = await receiver.next();
  expect(request.headers).toMatchObject({
    "x-amz-sns-message-type": "Notification",
    "x-amz-sns-topic-arn": TopicArn,
    "x-amz-sns-message-id": published.MessageId,
    "x-amz-sns-subscription-arn": arn,
    "content-type": "text/plain; charset=UTF-8",
  });
  expect(JSON.parse(request.body)).toEqual({
    Type: "Notification",
    MessageId: published.MessageId,
    TopicArn,
    Subject: "a subject",
    Message: '{"a":"ö\n🪜"}',
    Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    SignatureVersion: "1",
    Signature: expect.stringMatching(/^[\w+/]+=*$/),
    SigningCertURL: expect.stringMatching(`^${tested.topics.endpoint}/SimpleNotificationService-[0-9a-f]{32}.pem$`),
    UnsubscribeURL: `${tested.topics.endpoint}/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(arn)}`,
    MessageAttributes: { kind: { Type: "String", Value: "new" }, bytes: { Type: "Binary", Value: "YWI=" } },
  });
  expect(await isSigned(request)).toBe(true);
});

test("a topic with SignatureVersion 2 has signatures with SHA-256", async () => {
  const { TopicArn } = await subscribe();
  const input = { TopicArn, AttributeName: "SignatureVersion", AttributeValue: "2" };
  await tested.sns.send(new SetTopicAttributesCommand(input));
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "a" }));
  const request = await receiver.next();
  expect(JSON.parse(request.body).SignatureVersion).toBe("2");
  expect(await isSigned(request)).toBe(true);
});

test("what a task publishes is pushed, with the attempt's ids", async () => {
  await subscribe();
  const call = { kind: "topic", topic: "news", region: "", account: "", message: { body: "{}", tag: "t" } } as const;
  expect(await tested.topics.send(call, CONTEXT)).toMatchObject({ kind: "succeeded" });
  expect(JSON.parse((await receiver.next()).body)).toMatchObject({
    Message: "{}",
    MessageAttributes: {
      MessageTag: { Type: "String", Value: "t" },
      "stepwell.attempt": { Type: "String", Value: "start-1..3" },
      "stepwell.flow": { Type: "String", Value: "orders" },
      "stepwell.execution": { Type: "String", Value: "run-1" },
    },
  });
});

test("each message of a batch is pushed with its own id", async () => {
  const { TopicArn } = await subscribe();
  const PublishBatchRequestEntries = [
    { Id: "one", Message: "first", Subject: "s" },
    { Id: "two", Message: "second", MessageAttributes: { n: { DataType: "Number", StringValue: "2" } } },
  ];
  const answer = await tested.sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
  const bodies = [await receiver.next(), await receiver.next()].map(({ body }) => JSON.parse(body));
  const ids = new Map(answer.Successful?.map(({ Id, MessageId }) => [Id, MessageId]));
  expect(bodies.find(({ Message }) => Message === "first")).toMatchObject({ MessageId: ids.get("one"), Subject: "s" });
  expect(bodies.find(({ Message }) => Message === "second")).toMatchObject({
    MessageId: ids.get("two"),
    MessageAttributes: { n: { Type: "Number", Value: "2" } },
  });
});

test("with raw delivery the body is the message alone", async () => {
  const { TopicArn } = await subscribe({ RawMessageDelivery: "true" });
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "as it is" }));
  const request = await receiver.next();
  expect(request.body).toBe("as it is");
  expect(request.headers).toMatchObject({ "x-amz-sns-rawdelivery": "true", "x-amz-sns-message-type": "Notification" });
});

test.each([
  ["attributes", { FilterPolicy: '{"kind":["good"]}' }],
  ["the body", { FilterPolicy: '{"kind":["good"]}', FilterPolicyScope: "MessageBody" }],
])("a filter policy on %s keeps out what it does not match", async (_, policy) => {
  const { TopicArn } = await subscribe(policy);
  for (const kind of ["bad", "good"]) {
    const MessageAttributes = { kind: { DataType: "String", StringValue: kind } };
    await tested.sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify({ kind }), MessageAttributes }));
  }
  expect(JSON.parse((await receiver.next()).body).Message).toBe('{"kind":"good"}');
});

test("with MessageStructure json each protocol gets its own text", async () => {
  const { TopicArn } = await subscribe();
  const Message = JSON.stringify({ default: "for all", http: "for http" });
  await tested.sns.send(new PublishCommand({ TopicArn, Message, MessageStructure: "json" }));
  expect(JSON.parse((await receiver.next()).body).Message).toBe("for http");
  await expect(
    tested.sns.send(new PublishCommand({ TopicArn, Message: '{"http":"a"}', MessageStructure: "json" })),
  ).rejects.toThrow(/No default entry/);
});

test("the UnsubscribeURL of a notification ends the subscription", async () => {
  const { TopicArn } = await subscribe();
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "a" }));
  const { UnsubscribeURL } = JSON.parse((await receiver.next()).body);
  expect((await fetch(UnsubscribeURL)).status).toBe(200);
  const other = await startReceiver();
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "b" }));
  await tested.sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: other.url }));
  await other.next();
  expect(receiver.count()).toBe(0);
  await other.close();
});

test("what was answered with an error is pushed again, the same message, and told once", async () => {
  const { TopicArn } = await subscribe();
  receiver.answer(500, 404, 302, 200);
  const { MessageId } = await tested.sns.send(new PublishCommand({ TopicArn, Message: "a" }));
  const tries = [await receiver.next(), await receiver.next(), await receiver.next(), await receiver.next()];
  expect(tries.map(({ status }) => status)).toEqual([500, 404, 302, 200]);
  expect(new Set(tries.map(({ headers }) => headers["x-amz-sns-message-id"]))).toEqual(new Set([MessageId]));
  expect(tested.lines).toEqual([
    `message ${MessageId} of news could not be pushed, and will be tried again: ${receiver.url}/hook answered 500`,
  ]);
});

test("name and password in an endpoint's URL become basic authentication", async () => {
  const TopicArn = await makeTopic(tested.sns);
  const Endpoint = receiver.url.replace("//", "//me:a%20b@");
  await tested.sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint }));
  receiver.answer(401, 200);
  const { headers } = await receiver.next();
  await receiver.next();
  expect(tested.lines).toEqual([expect.stringContaining(`${receiver.url}/ answered 401`)]);
  expect(headers.authorization).toBe(`Basic ${Buffer.from("me:a b").toString("base64")}`);
});

test("an endpoint that does not answer holds up no other one", async () => {
  const silent = createServer(() => {});
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { TopicArn } = await subscribe();
  const Endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  // Each of these is a confirmation that is never answered.
  for (let index = 0; index < 100; index++) {
    await tested.sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint }));
  }
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "a" }));
  expect(JSON.parse((await receiver.next()).body).Message).toBe("a");
  silent.closeAllConnections();
  silent.close();
});

test("an unsubscribed endpoint gets nothing more, though a push is to be tried again", async () => {
  const { TopicArn, arn } = await subscribe();
  receiver.answer(500);
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "a" }));
  for (let tries = 0; tries < 4; tries++) await receiver.next();
  await tested.sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
  receiver.answer(200);
  await subscribe();
  await tested.sns.send(new PublishCommand({ TopicArn, Message: "b" }));
  expect(JSON.parse((await receiver.next()).body).Message).toBe("b");
});

test.each([
  ["email", "a@example.com", /delivers to sqs, http, https and lambda/],
  ["http", "http://example.com/hook", /not on this machine/],
  ["http", "http://127.0.0.1.example.com/", /not on this machine/],
  ["https", "http://127.0.0.1/", /no URL that begins with https/],
  ["lambda", "arn:aws:sqs:us-east-1:1:q", /not the ARN of a Lambda function/],
])("a subscription of %s %s is refused", async (Protocol, Endpoint, message) => {
  const TopicArn = await makeTopic(tested.sns);
  await expect(tested.sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }))).rejects.toThrow(message);
});
