import { randomUUID } from "node:crypto";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll } from "vitest";
import { queueContract } from "../contracts/queue.ts";
import { type EmulatorClock, emulatorClock } from "./emulator-clock.ts";
import { guarded, loopbackSettings } from "./guard.ts";
import { type TimedMinistack, timedMinistack } from "./ministack.ts";
import { polledQueue } from "./polled-queue.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const VISIBILITY_SECONDS = 60;

let emulator: TimedMinistack;
let clock: EmulatorClock;
let client: SQSClient;

beforeAll(async () => {
  emulator = await timedMinistack(START);
  clock = emulatorClock(emulator, START);
  client = clock.watching(guarded(new SQSClient(loopbackSettings(emulator.endpoint))));
}, 120_000);

afterAll(async () => {
  client?.destroy();
  await emulator?.stop();
});

queueContract("SQS", async () => {
  const [transitionsUrl, aloneUrl] = [await newQueue(), await newQueue()];
  return {
    queue: polledQueue({ client, transitionsUrl, aloneUrl, clock }),
    clock,
    visibilitySeconds: VISIBILITY_SECONDS,
    close: async () => {},
  };
});

async function newQueue(): Promise<string> {
  const Attributes = { VisibilityTimeout: String(VISIBILITY_SECONDS) };
  const { QueueUrl = "" } = await client.send(
    new CreateQueueCommand({ QueueName: `contract-${randomUUID()}`, Attributes }),
  );
  return QueueUrl;
}
