/** The proxy before a server that notes what reaches it, by the SDK's own clients: each fault is to them what it is on AWS. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { GetQueueUrlCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { awsError } from "../../../lib/aws/errors.ts";
import { LAMBDA_CLIENT_SETTINGS } from "../../../lib/aws/functions.ts";
import { resultOfError, SYNC_LIMIT } from "../../../lib/aws/lambda-result.ts";
import { guarded, loopbackSettings } from "../guard.ts";
import { bytesOf } from "./aws-request.ts";
import { type FaultProxy, type FaultProxyOptions, faultProxy, NO_FAULTS, type Rates } from "./fault-proxy.ts";

interface Arrived {
  readonly target: string;
  readonly host: string | undefined;
  readonly body: string;
}

let server: Server;
let endpoint: string;
let proxy: FaultProxy;
let arrived: Arrived[];
/** What the server answers with. */
let answer: string;

beforeEach(async () => {
  arrived = [];
  answer = "{}";
  server = createServer(async (request, response) => {
    const { host, "x-amz-target": target } = request.headers;
    arrived.push({ target: String(target ?? request.url), host, body: (await bytesOf(request)).toString() });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const open = async (rates: Partial<Rates>, more: Partial<FaultProxyOptions> = {}) => {
  proxy = await faultProxy({ endpoint, seed: 1, rates: { ...NO_FAULTS, ...rates }, ...more });
  const settings = { ...loopbackSettings(proxy.endpoint), maxAttempts: 1 };
  return {
    dynamo: guarded(new DynamoDBClient(settings)),
    sqs: guarded(new SQSClient({ ...settings, md5: false })),
    s3: guarded(new S3Client(settings)),
    lambda: guarded(new LambdaClient({ ...settings, ...LAMBDA_CLIENT_SETTINGS })),
    scheduler: guarded(new SchedulerClient(settings)),
  };
};

const put = new PutItemCommand({ TableName: "t", Item: { pk: { S: "a" } } });
const schedule = new CreateScheduleCommand({
  Name: "n",
  ScheduleExpression: "at(2030-01-01T00:00:00)",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: "arn:aws:sqs:us-east-1:000000000000:q", RoleArn: "arn:aws:iam::000000000000:role/r" },
});
const queueUrl = () => `${proxy.endpoint}/000000000000/q`;
const message = () => new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: "m" });
const object = new PutObjectCommand({ Bucket: "b", Key: "k", Body: "text" });
const invoke = new InvokeCommand({ FunctionName: "f", Payload: Buffer.from("{}") });

type Clients = Awaited<ReturnType<typeof open>>;
/** A call of each service, and its name. */
const CALLS: readonly (readonly [string, (clients: Clients) => Promise<unknown>])[] = [
  ["DynamoDB", ({ dynamo }) => dynamo.send(put)],
  ["SQS", ({ sqs }) => sqs.send(message())],
  ["Scheduler", ({ scheduler }) => scheduler.send(schedule)],
  ["S3", ({ s3 }) => s3.send(object)],
  ["Lambda", ({ lambda }) => lambda.send(invoke)],
];

async function errorOf(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    return awsError("a call", error);
  }
  throw new Error("it succeeded");
}

test("without faults requests and answers pass as they are, with the host that their sender signed", async () => {
  const { dynamo, s3 } = await open({});
  answer = JSON.stringify({ Attributes: { pk: { S: "ä" } } });
  expect((await dynamo.send(put)).Attributes).toEqual({ pk: { S: "ä" } });
  expect(arrived).toEqual([
    {
      target: "DynamoDB_20120810.PutItem",
      host: new URL(proxy.endpoint).host,
      body: JSON.stringify({ TableName: "t", Item: { pk: { S: "a" } } }),
    },
  ]);
  answer = "x".repeat(100_000);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
  expect(await Body?.transformToString()).toBe(answer);
  expect(proxy.counts).toEqual(NO_FAULTS);
  expect([...proxy.carried]).toEqual([
    ["dynamodb", 1],
    ["s3", 1],
  ]);
});

describe.each(CALLS)("to a client of %s", (service, call) => {
  test("what is throttled is throttled, and nothing happened", async () => {
    const clients = await open({ throttled: 1 });
    expect((await errorOf(call(clients))).kind).toBe("throttled");
    expect(arrived).toEqual([]);
    expect(proxy.counts.throttled).toBe(1);
  });

  test("a fault of the service is one, and nothing happened", async () => {
    const clients = await open({ failed: 1 });
    const error = await errorOf(call(clients));
    expect(error.kind).toBe("unknownOutcome");
    expect(error.cause).toMatchObject({ $metadata: { httpStatusCode: 500 } });
    expect(arrived).toEqual([]);
    expect(proxy.counts.failed).toBe(1);
  });

  test("an answer that is dropped leaves it unknown, and it happened", async () => {
    const clients = await open({ dropped: 1 });
    const error = await errorOf(call(clients));
    expect(error).toMatchObject({ kind: "unknownOutcome", code: "TimeoutError" });
    expect(arrived).toHaveLength(1);
    expect(proxy.counts.dropped).toBe(1);
    if (service === "Lambda") expect(resultOfError(error, SYNC_LIMIT)).toMatchObject({ error: "FC.Unknown" });
  });
});

test("the SDK repeats what was dropped or refused, and Invoke never", async () => {
  await open({ dropped: 0.5, throttled: 0.2, failed: 0.2 });
  const settings = { ...loopbackSettings(proxy.endpoint), maxAttempts: 30, retryMode: "standard" };
  const dynamo = guarded(new DynamoDBClient(settings));
  for (let n = 0; n < 3; n++) await dynamo.send(put);
  expect(proxy.counts.dropped + proxy.counts.throttled + proxy.counts.failed).toBeGreaterThan(0);
  const before = arrived.length;
  await proxy.close();
  const { lambda } = await open({ dropped: 1 });
  await errorOf(lambda.send(invoke));
  expect(arrived).toHaveLength(before + 1);
});

test("requests to the function URL are delayed and dropped, never refused in AWS's name", async () => {
  await open({ throttled: 1, failed: 1 });
  answer = "from the function";
  const response = await fetch(`${proxy.endpoint}/_aws/lambda-url/abc/`, { method: "POST", body: "Action=x" });
  expect(await response.text()).toBe(answer);
});

describe("messages", () => {
  const batch = (count: number) =>
    new SendMessageBatchCommand({
      QueueUrl: queueUrl(),
      Entries: Array.from({ length: count }, (_, n) => ({ Id: String(n), MessageBody: `m${n}` })),
    });
  const entries = ({ body }: Arrived) =>
    (JSON.parse(body) as { Entries: { MessageBody: string; DelaySeconds?: number }[] }).Entries;

  test("come twice, the copies at the same time or much later", async () => {
    const { sqs } = await open({ copied: 1 });
    await sqs.send(batch(10));
    expect(arrived).toHaveLength(2);
    const sent = arrived.flatMap(entries);
    expect(Map.groupBy(sent, ({ MessageBody }) => MessageBody).size).toBe(10);
    expect(sent).toHaveLength(20);
    const delays = sent.map(({ DelaySeconds = 0 }) => DelaySeconds);
    expect(delays.filter((delay) => delay === 0).length).toBeGreaterThan(10);
    expect(Math.max(...delays)).toBeGreaterThan(10);
    expect(proxy.counts.copied).toBe(10);
  });

  test("come later than those that were sent after them", async () => {
    const { sqs } = await open({ reordered: 0.5 });
    await sqs.send(batch(10));
    expect(arrived).toHaveLength(1);
    const delayed = arrived.flatMap(entries).filter(({ DelaySeconds }) => DelaySeconds !== undefined);
    expect(delayed).toHaveLength(proxy.counts.reordered);
    expect(delayed.length).toBeGreaterThan(0);
    expect(delayed.length).toBeLessThan(10);
  });

  test("that are sent alone are doubled too", async () => {
    const { sqs } = await open({ copied: 1 });
    await sqs.send(message());
    expect(arrived.map(({ body }) => JSON.parse(body))).toEqual([
      expect.objectContaining({ MessageBody: "m" }),
      expect.objectContaining({ MessageBody: "m" }),
    ]);
  });

  test("find their queue under the proxy's address as under the emulator's", async () => {
    const { sqs } = await open({});
    answer = JSON.stringify({ QueueUrl: `${endpoint}/000000000000/q` });
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "q" }));
    expect(QueueUrl).toBe(queueUrl());
    await sqs.send(message());
    expect(JSON.parse(arrived.at(-1)?.body ?? "")).toMatchObject({ QueueUrl: `${endpoint}/000000000000/q` });
  });
});

test("who listens hears of all that was carried out, with its answer, also when that was dropped", async () => {
  const heard: string[] = [];
  const { dynamo } = await open(
    { dropped: 1 },
    { onCarried: ({ service, action }, { status, body }) => heard.push(`${service} ${action} ${status} ${body}`) },
  );
  await errorOf(dynamo.send(put));
  expect(heard).toEqual(["dynamodb PutItem 200 {}"]);
});

test("a delay is a while, and the answer comes after it", async () => {
  const { dynamo } = await open({ delayed: 1 });
  for (let n = 0; n < 3; n++) await dynamo.send(put);
  expect(proxy.counts.delayed).toBe(3);
  expect(arrived).toHaveLength(3);
});
