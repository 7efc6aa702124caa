/**
 * What the protocol of architecture §3 needs of SQS's event source mapping, as the emulator has it. README.md beside this file
 * has the table; each of its rows is a test here.
 */
import { randomUUID } from "node:crypto";
import { CreateEventSourceMappingCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Desk, type DeskCall, openDesk, type SqsRecord } from "./desk.ts";
import { ACCOUNT, guarded, loopbackSettings, REGION } from "./guard.ts";
import { type Ministack, ministack } from "./ministack.ts";

let emulator: Ministack;
let sqs: SQSClient;
let lambda: LambdaClient;
let desk: Desk;

beforeAll(async () => {
  emulator = await ministack();
  sqs = guarded(new SQSClient(loopbackSettings(emulator.endpoint)));
  lambda = guarded(new LambdaClient(loopbackSettings(emulator.endpoint)));
  desk = await openDesk(lambda, `desk-${randomUUID()}`);
}, 120_000);

afterAll(async () => {
  await desk?.close();
  sqs?.destroy();
  lambda?.destroy();
  await emulator?.stop();
});

interface Source {
  readonly url: string;
  readonly arn: string;
  send(bodies: readonly string[], delaySeconds?: number): Promise<void>;
  /** The next invocation by this queue. */
  next(): Promise<DeskCall>;
  /** Sets the visibility of records from now on, s. */
  hide(records: readonly SqsRecord[], seconds: number): Promise<void>;
  /** Deletes records, as a handler that is done with them. */
  remove(records: readonly SqsRecord[]): Promise<void>;
  /** Messages in the queue: visible, in flight, delayed. */
  depth(): Promise<number>;
}

interface SourceOptions {
  readonly visibilitySeconds: number;
  readonly batchSize?: number;
  readonly maximumConcurrency?: number;
  readonly redrive?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
  readonly functionName?: string;
}

/** A queue and its mapping to the desk's function. */
async function source(options: SourceOptions): Promise<Source> {
  const { visibilitySeconds, batchSize = 10, maximumConcurrency, redrive, functionName = desk.functionName } = options;
  const { url, arn } = await newQueue({
    VisibilityTimeout: String(visibilitySeconds),
    ...(redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(redrive) }),
  });
  await lambda.send(
    new CreateEventSourceMappingCommand({
      EventSourceArn: arn,
      FunctionName: functionName,
      BatchSize: batchSize,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ...(maximumConcurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
    }),
  );
  return {
    url,
    arn,
    async send(bodies, DelaySeconds = 0) {
      const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, DelaySeconds }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    },
    next: () => desk.next(arn),
    async hide(records, VisibilityTimeout) {
      const Entries = records.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout,
      }));
      const { Failed } = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
      expect(Failed ?? []).toEqual([]);
    },
    async remove(records) {
      const Entries = records.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      const { Failed } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
      expect(Failed ?? []).toEqual([]);
    },
    async depth() {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
      );
      const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible, ApproximateNumberOfMessagesDelayed } =
        Attributes;
      const counts = [
        ApproximateNumberOfMessages,
        ApproximateNumberOfMessagesNotVisible,
        ApproximateNumberOfMessagesDelayed,
      ];
      return counts.reduce((sum, count) => sum + Number(count), 0);
    },
  };
}

async function newQueue(Attributes: Record<string, string>): Promise<{ readonly url: string; readonly arn: string }> {
  const name = `source-${randomUUID()}`;
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  return { url: QueueUrl, arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}` };
}

const failing = (...records: readonly (SqsRecord | undefined)[]) => ({
  batchItemFailures: records.map((record) => ({ itemIdentifier: record?.messageId })),
});
const bodies = (call: DeskCall) => call.records.map(({ body }) => body).toSorted();
const counts = (call: DeskCall) => call.records.map(({ attributes }) => attributes.ApproximateReceiveCount);

/** All messages of the queue in the invocations that it takes: a batch is what was there when the poller looked. */
async function take(from: Source, messages: number): Promise<readonly DeskCall[]> {
  const calls: DeskCall[] = [];
  for (let taken = 0; taken < messages; taken += calls.at(-1)?.records.length ?? 0) calls.push(await from.next());
  return calls;
}

/** A message that goes through the queue and its mapping after all that was done before. */
async function passed(from: Source): Promise<void> {
  await from.send(["probe"]);
  const call = await from.next();
  expect(bodies(call)).toEqual(["probe"]);
  call.answer({});
}

describe.concurrent("the event source mapping of SQS", () => {
  test("hands messages over in batches, each with a receive count of 1, and deletes them when the function returns", async () => {
    const from = await source({ visibilitySeconds: 30 });
    await from.send(["a", "b", "c"]);
    const calls = await take(from, 3);
    expect(calls.flatMap(bodies).toSorted()).toEqual(["a", "b", "c"]);
    expect(calls.flatMap(counts)).toEqual(["1", "1", "1"]);
    for (const call of calls) call.answer({ batchItemFailures: [] });
    await passed(from);
    await expect.poll(() => from.depth(), { timeout: 5000 }).toBe(0);
  });

  test("deletes what succeeded of a batch and hands over again what failed, counted", async () => {
    const from = await source({ visibilitySeconds: 1 });
    await from.send(["a", "b", "c"]);
    const again: string[] = [];
    for (const call of await take(from, 3)) {
      const failed = call.records.filter(({ body }) => body === "b");
      call.answer(failing(...failed));
    }
    const second = await from.next();
    again.push(...bodies(second));
    expect([again, counts(second)]).toEqual([["b"], ["2"]]);
    second.answer(failing(second.records[0]));
    const third = await from.next();
    expect([bodies(third), counts(third)]).toEqual([["b"], ["3"]]);
    third.answer({});
    await expect.poll(() => from.depth(), { timeout: 5000 }).toBe(0);
  });

  test("a failed record comes back when the visibility ends that the function gave it, not the queue's", async () => {
    const from = await source({ visibilitySeconds: 600 });
    await from.send(["a"]);
    const first = await from.next();
    await from.hide(first.records, 1);
    const hidden = Date.now();
    first.answer(failing(first.records[0]));
    const second = await from.next();
    expect(counts(second)).toEqual(["2"]);
    expect(second.at - hidden).toBeGreaterThanOrEqual(900);
    second.answer({});
  });

  test("each record of a batch keeps the visibility of its own", async () => {
    const from = await source({ visibilitySeconds: 600 });
    await from.send(["a", "b"]);
    const calls = await take(from, 2);
    const records = calls.flatMap((call) => call.records);
    await from.hide(
      records.filter(({ body }) => body === "a"),
      2,
    );
    await from.hide(
      records.filter(({ body }) => body === "b"),
      0,
    );
    for (const call of calls) call.answer(failing(...call.records));
    const released = await from.next();
    expect(bodies(released)).toEqual(["b"]);
    released.answer({});
    const later = await from.next();
    expect(bodies(later)).toEqual(["a"]);
    expect(later.at - released.at).toBeGreaterThanOrEqual(1000);
    later.answer({});
  });

  test("a record whose visibility the function extends is not handed over meanwhile, whatever the queue's is", async () => {
    const from = await source({ visibilitySeconds: 2 });
    await from.send(["a"]);
    const first = await from.next();
    await from.hide(first.records, 20);
    // Six seconds of the queue's own visibility pass; a message that is delayed for that long tells when.
    await from.send(["probe"], 6);
    const probe = await from.next();
    expect(bodies(probe)).toEqual(["probe"]);
    probe.answer({});
    first.answer({});
    await expect.poll(() => from.depth(), { timeout: 5000 }).toBe(0);
  });

  test("a record whose visibility ends while the function runs is handed over again, counted, with a handle of its own", async () => {
    const from = await source({ visibilitySeconds: 2 });
    await from.send(["a"]);
    const first = await from.next();
    const second = await from.next();
    expect([bodies(second), counts(second)]).toEqual([["a"], ["2"]]);
    expect(second.records[0]?.messageId).toBe(first.records[0]?.messageId);
    expect(second.records[0]?.receiptHandle).not.toBe(first.records[0]?.receiptHandle);
    await from.hide(second.records, 2);
    // As a worker does that has lost its lease: it leaves the message alone.
    first.answer(failing(first.records[0]));
    second.answer(failing(second.records[0]));
    const third = await from.next();
    expect(counts(third)).toEqual(["3"]);
    third.answer({});
  });

  test("an invocation that ends too late does not delete the record under the one that has it now", async () => {
    const from = await source({ visibilitySeconds: 2 });
    await from.send(["a"]);
    const first = await from.next();
    const second = await from.next();
    await from.hide(second.records, 2);
    first.answer({});
    await passed(from);
    second.answer(failing(second.records[0]));
    const third = await from.next();
    expect(counts(third)).toEqual(["3"]);
    third.answer({});
  });

  test("a record that the function deletes by itself stays deleted, also when the function then fails", async () => {
    const from = await source({ visibilitySeconds: 1 });
    await from.send(["a"]);
    const first = await from.next();
    await from.remove(first.records);
    first.fail();
    await from.send(["probe"], 3);
    expect(bodies(await from.next())).toEqual(["probe"]);
  });

  test("a function that throws gives its whole batch back", async () => {
    const from = await source({ visibilitySeconds: 2 });
    await from.send(["a"]);
    (await from.next()).fail();
    const second = await from.next();
    expect([bodies(second), counts(second)]).toEqual([["a"], ["2"]]);
    second.answer({});
  });

  test("a function whose process is killed gives its batch back", async () => {
    const from = await source({ visibilitySeconds: 2 });
    await from.send(["a"]);
    const first = await from.next();
    process.kill(first.pid, "SIGKILL");
    const second = await from.next();
    expect([bodies(second), counts(second)]).toEqual([["a"], ["2"]]);
    expect(second.pid).not.toBe(first.pid);
    second.answer({});
  });

  test("a function that passes its time-out gives its batch back", async () => {
    const slow = await openDesk(lambda, `slow-${randomUUID()}`, 1);
    try {
      const from = await source({ visibilitySeconds: 3, functionName: slow.functionName });
      await from.send(["a"]);
      await slow.next(from.arn);
      expect(counts(await slow.next(from.arn))).toEqual(["2"]);
    } finally {
      await slow.close();
    }
  });

  test("a message is handed over `maxReceiveCount` times, then it is in the dead-letter queue", async () => {
    const dead = await newQueue({});
    const from = await source({
      visibilitySeconds: 1,
      redrive: { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 },
    });
    await from.send(["a"]);
    for (const count of ["1", "2"]) {
      const call = await from.next();
      expect(counts(call)).toEqual([count]);
      call.answer(failing(call.records[0]));
    }
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead.url, WaitTimeSeconds: 10 }));
    expect(Messages.map(({ Body }) => Body)).toEqual(["a"]);
    expect(desk.waiting(from.arn)).toBe(0);
  });

  test("a delayed message is handed over after its delay and not before", async () => {
    const from = await source({ visibilitySeconds: 30 });
    const sent = Date.now();
    await from.send(["a"], 2);
    const call = await from.next();
    expect(call.at - sent).toBeGreaterThanOrEqual(2000);
    call.answer({});
  });

  test("a mapping with a batch size of 1 hands messages over alone", async () => {
    const from = await source({ visibilitySeconds: 30, batchSize: 1 });
    await from.send(["a", "b", "c"]);
    const calls = [await from.next(), await from.next(), await from.next()];
    expect(calls.map((call) => call.records.length)).toEqual([1, 1, 1]);
    for (const call of calls) call.answer({});
  });

  test("no more batches are under way than the maximum concurrency", async () => {
    const from = await source({ visibilitySeconds: 30, batchSize: 1, maximumConcurrency: 2 });
    await from.send(["a", "b", "c"]);
    const first = await from.next();
    await from.next();
    // Another queue's message, sent after, is through: the poller has looked, and the third was not its to take.
    await passed(await source({ visibilitySeconds: 30 }));
    expect(desk.waiting(from.arn)).toBe(0);
    first.answer({});
    (await from.next()).answer({});
  });
});
