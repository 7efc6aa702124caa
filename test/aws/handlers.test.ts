/** How the handler of transitions treats its batch, over the emulator's SQS: which requests it makes, and what comes back. */
import { randomUUID } from "node:crypto";
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sqsSettling } from "../../lib/aws/delivery.ts";
import { handleBatch } from "../../lib/aws/deployment/batch.ts";
import { reviveBatch } from "../../lib/aws/deployment/dead-letters.ts";
import type { QueueRecord } from "../../lib/aws/deployment/invocation.ts";
import type { Deployment } from "../../lib/aws/deployment/ports.ts";
import { sqsQueue } from "../../lib/aws/queue.ts";
import { blobSubmissions } from "../../lib/aws/submissions.ts";
import type { Json } from "../../lib/fdl/json.ts";
import { memoryBlobs } from "../../lib/memory/blobs.ts";
import { recordingDestinations } from "../../lib/memory/destinations.ts";
import { randomIds } from "../../lib/memory/ids.ts";
import { memoryJournal } from "../../lib/memory/journal.ts";
import { systemKeys } from "../../lib/memory/keys.ts";
import { scriptedFunctions } from "../../lib/memory/scripted.ts";
import { systemClock } from "../../lib/memory/system-clock.ts";
import { memoryTimers } from "../../lib/memory/timers.ts";
import { createRuntime, deployFlow, type Settings, startExecution } from "../../lib/runtime/index.ts";
import type { Functions } from "../../lib/runtime/ports/functions.ts";
import type { Journal } from "../../lib/runtime/ports/journal.ts";
import { countedSqs } from "./counted-sqs.ts";
import { type Ministack, ministack } from "./ministack.ts";
import { receivedRecords } from "./received-records.ts";

const FLOW = `
version: v1
type: flow
steps:
  - type: task
    name: Pay
    resourceArn: acs:fc:::services/shop/functions/pay
    inputMappings:
      - target: order
        source: $context.execution.name
`;

let emulator: Ministack;
let client: SQSClient;
/** SQS requests and how many entries each had, of all tests: they run one after another. */
let requests: string[];
/** Told of each. */
let onRequest: (request: string) => void;

beforeAll(async () => {
  emulator = await ministack();
  client = countedSqs(emulator.endpoint, (request) => {
    requests.push(request);
    onRequest(request);
  });
}, 120_000);

afterAll(async () => {
  client?.destroy();
  await emulator?.stop();
});

interface WorldOptions {
  readonly pay?: (order: string) => Json | Promise<Json>;
  readonly journal?: (journal: Journal) => Journal;
  readonly functions?: (functions: Functions) => Functions;
  readonly settings?: Partial<Settings>;
}

/** A deployment whose queue alone is AWS's. */
async function world({ pay = () => ({ paid: true }), settings = {}, ...change }: WorldOptions = {}) {
  requests = [];
  onRequest = () => {};
  const queueName = `handlers-${randomUUID()}`;
  const { QueueUrl: queueUrl = "" } = await client.send(
    new CreateQueueCommand({ QueueName: queueName, Attributes: { VisibilityTimeout: "900" } }),
  );
  const blobs = memoryBlobs();
  const clock = systemClock();
  const inHand = new Set<object>();
  const linger = { ms: 1_000, company: () => inHand.size };
  const queue = sqsQueue({ client, transitionsUrl: queueUrl, aloneUrl: queueUrl, blobs, linger });
  const journal = memoryJournal();
  const functions = scriptedFunctions({
    clock,
    functions: { "shop/pay": (event) => pay((event as { order: string }).order) },
  });
  const log: string[] = [];
  const runtime = createRuntime(
    {
      journal: change.journal?.(journal) ?? journal,
      queue,
      timers: memoryTimers({ clock, queue }),
      functions: change.functions?.(functions) ?? functions,
      destinations: recordingDestinations(),
      blobs,
      clock,
      ids: randomIds(),
      keys: systemKeys({ id: "k1", secret: "a secret for tests" }),
    },
    { log: (line) => log.push(line), ...settings },
  );
  await deployFlow(runtime.ports, { name: "orders", definition: FLOW });
  const settling = sqsSettling({ client, queueUrl, blobs });
  const deployment: Deployment = {
    runtime,
    submissions: blobSubmissions(blobs),
    inHand,
    settling: (name) => {
      expect(name).toBe(queueName);
      return settling;
    },
    invokeAgain: () => Promise.reject(new Error("only the sweeper does that")),
  };

  /** So many records, as an event source would hand them over. */
  async function receive(count: number): Promise<readonly QueueRecord[]> {
    const records: QueueRecord[] = [];
    while (records.length < count) {
      for (const record of await receivedRecords(client, queueUrl, { waitSeconds: 10 }))
        records.push({ ...record, eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueName}` });
    }
    requests = [];
    return records;
  }

  return {
    deployment,
    runtime,
    log,
    receive,
    start: (name: string) => startExecution(runtime, { flow: "orders", name }),
    handle: (records: readonly QueueRecord[], remainingMs = 900_000) =>
      handleBatch(deployment, { Records: records }, { getRemainingTimeInMillis: () => remainingMs }),
    async counts() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
      );
      return {
        visible: Number(Attributes.ApproximateNumberOfMessages),
        hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      };
    },
  };
}

const NONE = { batchItemFailures: [] };
const names = (count: number) => Array.from({ length: count }, (_, index) => `order-${index}`);

test("ten transitions take one request to shorten their visibility and one to send on; to delete them is Lambda's", async () => {
  const { start, receive, handle, deployment } = await world();
  await Promise.all(names(10).map(start));
  const records = await receive(10);
  expect(await handle(records)).toEqual(NONE);
  expect(requests).toEqual(["ChangeMessageVisibilityBatch 10", "SendMessageBatch 10"]);
  expect(deployment.inHand.size).toBe(0);
});

test("records are handled beside each other: none waits for another's task", async () => {
  const waiting = new Set<() => void>();
  const { start, receive, handle } = await world({
    pay: () =>
      new Promise((resolve) => {
        waiting.add(() => resolve({}));
        if (waiting.size === 3) for (const go of waiting) go();
      }),
  });
  await Promise.all(names(3).map(start));
  expect(await handle(await receive(3))).toEqual(NONE);
});

test("what is done is deleted while another record of its batch still runs", async () => {
  let finish = () => {};
  const slow = new Promise<Json>((resolve) => {
    finish = () => resolve({});
  });
  const { start, receive, handle, counts } = await world({
    pay: (order) => (order === "order-0" ? slow : {}),
    settings: { extendEveryMs: 100 },
  });
  await Promise.all(names(3).map(start));
  const records = await receive(3);
  const deleted = new Promise<void>((resolve) => {
    onRequest = (request) => {
      if (request === "DeleteMessageBatch 2") resolve();
    };
  });
  // The two that are done wait for the third's message at first: it is in hand, and may be done soon.
  const handled = handle(records);
  await deleted;
  finish();
  expect(await handled).toEqual(NONE);
  // The third is Lambda's to delete; three next messages are there.
  expect(await counts()).toEqual({ visible: 3, hidden: 1 });
}, 20_000);

test("of a batch only what failed comes back, after two seconds and not the queue's visibility", async () => {
  const { start, receive, handle, log } = await world({
    journal: (journal) => ({
      ...journal,
      append: (entry) =>
        entry.startId === failing ? Promise.reject(new Error("no table today")) : journal.append(entry),
    }),
  });
  const [first, second] = [await start("order-0"), await start("order-1")];
  const failing = second.startId;
  const records = await receive(2);
  const failed = records.filter(({ body }) => body.includes(failing));
  const handledAt = performance.now();
  expect(await handle(records)).toEqual({ batchItemFailures: [{ itemIdentifier: failed[0]?.messageId }] });
  expect(log.join()).toContain("no table today");
  const again = await receive(2);
  expect(performance.now() - handledAt).toBeGreaterThan(1_000);
  const back = again.filter(({ messageId }) => messageId === failed[0]?.messageId);
  expect(back.map(({ attributes }) => attributes.ApproximateReceiveCount)).toEqual(["2"]);
  // The other's next message, its second entry.
  expect(again.filter(({ body }) => body.includes(first.startId))).toHaveLength(1);
});

test.each([
  { remaining: 900_000, call: 780_000 },
  { remaining: 100_000, call: 80_000 },
  { remaining: 10_000, call: 0 },
])("with $remaining ms left a call may take $call ms", async ({ remaining, call }) => {
  const limits: (number | undefined)[] = [];
  const { start, receive, handle } = await world({
    functions: (functions) => ({
      ...functions,
      invoke: async ({ timeoutMs }) => {
        limits.push(timeoutMs);
        return { kind: "succeeded", output: {} };
      },
    }),
  });
  await start("order-0");
  await handle(await receive(1), remaining);
  expect(limits).toEqual([call]);
});

/** Lambda's record of the end of an asynchronous invocation. */
const endOf = (requestId: string, timestamp: string) =>
  JSON.stringify({
    version: "1.0",
    timestamp,
    requestContext: { requestId, condition: "Success" },
    responseContext: { statusCode: 200 },
    responsePayload: {},
  });

test("the end of a function whose submitter is not done yet comes back in a few seconds; an old one is dropped", async () => {
  const { runtime, receive, handle } = await world();
  await runtime.ports.queue.send(endOf("request-1", new Date().toISOString()));
  await runtime.ports.queue.send(endOf("request-2", "2026-01-01T00:00:00.000Z"));
  const records = await receive(2);
  const early = records.find(({ body }) => body.includes("request-1"));
  expect(await handle(records)).toEqual({ batchItemFailures: [{ itemIdentifier: early?.messageId }] });
  expect((await receive(1)).map(({ messageId }) => messageId)).toEqual([early?.messageId]);
});

test("a batch of nothing is no batch", async () => {
  const { handle } = await world();
  expect(await handle([])).toEqual(NONE);
});

test("dead letters go back with their deaths counted; what is no message is dropped, and what cannot be sent stays", async () => {
  const { start, receive, deployment, runtime, log } = await world();
  await start("order-0");
  const [letter] = await receive(1);
  const junk = letter && { ...letter, messageId: "junk", body: "no message" };
  if (letter === undefined || junk === undefined) throw new Error("a message was sent");
  expect(await reviveBatch(deployment, { Records: [letter, junk] })).toEqual(NONE);
  expect(log).toContainEqual(expect.stringContaining("is tried again"));
  expect(log).toContainEqual(expect.stringContaining("junk: not a message of Stepwell"));
  const [revived] = await receive(1);
  expect(JSON.parse(revived?.body.split("\n")[0] ?? "")).toMatchObject({ kind: "advance", deaths: 1 });
  const cut: Deployment = {
    ...deployment,
    runtime: { ...runtime, ports: { ...runtime.ports, queue: { send: () => Promise.reject(new Error("no queue")) } } },
  };
  expect(await reviveBatch(cut, { Records: [letter, junk] })).toEqual({
    batchItemFailures: [{ itemIdentifier: letter.messageId }],
  });
}, 30_000);
