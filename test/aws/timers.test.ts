import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { schedulerTimers } from "../../lib/aws/timers.ts";
import { memoryBlobs } from "../../lib/memory/blobs.ts";
import type { SendOptions } from "../../lib/runtime/ports/queue.ts";
import type { Timers } from "../../lib/runtime/ports/timers.ts";
import { type TimersUnderTest, timersContract } from "../contracts/timers.ts";
import { type EmulatorClock, emulatorClock } from "./emulator-clock.ts";
import { ACCOUNT, guarded, loopbackSettings, REGION } from "./guard.ts";
import { type TimedMinistack, timedMinistack } from "./ministack.ts";
import { polledQueue } from "./polled-queue.ts";

const START = Date.parse("2026-01-01T00:00:00Z");

/** Scheduler knows whole seconds; the suite speaks of milliseconds. So its millisecond is the emulator's second. */
const SCALE = 1000;
const inEmulator = (time: number) => START + (time - START) * SCALE;

let emulator: TimedMinistack;
let clock: EmulatorClock;
let sqs: SQSClient;
let scheduler: SchedulerClient;
let group: string;

beforeAll(async () => {
  emulator = await timedMinistack(START);
  sqs = guarded(new SQSClient(loopbackSettings(emulator.endpoint)));
  scheduler = guarded(new SchedulerClient(loopbackSettings(emulator.endpoint)));
}, 120_000);

afterAll(async () => {
  sqs?.destroy();
  scheduler?.destroy();
  await emulator?.stop();
});

async function newTimers(): Promise<TimersUnderTest> {
  await emulator.setTime(START);
  clock = emulatorClock(emulator, START, SCALE);
  const name = `timers-${randomUUID()}`;
  // What was received stays so for the hours of a test.
  const Attributes = { VisibilityTimeout: "43200" };
  const [{ QueueUrl: transitionsUrl = "" }, { QueueUrl: aloneUrl = "" }] = [
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes })),
    await sqs.send(new CreateQueueCommand({ QueueName: `${name}-alone`, Attributes })),
  ];
  group = name;
  await scheduler.send(new CreateScheduleGroupCommand({ Name: group }));
  const blobs = memoryBlobs();
  const queue = polledQueue({ client: sqs, transitionsUrl, aloneUrl, clock, blobs });
  const timers = schedulerTimers({
    client: scheduler,
    group,
    targetArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/scheduler`,
    queue,
    clock: { now: () => inEmulator(clock.now()) },
    blobs,
  });
  return {
    timers: { schedule: (timer, due, body) => timers.schedule(timer, inEmulator(due), body) },
    queue,
    clock,
    close: async () => {},
  };
}

timersContract("EventBridge Scheduler, a millisecond being its second", newTimers);

describe("a timer", () => {
  let made: TimersUnderTest;
  const schedule: Timers["schedule"] = (...timer) => made.timers.schedule(...timer);
  beforeAll(async () => {
    made = await newTimers();
  });

  test("is a schedule of that name that sends once, at the second, and deletes itself", async () => {
    const name = "f".repeat(64);
    await schedule(name, START + 3_600, "body");
    const { ScheduleExpression, FlexibleTimeWindow, ActionAfterCompletion, Target } = await scheduler.send(
      new GetScheduleCommand({ GroupName: group, Name: name }),
    );
    expect({ ScheduleExpression, FlexibleTimeWindow, ActionAfterCompletion, Target }).toEqual({
      ScheduleExpression: "at(2026-01-01T01:00:00)",
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "DELETE",
      Target: expect.objectContaining({ Input: "body", RoleArn: `arn:aws:iam::${ACCOUNT}:role/scheduler` }),
    });
    await clock.pass(3_600);
    const { Schedules } = await scheduler.send(new ListSchedulesCommand({ GroupName: group }));
    expect(Schedules).toEqual([]);
  });

  test("is never early: a part of a second counts as one", async () => {
    await schedule("odd", clock.now() + 10.2, "body");
    const { ScheduleExpression } = await scheduler.send(new GetScheduleCommand({ GroupName: group, Name: "odd" }));
    expect(ScheduleExpression).toBe("at(2026-01-01T01:00:11)");
  });
});

describe("a timer that Scheduler refuses", () => {
  /** A Scheduler that answers everything with that error. */
  async function refusing(status: number, code: string) {
    const server = createServer((request, response) => {
      request.resume().on("end", () => {
        response.writeHead(status, { "x-amzn-errortype": code, "content-type": "application/json" });
        response.end(JSON.stringify({ Message: "refused" }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const client = guarded(new SchedulerClient({ ...loopbackSettings(`http://127.0.0.1:${port}`), maxAttempts: 1 }));
    const sent: [string, SendOptions | undefined][] = [];
    const timers = schedulerTimers({
      client,
      group: "group",
      targetArn: "arn:aws:sqs:us-east-1:000000000000:q",
      roleArn: "arn:aws:iam::000000000000:role/r",
      queue: { send: async (body, options) => void sent.push([body, options]) },
      clock: { now: () => START },
    });
    return { timers, sent, close: () => new Promise((resolve) => server.close(resolve)).then(() => client.destroy()) };
  }

  test("because it was past on arrival goes through the queue, after what is left of its time", async () => {
    const { timers, sent, close } = await refusing(400, "ValidationException");
    await timers.schedule("name", START + 1500, "body");
    expect(sent).toEqual([["body", { delaySeconds: 1.5 }]]);
    await close();
  });

  test.each([
    [400, "ValidationException", "rejected"],
    [402, "ServiceQuotaExceededException", "rejected"],
    [404, "ResourceNotFoundException", "rejected"],
    [429, "ThrottlingException", "throttled"],
    [500, "InternalServerException", "unknownOutcome"],
  ])("for another reason is an error: %i %s", async (status, code, kind) => {
    const { timers, sent, close } = await refusing(status, code);
    await expect(timers.schedule("name", START + 3_600_000, "body")).rejects.toMatchObject({ kind, code });
    expect(sent).toEqual([]);
    await close();
  });

  test("because a body is too long for it, and there is nowhere to set it aside, is an error that names the limit", async () => {
    const { timers, close } = await refusing(500, "InternalServerException");
    await expect(timers.schedule("name", START + 3_600_000, "x".repeat(65 * 1024))).rejects.toMatchObject({
      code: "FnF.DataLimitExceeded",
      message: expect.stringMatching(/66560 bytes.*timer.*65536/),
    });
    await close();
  });
});
