/**
 * Stepwell deployed into an emulator: its functions as zips, with table, bucket, queues and event sources as serverless.yml has
 * them, reached from outside over the function URL. Names are new each time: deployments beside each other do not meet.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AttributeValue, GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteEventSourceMappingCommand,
  InvokeCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateScheduleGroupCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { testTable } from "../../lib/aws/journal/testing/table.ts";
import { bundled, handlerOf } from "../../scripts/build-examples.ts";
import { buildFunctions } from "../../scripts/build-functions.ts";
import { zip } from "../../scripts/zip.ts";
import { ACCOUNT, guarded, loopbackSettings, REGION } from "./guard.ts";

/** What the API answers with. */
export interface Answer {
  readonly status: number;
  readonly body: { readonly [field: string]: unknown };
}

export interface QueueAddress {
  readonly url: string;
  readonly arn: string;
}

export interface DeployOptions {
  /** What the functions, and requests to the function URL, take for AWS: a proxy on loopback. The emulator when not given. */
  readonly through?: string;
  /** Short leases: a lost worker's message comes back after this, seconds. As on AWS when not given. */
  readonly visibilitySeconds?: number;
  /** Longest invocation of `advance`, and with it the visibility of its queues, seconds. */
  readonly invocationSeconds?: number;
  /** Batches of each queue that are handled at a time; 2 when not given. */
  readonly concurrency?: number;
}

export interface Deployed {
  readonly table: string;
  readonly bucket: string;
  /** Of its task tokens, as the environment says them. */
  readonly keys: string;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly scheduler: SchedulerClient;
  readonly timerGroup: string;
  readonly transitions: QueueAddress;
  readonly alone: QueueAddress;
  readonly deadLetters: QueueAddress;
  /** A request to the function URL: GET, or POST with the parameters as a form. */
  call(action: string, params?: { readonly [name: string]: string }, method?: "GET" | "POST"): Promise<Answer>;
  createFlow(name: string, definition: string, mode?: "Standard" | "Express"): Promise<void>;
  /** Uploads a function under the name that a task's resource stands for; its code is a module with a `handler`. */
  taskFunction(name: string, code: string | Uint8Array, environment?: Record<string, string>): Promise<void>;
  /** Processes that the emulator runs a function of this deployment in, by the name of its file. */
  workers(name: string): Promise<readonly number[]>;
  /** Invokes a function of Stepwell's as a schedule does, and waits for it. Rejects when it fails. */
  invoke(name: string, event: object): Promise<void>;
  /** The table's item of that key. */
  item(pk: string, sk: string): Promise<Record<string, AttributeValue> | undefined>;
  /** Resolves with what DescribeExecution says when the execution has ended. */
  ended(flow: string, name: string): Promise<Answer["body"]>;
  /** Hands over no more messages; resolves when no function has one in hand. */
  rest(): Promise<void>;
  stop(): Promise<void>;
}

/** The code of a task function: a member of what an example's functions.ts exports. */
export function codeOf(module: string, member: string): Promise<Uint8Array> {
  return bundled(handlerOf(module, member));
}

/** As in serverless.yml. */
const INVOCATION_SECONDS = 900;
const MAX_RECEIVES = 5;

const ROLE = `arn:aws:iam::${ACCOUNT}:role/stepwell`;

/** How often it is looked whether messages are in hand, ms. */
const LOOK_MS = 200;

export async function deploy(endpoint: string, options: DeployOptions = {}): Promise<Deployed> {
  const settings = loopbackSettings(endpoint);
  const { endpoint: through } = loopbackSettings(options.through ?? endpoint);
  const { visibilitySeconds, invocationSeconds = INVOCATION_SECONDS, concurrency = 2 } = options;
  const sqs = guarded(new SQSClient(settings));
  const lambda = guarded(new LambdaClient(settings));
  const s3 = guarded(new S3Client(settings));
  const scheduler = guarded(new SchedulerClient(settings));
  const id = randomUUID().slice(0, 8);
  const folder = await mkdtemp(join(tmpdir(), "stepwell-functions-"));
  const table = await testTable(endpoint);
  const mappings: string[] = [];

  async function queue(name: string, deadLetters?: QueueAddress): Promise<QueueAddress> {
    const QueueName = `${name}-${id}`;
    const redrive =
      deadLetters === undefined
        ? {}
        : { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: MAX_RECEIVES }) };
    const Attributes = { VisibilityTimeout: String(invocationSeconds), ...redrive };
    const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return { url, arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}` };
  }

  async function upload(FunctionName: string, ZipFile: Uint8Array, Timeout: number, Variables: Record<string, string>) {
    const Code = { ZipFile };
    const Runtime = "nodejs24.x" as const;
    const Environment = { Variables };
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime,
        Handler: "index.handler",
        Role: ROLE,
        Code,
        Timeout,
        Environment,
      }),
    );
  }

  async function map(from: QueueAddress, FunctionName: string, BatchSize: number): Promise<void> {
    const { UUID = "" } = await lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: from.arn,
        FunctionName,
        BatchSize,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        ScalingConfig: { MaximumConcurrency: concurrency },
      }),
    );
    mappings.push(UUID);
  }

  const [bucket, timerGroup] = [`values-${id}`, `timers-${id}`];
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await scheduler.send(new CreateScheduleGroupCommand({ Name: timerGroup }));
  const deadLetters = await queue("dead-letters");
  const [transitions, alone] = [await queue("transitions", deadLetters), await queue("alone", deadLetters)];
  const keys = `test:${randomBytes(32).toString("base64")}`;
  /** SDK clients send where a queue's URL points. */
  const urlThrough = ({ url }: QueueAddress) => new URL(new URL(url).pathname, through).href;
  const environment = {
    TABLE: table.table,
    BUCKET: bucket,
    TRANSITIONS_URL: urlThrough(transitions),
    TRANSITIONS_ARN: transitions.arn,
    ALONE_URL: urlThrough(alone),
    TIMER_GROUP: timerGroup,
    TIMER_ROLE_ARN: ROLE,
    KEYS: keys,
    ...(visibilitySeconds === undefined ? {} : { VISIBILITY_SECONDS: String(visibilitySeconds) }),
    AWS_ENDPOINT_URL: through,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: settings.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: settings.credentials.secretAccessKey,
  };
  const nameOf = (name: string) => `stepwell-${id}-${name}`;
  for (const { name, zip: code } of await buildFunctions(folder)) {
    await upload(nameOf(name), code, name === "advance" ? invocationSeconds : 60, environment);
  }
  const { FunctionUrl = "" } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: nameOf("api"), AuthType: "AWS_IAM" }),
  );
  // The emulator's form of a function URL whose host name does not resolve here.
  const url = `${through}/_aws/lambda-url/${new URL(FunctionUrl).hostname.split(".")[0]}/`;
  await map(transitions, nameOf("advance"), 10);
  await map(alone, nameOf("advance"), 1);
  await map(deadLetters, nameOf("dead-letters"), 10);

  async function call(action: string, params = {}, method = "POST"): Promise<Answer> {
    const form = new URLSearchParams({ Action: action, Version: "2019-03-15", ...params }).toString();
    const response = await fetch(method === "GET" ? `${url}?${form}` : url, {
      method,
      headers: {
        // The emulator wants to see that somebody signed.
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/lambda/aws4_request, SignedHeaders=host, Signature=0`,
        ...(method === "GET" ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(method === "GET" ? {} : { body: form }),
    });
    return { status: response.status, body: (await response.json()) as Answer["body"] };
  }

  async function unmap(): Promise<void> {
    for (const UUID of mappings.splice(0)) await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  }

  async function inHand({ url: QueueUrl }: QueueAddress): Promise<number> {
    const AttributeNames = ["ApproximateNumberOfMessagesNotVisible" as const];
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    return Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0);
  }

  return {
    table: table.table,
    bucket,
    keys,
    sqs,
    lambda,
    scheduler,
    timerGroup,
    transitions,
    alone,
    deadLetters,
    call,
    async createFlow(Name, Definition, ExecutionMode = "Standard") {
      const flow = { Name, Description: "of a test", Type: "FDL", Definition, ExecutionMode };
      const { status, body } = await call("CreateFlow", flow);
      if (status !== 200) throw new Error(`flow ${Name} was not created: ${JSON.stringify(body)}`);
    },
    taskFunction: (name, code, environment = {}) => upload(name, zip({ "index.mjs": code }), 60, environment),
    async workers(name) {
      // Not by its code, which other deployments on this machine have too.
      const variable = `AWS_LAMBDA_FUNCTION_NAME=${nameOf(name)}`;
      const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
      const found = await Promise.all(
        pids.map(async (pid) => {
          // Gone, or somebody else's: no environment of ours.
          const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
          return environment.split("\0").includes(variable) ? [Number(pid)] : [];
        }),
      );
      return found.flat();
    },
    async invoke(name, event) {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName: nameOf(name), Payload: Buffer.from(JSON.stringify(event)) }),
      );
      if (FunctionError !== undefined) throw new Error(`${name} failed: ${Payload?.transformToString()}`);
    },
    async item(pk, sk) {
      const Key = { pk: { S: pk }, sk: { S: sk } };
      return (await table.client.send(new GetItemCommand({ TableName: table.table, Key, ConsistentRead: true }))).Item;
    },
    async ended(FlowName, ExecutionName) {
      for (;;) {
        const { body } = await call("DescribeExecution", { FlowName, ExecutionName, WaitTimeSeconds: "20" });
        if (body.Status !== "Running") return body;
      }
    },
    async rest() {
      await unmap();
      while ((await inHand(transitions)) + (await inHand(alone)) > 0) await sleep(LOOK_MS);
    },
    async stop() {
      await unmap();
      await table.remove();
      for (const client of [sqs, lambda, s3, scheduler]) client.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
