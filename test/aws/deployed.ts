/**
 * Stepwell deployed into an emulator: its functions as zips, with table, bucket, queues and event sources as serverless.yml has
 * them, reached from outside over the function URL. Names are new each time: deployments beside each other do not meet.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { build } from "esbuild";
import { testTable } from "../../lib/aws/journal/testing/table.ts";
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

export interface Deployed {
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
  /** Processes that the emulator runs a function of Stepwell's in, by the name of its file. */
  workers(name: string): Promise<readonly number[]>;
  /** Invokes a function of Stepwell's as a schedule does, and waits for it. Rejects when it fails. */
  invoke(name: string, event: object): Promise<void>;
  /** The table's item of that key. */
  item(pk: string, sk: string): Promise<Record<string, AttributeValue> | undefined>;
  /** Resolves with what DescribeExecution says when the execution has ended. */
  ended(flow: string, name: string): Promise<Answer["body"]>;
  stop(): Promise<void>;
}

/** The code of a task function: a member of what an example's functions.ts exports. */
export async function codeOf(module: string, member: string): Promise<Uint8Array> {
  const contents = `import functions from ${JSON.stringify(module)}; export const handler = functions[${JSON.stringify(member)}];`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** As in serverless.yml. */
const VISIBILITY_SECONDS = 900;
const MAX_RECEIVES = 5;

const ROLE = `arn:aws:iam::${ACCOUNT}:role/stepwell`;

export async function deploy(endpoint: string): Promise<Deployed> {
  const settings = loopbackSettings(endpoint);
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
    const Attributes = { VisibilityTimeout: String(VISIBILITY_SECONDS), ...redrive };
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
        ScalingConfig: { MaximumConcurrency: 2 },
      }),
    );
    mappings.push(UUID);
  }

  const [bucket, timerGroup] = [`values-${id}`, `timers-${id}`];
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await scheduler.send(new CreateScheduleGroupCommand({ Name: timerGroup }));
  const deadLetters = await queue("dead-letters");
  const [transitions, alone] = [await queue("transitions", deadLetters), await queue("alone", deadLetters)];
  const environment = {
    TABLE: table.table,
    BUCKET: bucket,
    TRANSITIONS_URL: transitions.url,
    TRANSITIONS_ARN: transitions.arn,
    ALONE_URL: alone.url,
    TIMER_GROUP: timerGroup,
    TIMER_ROLE_ARN: ROLE,
    KEYS: `test:${randomBytes(32).toString("base64")}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: settings.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: settings.credentials.secretAccessKey,
  };
  const nameOf = (name: string) => `stepwell-${id}-${name}`;
  for (const { name, zip: code } of await buildFunctions(folder)) {
    await upload(nameOf(name), code, name === "advance" ? VISIBILITY_SECONDS : 60, environment);
  }
  const { FunctionUrl = "" } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: nameOf("api"), AuthType: "AWS_IAM" }),
  );
  // The emulator's form of a function URL whose host name does not resolve here.
  const url = `${endpoint}/_aws/lambda-url/${new URL(FunctionUrl).hostname.split(".")[0]}/`;
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

  return {
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
      const code = await readFile(join(folder, name, "index.mjs"));
      const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
      const found = await Promise.all(
        pids.map(async (pid) => {
          try {
            const theirs = await readFile(join(await readlink(`/proc/${pid}/cwd`), "index.mjs"));
            return theirs.equals(code) ? [Number(pid)] : [];
          } catch {
            // Gone, somebody else's, or no function.
            return [];
          }
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
    async stop() {
      for (const UUID of mappings) await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
      await table.remove();
      for (const client of [sqs, lambda, s3, scheduler]) client.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
