/** What a deployed flow waits for: workers that report over HTTPS, functions that were submitted, forks, far timers, and Express runs, which wait for nothing. */
import { PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Deployed, deploy } from "./deployed.ts";
import { type Ministack, ministack } from "./ministack.ts";

const flow = (steps: string) => `
version: v1
type: flow
steps:${steps}
`;

const ADD = `
  - type: task
    name: Add
    resourceArn: acs:fc:::services/shop/functions/add
    inputMappings:
      - target: number
        source: $input.number`;

let emulator: Ministack;
let deployed: Deployed;

beforeAll(async () => {
  emulator = await ministack();
  deployed = await deploy(emulator.endpoint);
  await deployed.taskFunction(
    "shop-add",
    `export async function handler({ number }) {
       if (typeof number !== "number") throw Object.assign(new Error(typeof number), { name: "NoNumber" });
       return { number: number + 1 };
     }`,
  );
  // As a deployment sets up a function that flows submit: the flow retries, not Lambda, and hears of both ends.
  const OnEnd = { Destination: deployed.transitions.arn };
  await deployed.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: "shop-add",
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnSuccess: OnEnd, OnFailure: OnEnd },
    }),
  );
}, 120_000);

afterAll(async () => {
  await deployed?.stop();
  await emulator?.stop();
});

/** Starts the flow's one execution and resolves with its end. */
async function run(FlowName: string, input: object = {}) {
  const ExecutionName = "run-1";
  await deployed.call("StartExecution", { FlowName, ExecutionName, Input: JSON.stringify(input) });
  return deployed.ended(FlowName, ExecutionName);
}

describe.concurrent("a deployed flow", () => {
  test("waits for a worker that took its message from a queue and reports over HTTPS, once", async () => {
    const { QueueUrl } = await deployed.sqs.send(new CreateQueueCommand({ QueueName: "jobs" }));
    await deployed.createFlow(
      "job",
      flow(`
  - type: task
    name: Job
    resourceArn: acs:mns:::/queues/jobs/messages
    pattern: waitForCallback
    inputMappings:
      - target: token
        source: $context.task.token
    outputMappings:
      - target: answer
        source: $local.answer
    serviceParams:
      MessageBody: $`),
    );
    const ended = run("job");
    const { Messages = [] } = await deployed.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    const { token: TaskToken } = JSON.parse(Messages[0]?.Body ?? "{}") as { token: string };
    const report = { TaskToken, Output: '{"answer":42}' };
    expect(await deployed.call("ReportTaskSucceeded", report)).toMatchObject({ status: 200 });
    expect(await ended).toMatchObject({ Status: "Succeeded", Output: expect.stringContaining('"answer":42') });
    expect(await deployed.call("ReportTaskSucceeded", report)).toMatchObject({
      status: 400,
      body: { Code: "TaskAlreadyCompleted" },
    });
  }, 60_000);

  test.each([
    { name: "submitted", input: { number: 1 }, end: { Status: "Succeeded", Output: '{"number":2}' } },
    { name: "submitted-wrong", input: { number: "one" }, end: { Status: "Failed" } },
  ])(
    "hears of the end of a function that it submitted: $end.Status",
    async ({ name, input, end }) => {
      await deployed.createFlow(
        name,
        flow(`${ADD}
    pattern: sync
    serviceParams:
      InvocationType: Async`),
      );
      expect(await run(name, input)).toMatchObject(end);
      const { body } = await deployed.call("GetExecutionHistory", { FlowName: name, ExecutionName: "run-1" });
      expect(JSON.stringify(body.Events)).toContain(end.Status === "Succeeded" ? "TaskSucceeded" : "NoNumber");
    },
    60_000,
  );

  test("runs the ten items of a collection through its lanes and joins them in their order", async () => {
    await deployed.createFlow(
      "each",
      flow(`
  - type: foreach
    name: Each
    concurrency: 4
    iterationMapping:
      collection: $.numbers
      item: number
    inputMappings:
      - target: numbers
        source: $input.numbers
    steps:${ADD.replaceAll("\n", "\n    ")}
    outputMappings:
      - target: numbers
        source: $local[*].number`),
    );
    const numbers = Array.from({ length: 10 }, (_, index) => index);
    const end = await run("each", { numbers });
    expect(end.Status).toBe("Succeeded");
    expect(JSON.parse(String(end.Output))).toEqual({ numbers: numbers.map((number) => number + 1) });
  }, 60_000);

  test("that waits for an hour has a schedule in the deployment's group, and can be stopped", async () => {
    await deployed.createFlow("hour", flow("\n  - type: wait\n    name: Hour\n    duration: 3600"));
    const execution = { FlowName: "hour", ExecutionName: "run-1" };
    await deployed.call("StartExecution", execution);
    const schedules = async () => {
      const command = new ListSchedulesCommand({ GroupName: deployed.timerGroup });
      const { Schedules = [] } = await deployed.scheduler.send(command);
      return Schedules.map(({ Target }) => Target?.Arn);
    };
    await expect.poll(schedules, { timeout: 20_000 }).toEqual([deployed.transitions.arn]);
    expect(await deployed.call("StopExecution", execution)).toMatchObject({ body: { Status: "Stopped" } });
  }, 60_000);

  test("of the mode Express runs to its end in the request itself", async () => {
    await deployed.createFlow("quick", flow(ADD), "Express");
    const request = { FlowName: "quick", ExecutionName: "run-1", Input: '{"number":6}' };
    expect(await deployed.call("StartSyncExecution", request)).toMatchObject({
      status: 200,
      body: { Status: "Succeeded", Output: '{"number":7}' },
    });
  }, 60_000);
});
