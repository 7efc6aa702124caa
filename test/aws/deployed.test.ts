/** A flow on Stepwell's own functions, run as Lambdas in the emulator: started, waited for and looked at over the function URL. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import functions from "../../flows/distributed-transaction/functions.ts";
import { eventTypes } from "../../flows/testing/command.ts";
import { readFlow, readInput } from "../../flows/testing/example.ts";
import { playExample } from "../../flows/testing/player.ts";
import { codeOf, type Deployed, deploy } from "./deployed.ts";
import { type Ministack, ministack } from "./ministack.ts";

const folder = join(import.meta.dirname, "../../flows/distributed-transaction");
const FLOW = "distributed-transaction";

let emulator: Ministack;
let deployed: Deployed;

beforeAll(async () => {
  emulator = await ministack();
  deployed = await deploy(emulator.endpoint);
  await deployed.taskFunction("fnf-demo-Operation", await codeOf(join(folder, "functions.ts"), "fnf-demo/Operation"));
  await deployed.createFlow(FLOW, await readFile(join(folder, "flow.yml"), "utf8"));
}, 120_000);

afterAll(async () => {
  await deployed?.stop();
  await emulator?.stop();
});

test.each(["input-success.json", "input.json", "input-flight-fails.json"])(
  "an order with %s ends as it does on the engine, with the same history",
  async (file) => {
    const name = file.replace(".json", "");
    const input = readInput(folder, file);
    const played = playExample(readFlow(folder), functions, { input });
    const Input = JSON.stringify(input);
    const started = await deployed.call("StartExecution", { FlowName: FLOW, ExecutionName: name, Input });
    expect(started).toMatchObject({ status: 200, body: { Status: "Running", Name: name } });
    const end = await deployed.ended(FLOW, name);
    expect(end.Status).toBe(played.status);
    expect(Object.keys(JSON.parse(String(end.Output) || "{}"))).toEqual(Object.keys(played.output ?? {}));
    const history = await deployed.call(
      "GetExecutionHistory",
      { FlowName: FLOW, ExecutionName: name, Limit: "1000" },
      "GET",
    );
    expect(eventTypes(history.body.Events as Parameters<typeof eventTypes>[0])).toEqual(eventTypes(played.history));
  },
  60_000,
);

test("a value of 200 KB goes from one Lambda to the next by way of the bucket", async () => {
  await deployed.taskFunction(
    "shop-double",
    "export const handler = async ({ text }) => ({ text: (text ?? 'ä'.repeat(50_000)) + (text ?? 'ä'.repeat(50_000)) })",
  );
  await deployed.createFlow(
    "doubling",
    `
version: v1
type: flow
steps:
  - type: task
    name: Once
    resourceArn: acs:fc:::services/shop/functions/double
  - type: task
    name: Twice
    resourceArn: acs:fc:::services/shop/functions/double
    inputMappings:
      - target: text
        source: $local.text
`,
  );
  await deployed.call("StartExecution", { FlowName: "doubling", ExecutionName: "run-1" });
  const end = await deployed.ended("doubling", "run-1");
  expect(end.Status).toBe("Succeeded");
  expect(JSON.parse(String(end.Output)).text).toBe("ä".repeat(200_000));
}, 60_000);

test("a message to a queue of the flow's account is sent, and a start that is repeated is the same execution", async () => {
  const { QueueUrl = "" } = await deployed.sqs.send(new CreateQueueCommand({ QueueName: "letters" }));
  await deployed.createFlow(
    "letter",
    `
version: v1
type: flow
steps:
  - type: task
    name: Send
    resourceArn: acs:mns:::/queues/letters/messages
    serviceParams:
      MessageBody: hello
`,
  );
  const request = { FlowName: "letter", ExecutionName: "run-1" };
  await deployed.call("StartExecution", request);
  expect(await deployed.ended("letter", "run-1")).toMatchObject({ Status: "Succeeded" });
  const { Messages = [] } = await deployed.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
  expect(Messages.map(({ Body }) => Body)).toEqual(["hello"]);
  expect(await deployed.call("StartExecution", request)).toMatchObject({
    status: 400,
    body: { Code: "ExecutionAlreadyExists" },
  });
}, 60_000);

test("the sweeper's probe goes through the queue and is answered", async () => {
  await deployed.invoke("sweep", {});
  await expect.poll(async () => (await deployed.item("P#probe", "!"))?.arrivedAt, { timeout: 20_000 }).toBeDefined();
}, 60_000);

test("a message that is dead goes back to be handled alone, and is done", async () => {
  const id = randomUUID();
  const probe = JSON.stringify({ kind: "probe", id, sentAt: Date.now() });
  await deployed.sqs.send(new SendMessageCommand({ QueueUrl: deployed.deadLetters.url, MessageBody: probe }));
  await expect.poll(async () => (await deployed.item("P#probe", "!"))?.id, { timeout: 40_000 }).toEqual({ S: id });
}, 60_000);

test("what is no request of the API is answered by the API", async () => {
  expect(await deployed.call("MakeCoffee")).toMatchObject({ status: 400, body: { Code: "ActionNotSupported" } });
  expect(await deployed.call("DescribeFlow", { Name: "nobody" }, "GET")).toMatchObject({
    status: 404,
    body: { Code: "FlowNotExists", RequestId: expect.any(String) },
  });
});
