/**
 * Stepwell's functions as they run in Lambda, but in this process, over an emulator's table and queues, with every request
 * counted: the API behind its function URL, the handler of transitions behind an event source that does what Lambda's does.
 * Time stands still until it is told to pass, so waits of hours and time-outs cost nothing.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { DescribeTableCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import { CreateScheduleGroupCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, DeleteMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createApi } from "../../lib/api/index.ts";
import { handleBatch } from "../../lib/aws/deployment/batch.ts";
import { serveUrl } from "../../lib/aws/deployment/function-url.ts";
import { openDeployment } from "../../lib/aws/deployment/ports.ts";
import { testTable } from "../../lib/aws/journal/testing/table.ts";
import { systemClock } from "../../lib/memory/system-clock.ts";
import type { Settings } from "../../lib/runtime/index.ts";
import type { Index } from "./count-capacity.ts";
import { type CountedRequest, openMeter, roundTrips, type Sender } from "./count-requests.ts";
import { ACCOUNT, guarded, loopbackSettings, REGION } from "./guard.ts";
import { lambdaServer } from "./lambda-server.ts";
import { timedMinistack } from "./ministack.ts";
import { receivedRecords } from "./received-records.ts";

/** An invocation of a function of Stepwell's. */
export interface CountedInvocation {
  readonly of: "api" | "advance";
  readonly records: number;
  /** Requests of it that waited for one another. */
  readonly roundTrips: number;
}

export interface Counted {
  readonly requests: readonly CountedRequest[];
  readonly invocations: readonly CountedInvocation[];
}

export interface CountedWorld {
  /** A request to the API; rejects when it is refused. */
  call(action: string, params: { readonly [name: string]: string }): Promise<{ readonly [field: string]: unknown }>;
  /** Delivers what is in the queue until nothing is there: so many messages a batch at most, to workers of that mode. */
  deliver(batch: 1 | 10, mode?: Settings["mode"]): Promise<void>;
  /** What task functions were called with, in their order; each answers `{}`. */
  readonly tasks: readonly string[];
  pass(seconds: number): Promise<void>;
  /** What was counted meanwhile. */
  count(work: () => Promise<unknown>): Promise<Counted>;
  stop(): Promise<void>;
}

const ROLE = `arn:aws:iam::${ACCOUNT}:role/stepwell`;
/** The records of a batch are in step however busy this machine is: their messages are sent together when the last is there. */
const LONGEST_BATCH_MS = 60_000;
const INVOCATION = { getRemainingTimeInMillis: () => 900_000 };

/** Starts an emulator of its own. */
export async function countedWorld(): Promise<CountedWorld> {
  let now = Math.ceil(Date.now() / 1_000) * 1_000;
  const emulator = await timedMinistack(now);
  const there = loopbackSettings(emulator.endpoint);
  const tasks: string[] = [];
  const lambda = await lambdaServer({
    invoke({ payload }) {
      tasks.push(payload);
      return { body: "{}" };
    },
  });
  const table = await testTable(emulator.endpoint);
  const { Table } = await table.client.send(new DescribeTableCommand({ TableName: table.table }));
  const meter = openMeter(indexesOf(Table));
  const sqs = guarded(new SQSClient(there));
  const scheduler = guarded(new SchedulerClient(there));
  const [queueName, timerGroup] = [`transitions-${randomUUID()}`, `timers-${randomUUID()}`];
  await scheduler.send(new CreateScheduleGroupCommand({ Name: timerGroup }));
  const { QueueUrl = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: queueName, Attributes: { VisibilityTimeout: "900" } }),
  );
  const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${queueName}`;
  const environment = {
    TABLE: table.table,
    BUCKET: "values",
    TRANSITIONS_URL: QueueUrl,
    TRANSITIONS_ARN: queueArn,
    ALONE_URL: `${QueueUrl}-alone`,
    TIMER_GROUP: timerGroup,
    TIMER_ROLE_ARN: ROLE,
    KEYS: `test:${randomBytes(32).toString("base64")}`,
  };
  const invocations: CountedInvocation[] = [];

  function open(by: Sender, mode: Settings["mode"]) {
    return openDeployment(environment, {
      settings: { log: (line) => console.error(line), mode },
      clock: { ...systemClock(), now: () => now },
      lingerMs: LONGEST_BATCH_MS,
      clients: {
        settings: (service) => (service === "Lambda" ? loopbackSettings(lambda.endpoint) : there),
        made: (client) => meter.watch(ofNoTime(guarded(client)), by),
      },
    });
  }

  const front = open("api", "hop");
  const workers = { hop: open("advance", "hop"), fused: open("advance", "fused") };
  meter.watch(sqs, "eventSource");
  const api = createApi({
    runtime: front.runtime,
    ended: () => Promise.reject(new Error("nobody waits here for an end")),
    settled: async () => {},
    onError: (error) => console.error(error),
  });

  async function invoked<T>(of: CountedInvocation["of"], records: number, work: () => Promise<T>): Promise<T> {
    const begun = meter.requests.length;
    const result = await work();
    const own = meter.requests.slice(begun).filter(({ by }) => by === of);
    invocations.push({ of, records, roundTrips: roundTrips(own) });
    return result;
  }

  /** One turn of an event source; false: nothing was there. */
  async function turn(batch: number, mode: Settings["mode"]): Promise<boolean> {
    const records = await receivedRecords(sqs, QueueUrl, { most: batch });
    if (records.length === 0) return false;
    const Records = records.map((record) => ({ ...record, eventSourceARN: queueArn }));
    const { batchItemFailures } = await invoked("advance", Records.length, () =>
      handleBatch(workers[mode], { Records }, INVOCATION),
    );
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} messages failed`);
    const Entries = Records.map(({ messageId, receiptHandle }) => ({ Id: messageId, ReceiptHandle: receiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return true;
  }

  return {
    tasks,
    async call(action, params) {
      const event = {
        rawPath: "/",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        requestContext: { http: { method: "POST" } },
        body: new URLSearchParams({ Action: action, Version: "2019-03-15", ...params }).toString(),
      };
      const { statusCode, body } = await invoked("api", 1, () => serveUrl(api, event, INVOCATION));
      if (statusCode !== 200) throw new Error(`${action} was refused: ${body}`);
      return JSON.parse(body) as { readonly [field: string]: unknown };
    },
    async deliver(batch, mode = "hop") {
      while (await turn(batch, mode)) {}
    },
    async pass(seconds) {
      now += seconds * 1_000;
      await emulator.setTime(now);
    },
    async count(work) {
      meter.requests.length = 0;
      invocations.length = 0;
      await work();
      return { requests: [...meter.requests], invocations: [...invocations] };
    },
    async stop() {
      for (const client of [sqs, scheduler]) client.destroy();
      await lambda.close();
      await emulator.stop();
    },
  };
}

interface Answer {
  readonly response: { readonly headers: Record<string, string> };
}

/** Takes the date off answers. By it the SDK finds its clock wrong when the emulator's time has passed, and repeats what was refused. */
function ofNoTime<C extends Parameters<typeof guarded>[0]>(client: C): C {
  const middleware = (next: (args: unknown) => Promise<Answer>) => async (args: unknown) => {
    const answer = await next(args);
    delete answer.response.headers.date;
    return answer;
  };
  // Below the reading of answers.
  client.middlewareStack.add(middleware, { step: "deserialize", name: "ofNoTime", priority: "low" });
  return client;
}

/** The indexes of serverless.yml, as the table has them. */
function indexesOf({ KeySchema = [], GlobalSecondaryIndexes = [] }: TableDescription = {}): readonly Index[] {
  const names = (schema: typeof KeySchema) => schema.map(({ AttributeName = "" }) => AttributeName);
  return GlobalSecondaryIndexes.map(({ IndexName = "", KeySchema: keys = [], Projection = {} }) => ({
    name: IndexName,
    keys: names(keys),
    holds: [...names(KeySchema), ...names(keys), ...(Projection.NonKeyAttributes ?? [])],
  }));
}
