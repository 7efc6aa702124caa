/** serverless.yml deployed by osls as a user does it: what is there then, what another deployment changes, what is left. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetFunctionRecursionConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { GetBucketEncryptionCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetScheduleGroupCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call } from "../../flows/callback/report.ts";
import { signed } from "../../flows/callback/signed.ts";
import { guarded, loopbackSettings } from "./guard.ts";
import type { Ministack } from "./ministack.ts";
import { type Deployment, deployed, ministackWithPermissions } from "./osls.ts";

const root = join(import.meta.dirname, "../..");

let emulator: Ministack;
let deployment: Deployment;
let outputs: { readonly [name: string]: string };
let clients: ReturnType<typeof clientsOf>;

function clientsOf(endpoint: string) {
  const settings = loopbackSettings(endpoint);
  return {
    dynamo: guarded(new DynamoDBClient(settings)),
    lambda: guarded(new LambdaClient(settings)),
    s3: guarded(new S3Client(settings)),
    scheduler: guarded(new SchedulerClient(settings)),
    sns: guarded(new SNSClient(settings)),
    sqs: guarded(new SQSClient(settings)),
  };
}

beforeAll(async () => {
  emulator = await ministackWithPermissions();
  clients = clientsOf(emulator.endpoint);
  deployment = await deployed(emulator.endpoint);
  outputs = await deployment.outputs();
}, 120_000);

afterAll(async () => {
  for (const client of Object.values(clients ?? {})) client.destroy();
  await deployment?.close();
  await emulator?.stop();
});

test("nothing is deployed to an endpoint that is not on loopback", async () => {
  await expect(deployed("https://cloudformation.us-east-1.amazonaws.com")).rejects.toThrow("only 127.0.0.1 is allowed");
});

describe("after `osls deploy`", () => {
  test("the table has its indexes, is paid for by request, and forgets what has expired", async () => {
    const TableName = outputs.TableName;
    const { Table } = await clients.dynamo.send(new DescribeTableCommand({ TableName }));
    expect(Table?.BillingModeSummary?.BillingMode).toBe("PAY_PER_REQUEST");
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(["executions", "running"]);
    const { TimeToLiveDescription } = await clients.dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ AttributeName: "expiresAt", TimeToLiveStatus: "ENABLED" });
  });

  test("the queues feed their functions, batch by batch, and what fails too often is set aside", async () => {
    const { EventSourceMappings = [] } = await clients.lambda.send(new ListEventSourceMappingsCommand({}));
    const sources = EventSourceMappings.map((mapping) => ({
      queue: /-(\w+)-\w+$/.exec(mapping.EventSourceArn ?? "")?.[1],
      taker: mapping.FunctionArn?.split(":").at(-1),
      batch: mapping.BatchSize,
      concurrency: mapping.ScalingConfig?.MaximumConcurrency,
      answers: mapping.FunctionResponseTypes,
    }));
    const taker = (name: string) => `stepwell-${deployment.stage}-${name}`;
    const answers = ["ReportBatchItemFailures"];
    expect(sources.toSorted((a, b) => Number(a.concurrency) - Number(b.concurrency))).toEqual([
      { queue: "DeadLetters", taker: taker("dead-letters"), batch: 10, concurrency: 2, answers },
      { queue: "TransitionsAlone", taker: taker("advance"), batch: 1, concurrency: 10, answers },
      { queue: "Transitions", taker: taker("advance"), batch: 10, concurrency: 400, answers },
    ]);
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: outputs.TransitionsUrl, AttributeNames: ["All"] }),
    );
    expect(Attributes?.VisibilityTimeout).toBe("900");
    expect(JSON.parse(Attributes?.RedrivePolicy ?? "{}")).toMatchObject({
      deadLetterTargetArn: expect.stringContaining("-DeadLetters-"),
      maxReceiveCount: 5,
    });
  });

  test("the functions know the table and the keys, and may go in circles", async () => {
    const FunctionName = `stepwell-${deployment.stage}-advance`;
    const { Environment } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(Environment?.Variables).toMatchObject({
      TABLE: outputs.TableName,
      TRANSITIONS_URL: outputs.TransitionsUrl,
      TIMER_GROUP: `stepwell-${deployment.stage}`,
      KEYS: expect.stringMatching(/^test:/),
    });
    expect(await clients.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }))).toMatchObject({
      RecursiveLoop: "Allow",
    });
  });

  test("the examples' functions know nothing of it", async () => {
    const FunctionName = "fnf-demo-Operation";
    const { Environment } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(Environment?.Variables ?? {}).toEqual({});
  });

  test("who may look at the stack does not see the keys", async () => {
    const answer = await queryApi("cloudformation", { Action: "DescribeStacks", Version: "2010-05-15" });
    expect(answer).toMatch(/<ParameterKey>Keys<\/ParameterKey>\s*<ParameterValue>\*+<\/ParameterValue>/);
    expect(answer).not.toContain("test:");
  });

  test("large values are encrypted, timers have a group, the sweeper a schedule, and dead letters an alarm", async () => {
    const { ServerSideEncryptionConfiguration } = await clients.s3.send(
      new GetBucketEncryptionCommand({ Bucket: outputs.ValuesBucket }),
    );
    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
      "AES256",
    );
    const Name = `stepwell-${deployment.stage}`;
    expect(await clients.scheduler.send(new GetScheduleGroupCommand({ Name }))).toMatchObject({ State: "ACTIVE" });
    const rules = await jsonApi("events", "AWSEvents.ListRuleNamesByTarget", {
      TargetArn: `arn:aws:lambda:us-east-1:000000000000:function:stepwell-${deployment.stage}-sweep`,
    });
    const [rule] = rules.RuleNames as readonly string[];
    expect(await jsonApi("events", "AWSEvents.DescribeRule", { Name: rule })).toMatchObject({
      ScheduleExpression: "rate(15 minutes)",
      State: "ENABLED",
    });
    const alarms = await queryApi("monitoring", { Action: "DescribeAlarms", Version: "2010-08-01" });
    expect(alarms).toContain("<MetricName>NumberOfMessagesReceived</MetricName>");
  });

  test("the API answers to whoever signs, and to nobody else", async () => {
    expect(await deployment.call("ListFlows")).toMatchObject({ Flows: [] });
    const url = outputs.ApiLambdaFunctionUrl ?? "";
    await expect(call(url, "ListFlows", {})).rejects.toThrow(/answered 403|Authorization/);
    const { region } = loopbackSettings(emulator.endpoint);
    const stranger = signed({ region, credentials: { accessKeyId: "test", secretAccessKey: "another" } });
    await expect(call(url, "ListFlows", {}, stranger)).rejects.toThrow(/signature/i);
  });

  test("the topic pushes to its worker, who has confirmed, and refuses what the topic did not send", async () => {
    const { Subscriptions = [] } = await clients.sns.send(new ListSubscriptionsCommand({}));
    expect(Subscriptions).toMatchObject([
      { Protocol: "https", TopicArn: outputs.ExampleTopicArn, Endpoint: outputs.TopicDashworkerLambdaFunctionUrl },
    ]);
    const { SubscriptionArn } = Subscriptions[0] ?? {};
    const pending = async () => {
      const { Attributes } = await clients.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
      return Attributes?.PendingConfirmation;
    };
    await expect.poll(pending, { timeout: 20_000 }).toBe("false");
    const forged = {
      Type: "Notification",
      MessageId: "1",
      TopicArn: outputs.ExampleTopicArn,
      Message: '{"taskToken":"t"}',
      Timestamp: "2026-11-24T00:00:00.000Z",
      SignatureVersion: "2",
      Signature: "AAAA",
      SigningCertURL: "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem",
    };
    const body = JSON.stringify(forged);
    const answer = await fetch(outputs.TopicDashworkerLambdaFunctionUrl ?? "", { method: "POST", body });
    expect({ status: answer.status, text: await answer.text() }).toEqual({
      status: 403,
      text: expect.stringContaining("is no certificate of SNS"),
    });
  });
});

test("a flow runs by the commands of docs/deploying.md", async () => {
  const guide = readFileSync(join(root, "docs/deploying.md"), "utf8");
  const script = /^```sh\n(call\(\) \{[\s\S]*?)^```/m.exec(guide)?.[1] ?? "";
  const env = { PATH: process.env.PATH, ...variables(), API: outputs.ApiLambdaFunctionUrl };
  const { stdout } = await promisify(execFile)("sh", ["-c", `${script.replaceAll("\ncall ", "\necho; call ")}`], {
    cwd: root,
    env,
  });
  const [created, started, described, history] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(created).toMatchObject({ Name: "saga" });
  expect(started).toMatchObject({ Name: "one", Status: "Running" });
  expect(described).toMatchObject({
    Status: "Succeeded",
    Output: expect.stringContaining('"reserve_hotel":"success"'),
  });
  expect(history.Events.at(-1)).toMatchObject({ Type: "ExecutionSucceeded" });
}, 60_000);

describe("another deployment", () => {
  const FunctionName = "fnf-demo-provision";

  async function result(Qualifier?: string): Promise<unknown> {
    const qualified = Qualifier === undefined ? {} : { Qualifier };
    const { Payload } = await clients.lambda.send(new InvokeCommand({ FunctionName, ...qualified }));
    return JSON.parse(Payload?.transformToString() ?? "");
  }

  const warm = () =>
    clients.lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: "online" }));

  test("leaves the alias at version 1 when the newest code is deployed, and keeps instances warm when told to", async () => {
    expect(await result()).toEqual({ success: true });
    await expect(warm()).rejects.toMatchObject({ name: "ProvisionedConcurrencyConfigNotFoundException" });
    await deployment.deploy({ provisionCode: "newest", provisionedConcurrency: "2" });
    expect(await result()).toEqual({ success: false });
    expect(await result("online")).toEqual({ success: true });
    const alias = await clients.lambda.send(new GetAliasCommand({ FunctionName, Name: "online" }));
    expect(alias.FunctionVersion).toBe("1");
    expect(await warm()).toMatchObject({ RequestedProvisionedConcurrentExecutions: 2 });
    expect(await deployment.outputs()).toEqual(outputs);
  }, 60_000);

  test("takes the examples away, and nothing else", async () => {
    await deployment.deploy({ examples: "off" });
    expect(await functionNames()).toEqual(
      ["advance", "api", "dead-letters", "sweep"].map((name) => `stepwell-${deployment.stage}-${name}`),
    );
    expect((await clients.sns.send(new ListTopicsCommand({}))).Topics).toEqual([]);
    expect(await deployment.call("DescribeFlow", { Name: "saga" })).toMatchObject({ Name: "saga" });
  }, 60_000);
});

test("`osls remove` leaves what flows have written, and nothing else", async () => {
  await deployment.remove();
  expect(await functionNames()).toEqual([]);
  const { TableName, ValuesBucket: Bucket } = outputs;
  expect((await clients.dynamo.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).toBe("ACTIVE");
  await clients.s3.send(new HeadBucketCommand({ Bucket }));
}, 60_000);

/** The caller, as the AWS tools find him. */
function variables(): NodeJS.ProcessEnv {
  const { region, credentials } = loopbackSettings(emulator.endpoint);
  const { accessKeyId, secretAccessKey } = credentials;
  return { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

async function functionNames(): Promise<readonly (string | undefined)[]> {
  const { Functions = [] } = await clients.lambda.send(new ListFunctionsCommand({}));
  return Functions.map(({ FunctionName }) => FunctionName).toSorted();
}

/** Asks a service that there is no client of here, in the protocol with forms and XML. */
async function queryApi(service: string, form: Record<string, string>): Promise<string> {
  const body = new URLSearchParams(form);
  return (await fetch(emulator.endpoint, { method: "POST", body, headers: { authorization: scope(service) } })).text();
}

/** The same in the protocol with JSON. */
async function jsonApi(service: string, target: string, input: object): Promise<{ readonly [field: string]: unknown }> {
  const headers = {
    authorization: scope(service),
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": target,
  };
  const answer = await fetch(emulator.endpoint, { method: "POST", body: JSON.stringify(input), headers });
  return (await answer.json()) as { readonly [field: string]: unknown };
}

/** By the scope of its signature the emulator knows which service a request is for. */
function scope(service: string): string {
  const credential = `Credential=test/20261124/us-east-1/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`;
}
