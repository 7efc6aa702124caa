/** Chapter 4 as its user has it: a flow that puts tasks into a queue, and a worker in another process that takes them out. */
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { sdkSettings } from "../../lib/local/topics/testing/topics.ts";
import { startWorker } from "./program.ts";
import { openStand } from "./stand.ts";

/** Messages that are in the queue: visible, and received but not deleted. */
async function waitingIn(sqs: SQSClient): Promise<readonly [string | undefined, string | undefined]> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "fnf-demo" }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible];
}

test("the worker does the task of each execution, and deletes its message", async () => {
  await using stand = await openStand("mns-queue");
  await using worker = startWorker("mns-queue", stand);
  await worker.line(/^Receiving messages from fnf-demo/);
  await stand.start("one", {});
  expect(await stand.end("one")).toMatchObject({ Status: "Succeeded", Output: '{"key":"value"}' });
  await worker.line(/^Received message [\w-]+, body \{.*"task_token":"[^"]+".*\}$/);
  await worker.line(/^Report task succeeded finished$/);
  await worker.line(/^Deleted message [\w-]+$/);
  const sqs = new SQSClient(sdkSettings(stand.aws));
  expect(await waitingIn(sqs)).toEqual(["0", "0"]);
  sqs.destroy();

  worker.signal("SIGTERM");
  expect(await worker.ended).toBe(0);
  expect(worker.lines.at(-1)).toBe("Stopped");
});

test("executions that were started before the worker are done when it comes", async () => {
  await using stand = await openStand("mns-queue");
  const names = ["a", "b", "c"];
  for (const name of names) await stand.start(name, {});
  await using worker = startWorker("mns-queue", stand);
  const ends = await Promise.all(names.map((name) => stand.end(name)));
  expect(ends.map(({ Output }) => Output)).toEqual(names.map(() => '{"key":"value"}'));
  worker.signal("SIGINT");
  expect(await worker.ended).toBe(0);
});

test("a task that was reported before counts as done: its message is deleted", async () => {
  await using stand = await openStand("mns-queue");
  await using worker = startWorker("mns-queue", stand);
  await stand.start("one", {});
  await stand.end("one");
  const [, body = ""] = (await worker.line(/^Received message/)).split(", body ");
  await worker.line(/^Deleted message/);
  const sqs = new SQSClient(sdkSettings(stand.aws));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "fnf-demo" }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  await worker.line(/^Task already completed$/);
  await worker.line(/^Deleted message/);
  expect(await waitingIn(sqs)).toEqual(["0", "0"]);
  sqs.destroy();
});

test("a message that is no task, or is not reported, stays in the queue", async () => {
  await using stand = await openStand("mns-queue");
  // What answers there is not the API.
  await using worker = startWorker("mns-queue", { ...stand, api: stand.aws });
  await stand.start("one", {});
  expect(await worker.line(/is not reported/)).toMatch(`comes back: ${stand.aws}: NoApi: `);
  const sqs = new SQSClient(sdkSettings(stand.aws));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "fnf-demo" }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "no JSON" }));
  await worker.line(/is no task, and stays in the queue/);
  expect(await waitingIn(sqs)).toEqual(["0", "2"]);
  sqs.destroy();
});

test("while the API does not answer the worker keeps the message and tries again", async () => {
  await using stand = await openStand("mns-queue");
  // Nobody listens at port 9 of this machine.
  await using worker = startWorker("mns-queue", { ...stand, api: "http://127.0.0.1:9" });
  await stand.start("one", {});
  await worker.line(/^http:\/\/127\.0\.0\.1:9: /);
  await worker.line(/^Trying again every second\.$/);
  worker.signal("SIGTERM");
  await worker.line(/is not reported and comes back/);
  expect(await worker.ended).toBe(0);
});

test("without an endpoint the worker says so once, and starts when there is one", async () => {
  await using worker = startWorker("mns-queue", { api: "http://127.0.0.1:9", aws: "http://127.0.0.1:9" });
  await worker.line(/^http:\/\/127\.0\.0\.1:9: /);
  await worker.line(/^Is "stepwell dev" running\? Trying again every second\.$/);
  worker.signal("SIGINT");
  expect(await worker.ended).toBe(0);
});
