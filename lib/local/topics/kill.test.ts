/** A process that is killed at any moment loses no message that was acknowledged, and goes on with pushes that were not. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type StoreProcess, storeProcess } from "../store/testing/store-process.ts";
import { startReceiver } from "./testing/receiver.ts";
import { testedTopics } from "./testing/topics.ts";

const ROUNDS = 5;

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "stepwell-topics-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

function startSender(round: number): StoreProcess {
  return storeProcess("../topics/sender.fixture.ts", [dataDir, String(round)]);
}

async function bodiesIn(sqs: SQSClient, QueueName: string): Promise<readonly string[]> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = "" }) => Body));
  }
}

test(`over ${ROUNDS} kills no acknowledged message is lost, and what a topic got is pushed`, async () => {
  const receiver = await startReceiver();
  {
    await using tested = await testedTopics({ dataDir });
    const { TopicArn } = await tested.sns.send(new CreateTopicCommand({ Name: "news" }));
    await tested.sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: receiver.url }));
    await fetch(JSON.parse((await receiver.next()).body).SubscribeURL);
  }
  receiver.answer(500);
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const sender = startSender(round);
    // Waits for output, not for time: the moment of the kill is random in what was sent.
    await sender.printed(2 + Math.floor(Math.random() * 100));
    await sender.kill();
    acknowledged.push(...sender.lines.filter((line) => !line.startsWith("open ")));
  }
  expect(acknowledged.every((line) => /^(queue|topic) \d/.test(line))).toBe(true);
  expect(acknowledged.length).toBeGreaterThan(ROUNDS);

  receiver.answer(200);
  while (receiver.count() > 0) await receiver.next();
  await using tested = await testedTopics({ dataDir });
  const queued = new Set((await bodiesIn(tested.sqs, "orders")).map((body) => `queue ${body}`));
  const missing = acknowledged.filter((line) => line.startsWith("queue") && !queued.has(line));
  expect(missing).toEqual([]);

  const owed = new Set(acknowledged.filter((line) => line.startsWith("topic")));
  expect(owed.size).toBeGreaterThan(0);
  while (owed.size > 0) owed.delete(`topic ${JSON.parse((await receiver.next()).body).Message}`);
  await receiver.close();
});

test("on a full disk nothing is acknowledged that is not kept", async () => {
  const sender = storeProcess("../topics/sender.fixture.ts", [dataDir, "0"], { fileKilobytes: 400 });
  await sender.ended();
  expect(sender.lines.at(-1)).toMatch(/disk/);
  await using tested = await testedTopics({ dataDir });
  const queued = new Set((await bodiesIn(tested.sqs, "orders")).map((body) => `queue ${body}`));
  const acknowledged = sender.lines.filter((line) => line.startsWith("queue "));
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(acknowledged.filter((line) => !queued.has(line))).toEqual([]);
});

test("a database that is damaged is said to be, and nothing is written into it", async () => {
  const path = join(dataDir, "fauxqs.db");
  await writeFile(path, "not a database ".repeat(100));
  await expect(testedTopics({ dataDir })).rejects.toMatchObject({
    code: "StoreDamaged",
    message: expect.stringContaining(path),
  });
  expect(await readFile(path, "utf8")).toMatch(/^not a database/);
});

test("a directory that cannot be made is said to be", async () => {
  await writeFile(join(dataDir, "file"), "");
  await expect(testedTopics({ dataDir: join(dataDir, "file", "topics") })).rejects.toMatchObject({
    code: "StoreWriteFailed",
    message: expect.stringMatching(/^Queues and topics cannot be kept in .*ENOTDIR/),
  });
});

test("a directory serves one process at a time, and is free when that one is killed", async () => {
  const first = startSender(0);
  await first.printed(1);
  expect(first.lines[0]).toMatch(/^open /);
  await expect(testedTopics({ dataDir })).rejects.toMatchObject({ code: "DirectoryInUse" });
  await first.kill();
  await using tested = await testedTopics({ dataDir });
  expect(tested.topics.endpoint).toMatch(/^http:/);
});
