/**
 * The examples of flows/ deployed: their functions as Lambdas, their workers outside, over SQS, SNS and HTTPS. (The transaction
 * of many steps is in deployed.test.ts. error-handling is nowhere yet: Lambda calls an error whose class sets no `name` "Error".)
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CreateAliasCommand, PublishVersionCommand, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { ConfirmSubscriptionCommand, CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import functionVersions from "../../flows/function-versions/functions.ts";
import { work } from "../../flows/mns-queue/worker.ts";
import { answer } from "../../flows/mns-topic/worker.ts";
import { eventTypes } from "../../flows/testing/command.ts";
import { readFlow, readInput } from "../../flows/testing/example.ts";
import { type ExampleFunctions, playExample } from "../../flows/testing/player.ts";
import timeSchedule from "../../flows/time-schedule/functions.ts";
import { zip } from "../../scripts/zip.ts";
import { codeOf, type Deployed, deploy } from "./deployed.ts";
import { guarded, loopbackSettings } from "./guard.ts";
import { type Ministack, ministack } from "./ministack.ts";

const FLOWS = join(import.meta.dirname, "../../flows");

let emulator: Ministack;
let deployed: Deployed;
let sns: SNSClient;
/** Where the topic's messages are pushed to. */
let receiver: Server;

beforeAll(async () => {
  emulator = await ministack();
  deployed = await deploy(emulator.endpoint);
  sns = guarded(new SNSClient(loopbackSettings(emulator.endpoint)));
}, 120_000);

afterAll(async () => {
  receiver?.closeAllConnections();
  receiver?.close();
  sns?.destroy();
  await deployed?.stop();
  await emulator?.stop();
});

/** Uploads functions of an example, by the names that their tasks' resources stand for. */
async function functionsOf(example: string, members: { readonly [name: string]: string }): Promise<void> {
  for (const [name, member] of Object.entries(members)) {
    await deployed.taskFunction(name, await codeOf(join(FLOWS, example, "functions.ts"), member));
  }
}

/** Creates an example's flow and starts its one execution. */
async function start(example: string, { file = "flow.yml", input = readInput(join(FLOWS, example)) } = {}) {
  await deployed.createFlow(example, readFileSync(join(FLOWS, example, file), "utf8"));
  const started = { FlowName: example, ExecutionName: "run-1", Input: JSON.stringify(input) };
  expect(await deployed.call("StartExecution", started)).toMatchObject({ status: 200 });
}

async function eventsOf(FlowName: string) {
  const { body } = await deployed.call("GetExecutionHistory", { FlowName, ExecutionName: "run-1", Limit: "1000" });
  return body.Events as Parameters<typeof eventTypes>[0];
}

/** Runs an example to its end, and finds status, output and history as the engine plays them. */
async function expectAsPlayed(example: string, functions: ExampleFunctions): Promise<void> {
  const folder = join(FLOWS, example);
  const played = playExample(readFlow(folder), functions, { input: readInput(folder) });
  await start(example);
  const { Status, Output } = await deployed.ended(example, "run-1");
  expect({ Status, output: JSON.parse(String(Output)) }).toEqual({ Status: played.status, output: played.output });
  expect(eventTypes(await eventsOf(example))).toEqual(eventTypes(played.history));
}

describe.concurrent("deployed, the example", () => {
  test("function-versions calls the version that its alias stands for, though a newer one is deployed", async () => {
    const FunctionName = "fnf-demo-provision";
    await functionsOf("function-versions", { [FunctionName]: "fnf-demo.1/provision" });
    const { Version: FunctionVersion } = await deployed.lambda.send(new PublishVersionCommand({ FunctionName }));
    await deployed.lambda.send(new CreateAliasCommand({ FunctionName, Name: "online", FunctionVersion }));
    const newest = await codeOf(join(FLOWS, "function-versions/functions.ts"), "fnf-demo/provision");
    const ZipFile = zip({ "index.mjs": newest });
    await deployed.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    await expectAsPlayed("function-versions", functionVersions);
  }, 60_000);

  test("time-schedule greets whom its payload names", async () => {
    await functionsOf("time-schedule", { "service-CD946B9A9F36-hello": "service-CD946B9A9F36/hello" });
    await expectAsPlayed("time-schedule", timeSchedule);
  }, 60_000);

  test("poll-task-status asks every second until the job is done", async () => {
    await functionsOf("poll-task-status", {
      "fnf-demo-StartJob": "fnf-demo/StartJob",
      "fnf-demo-GetJobStatus": "fnf-demo/GetJobStatus",
    });
    await start("poll-task-status", { file: "flow-quick.yml", input: { delay: 0 } });
    const { Status, Output } = await deployed.ended("poll-task-status", "run-1");
    const output = { job_id: expect.any(String), job_status: "success", try_count: expect.any(Number) };
    const got = JSON.parse(String(Output));
    expect({ Status, output: got }).toEqual({ Status: "Succeeded", output });
    // The first question may fall into the second in which the job began, or into the next one.
    expect([1, 2]).toContain(got.try_count);
  }, 60_000);

  test("callback goes on with what is reported to the token in its history", async () => {
    await functionsOf("callback", { "fnf-demo-echo": "fnf-demo/echo" });
    await start("callback");
    const token = async () => /taskToken\\*":\\*"([\w.-]+)/.exec(JSON.stringify(await eventsOf("callback")))?.[1];
    await expect.poll(token, { timeout: 20_000 }).toBeDefined();
    const report = { TaskToken: (await token()) ?? "", Output: '{"status":"ok"}' };
    expect(await deployed.call("ReportTaskSucceeded", report)).toMatchObject({ status: 200 });
    expect(await deployed.ended("callback", "run-1")).toMatchObject({ Status: "Succeeded", Output: '{"s":"ok"}' });
  }, 60_000);

  test("mns-queue goes on with what its worker reports", async () => {
    const { QueueUrl } = await deployed.sqs.send(new CreateQueueCommand({ QueueName: "fnf-demo" }));
    await start("mns-queue");
    const { Messages = [] } = await deployed.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    const { taskToken: TaskToken, output } = work(Messages[0]?.Body ?? "");
    await deployed.call("ReportTaskSucceeded", { TaskToken, Output: JSON.stringify(output) });
    const { Status, Output } = await deployed.ended("mns-queue", "run-1");
    expect({ Status, output: JSON.parse(String(Output)) }).toEqual({ Status: "Succeeded", output });
  }, 60_000);

  test("mns-topic goes on with what is reported by whoever its message is pushed to", async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "fnf-demo" }));
    const confirmed = new Promise<void>((resolve, reject) => {
      receiver = createServer(async (request, response) => {
        try {
          const body = await text(request);
          if (request.headers["x-amz-sns-message-type"] === "SubscriptionConfirmation") {
            const { Token } = JSON.parse(body) as { Token: string };
            await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
            resolve();
          } else {
            const { taskToken: TaskToken, output } = answer(body);
            await deployed.call("ReportTaskSucceeded", { TaskToken, Output: JSON.stringify(output) });
          }
          response.end();
        } catch (error) {
          response.writeHead(500).end();
          reject(error);
        }
      }).listen(0, "127.0.0.1");
    });
    await once(receiver, "listening");
    const { port } = receiver.address() as AddressInfo;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: `http://127.0.0.1:${port}/` }));
    await confirmed;
    await start("mns-topic");
    expect(await deployed.ended("mns-topic", "run-1")).toMatchObject({
      Status: "Succeeded",
      Output: '{"status":"success"}',
    });
  }, 60_000);
});
