/**
 * The eight chapters of flows/, deployed by osls with serverless.yml as it is, and driven from outside: executions over the
 * API's function URL, workers over SQS, SNS and HTTP. Outputs and histories are those that the core plays; and each function
 * may do no more than its role.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetAliasCommand, InvokeCommand, LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import callback from "../../flows/callback/functions.ts";
import transaction from "../../flows/distributed-transaction/functions.ts";
import errors from "../../flows/error-handling/functions.ts";
import versions from "../../flows/function-versions/functions.ts";
import poll from "../../flows/poll-task-status/functions.ts";
import { readFlow, readInput } from "../../flows/testing/example.ts";
import { type ExampleFunctions, type PlayedExample, playExample } from "../../flows/testing/player.ts";
import schedule from "../../flows/time-schedule/functions.ts";
import type { World } from "../../lib/engine/testing/play.ts";
import type { JsonObject } from "../../lib/fdl/json.ts";
import { startWorker } from "../workers/program.ts";
import { comparable, type HistoryEvent, secondsOf } from "./comparable-history.ts";
import { guarded, loopbackSettings, REGION } from "./guard.ts";
import type { Ministack } from "./ministack.ts";
import { type Deployment, deployed, ministackWithPermissions } from "./osls.ts";

/** When the functions of poll-task-status were loaded here: their job's begin. */
const loadedAt = Date.now();

const FLOWS = join(import.meta.dirname, "../../flows");
/** What a queue or topic answers; each id is another. */
const ACCEPTED = {
  MessageId: "00000000-0000-0000-0000-000000000001",
  RequestId: "00000000-0000-0000-0000-000000000002",
  MessageBodyMD5: "",
};

let emulator: Ministack;
let deployment: Deployment;
let lambda: LambdaClient;

beforeAll(async () => {
  emulator = await ministackWithPermissions();
  deployment = await deployed(emulator.endpoint);
  lambda = guarded(new LambdaClient(loopbackSettings(emulator.endpoint)));
}, 120_000);

afterAll(async () => {
  lambda?.destroy();
  // An emulator of this file's own is gone in a moment.
  if (process.env.AWS_ENDPOINT_URL !== undefined) await deployment?.remove();
  await deployment?.close();
  await emulator?.stop();
}, 60_000);

/** Deploys a flow of an example and starts its one execution. Resolves with their name. */
async function start(example: string, input: JsonObject, file = "flow.yml"): Promise<string> {
  const Name = `${example}-${crypto.randomUUID()}`;
  const Definition = readFileSync(join(FLOWS, example, file), "utf8");
  await deployment.call("CreateFlow", { Name, Description: example, Type: "FDL", Definition });
  await deployment.call("StartExecution", { FlowName: Name, ExecutionName: Name, Input: JSON.stringify(input) });
  return Name;
}

interface Ended {
  readonly status: unknown;
  readonly output: JsonObject | undefined;
  readonly history: readonly HistoryEvent[];
}

async function end(name: string): Promise<Ended> {
  const execution = { FlowName: name, ExecutionName: name };
  for (;;) {
    const { Status, Output } = await deployment.call("DescribeExecution", { ...execution, WaitTimeSeconds: "20" });
    if (Status === "Running") continue;
    const { Events } = await deployment.call("GetExecutionHistory", { ...execution, Limit: "1000" });
    const output = Output === "" ? undefined : (JSON.parse(String(Output)) as JsonObject);
    return { status: Status, output, history: Events as readonly HistoryEvent[] };
  }
}

/** Finds an execution ended as the core plays its flow: status, output, and each event of the history with all its details. */
async function expectAsPlayed(name: string, played: PlayedExample): Promise<Ended> {
  const ended = await end(name);
  expect(ended.status).toBe(played.status);
  expect(comparable(ended.history, ended.output)).toEqual(comparable(played.history, played.output));
  // No wait was cut short.
  const [took, least] = [secondsOf(ended.history), secondsOf(played.history)];
  expect(took.map((seconds, index) => Math.max(seconds, least[index] ?? 0))).toEqual(took);
  return ended;
}

/** The addresses of a worker outside, which signs its reports. */
function addresses(): Parameters<typeof startWorker>[2] & object {
  const { accessKeyId, secretAccessKey } = loopbackSettings(emulator.endpoint).credentials;
  const caller = { STEPWELL_REGION: REGION, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  return { env: caller };
}

describe.concurrent("deployed, the example", () => {
  // The longest first: only a few tests run at a time.
  test.for([{ failures: 4 }, { failures: 1 }, { failures: 0 }, { failures: "two" }])(
    "error-handling tries its own error again after 10, 20 and 40 seconds: %j",
    { timeout: 150_000 },
    async (input) => {
      const played = play("error-handling", errors, { input });
      await expectAsPlayed(await start("error-handling", input), played);
    },
  );

  test("poll-task-status asks every ten seconds until the job is done, and gives up one that takes too long", async () => {
    // One after the other: a second call at the same time has another instance, whose job begins when that is loaded.
    for (const { delay, ends } of [
      { delay: 18, ends: "Succeeded" },
      { delay: 1_000, ends: "Failed" },
    ]) {
      const input = { delay };
      // The deployed function takes its first question for the job's begin: it is loaded then.
      const played = play("poll-task-status", poll, { input, startedAt: loadedAt - 10_000 });
      expect(played.status).toBe(ends);
      await expectAsPlayed(await start("poll-task-status", input), played);
    }
  }, 150_000);

  test.for(
    ["flow.yml", "flow-without-retry.yml"].flatMap((file) =>
      ["input.json", "input-success.json", "input-flight-fails.json", "input-train-fails.json"].map((input) => ({
        file,
        input,
      })),
    ),
  )(
    "distributed-transaction books all or nothing: $file, $input",
    { timeout: 60_000 },
    async ({ file, input: name }) => {
      const input = readInput(join(FLOWS, "distributed-transaction"), name);
      const played = play("distributed-transaction", transaction, { input }, file);
      await expectAsPlayed(await start("distributed-transaction", input, file), played);
    },
  );

  test("mns-topic goes on with what the function reports that its message is pushed to", async () => {
    const input = readInput(join(FLOWS, "mns-topic"));
    const topics = { "fnf-demo": () => ACCEPTED };
    const played = play("mns-topic", {}, { input, topics, verdicts: () => reported({ status: "success" }) });
    await expectAsPlayed(await start("mns-topic", input), played);
  }, 60_000);

  test("mns-queue goes on with what its worker reports, a program that takes the message from the queue", async () => {
    const input = readInput(join(FLOWS, "mns-queue"));
    const queues = { "fnf-demo": () => ACCEPTED };
    const played = play("mns-queue", {}, { input, queues, verdicts: () => reported({ key: "value" }) });
    const { ApiLambdaFunctionUrl: api = "" } = await deployment.outputs();
    await using worker = startWorker("mns-queue", { api, aws: emulator.endpoint }, addresses());
    await expectAsPlayed(await start("mns-queue", input), played);
    await worker.line(/^Deleted message /);
  }, 60_000);

  test("callback goes on with what a program reports to the token in its history", async () => {
    const input = readInput(join(FLOWS, "callback"));
    const played = play("callback", callback, { input, verdicts: () => reported({ status: "ok" }) });
    const name = await start("callback", input);
    const submitted = async () => {
      const { Events } = await deployment.call("GetExecutionHistory", { FlowName: name, ExecutionName: name });
      return (Events as readonly HistoryEvent[]).some(({ Type }) => Type === "TaskSubmitted");
    };
    await expect.poll(submitted, { timeout: 30_000 }).toBe(true);
    const { ApiLambdaFunctionUrl: api = "" } = await deployment.outputs();
    const worker = { api, aws: emulator.endpoint };
    await using program = startWorker("callback", worker, { ...addresses(), args: [name, name] });
    expect(await program.ended).toBe(0);
    await expectAsPlayed(name, played);
  }, 60_000);

  test("function-versions calls the version that its alias stands for, though newer code has been uploaded", async () => {
    const FunctionName = "fnf-demo-provision";
    const ZipFile = await deployment.zipOf("fnf-demo-provision");
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
    expect(JSON.parse(Payload?.transformToString() ?? "")).toEqual({ success: false });
    const { FunctionVersion } = await lambda.send(new GetAliasCommand({ FunctionName, Name: "online" }));
    expect(FunctionVersion).toBe("1");
    const input = readInput(join(FLOWS, "function-versions"));
    const { output } = await expectAsPlayed(
      await start("function-versions", input),
      play("function-versions", versions),
    );
    expect(output).toEqual({ success: true });
  }, 60_000);

  test("time-schedule greets whom the payload names that a schedule hands over", async () => {
    const input = readInput(join(FLOWS, "time-schedule"));
    await expectAsPlayed(await start("time-schedule", input), play("time-schedule", schedule, { input }));
  }, 60_000);

  test.for([
    { error: "FC.Unknown", failures: 1 },
    { error: "FnF.TaskTimeout", failures: 1 },
    { error: "FC.ResourceThrottled", failures: 2 },
    { error: "FC.InternalServerError", failures: 4 },
    { error: "OutOfPaper", failures: 1 },
  ])("error-handling gets over errors of the service: %j", { timeout: 60_000 }, async (input) => {
    const file = "flow-common-errors.yml";
    const played = play("error-handling", errors, { input }, file);
    await expectAsPlayed(await start("error-handling", input, file), played);
  });
});

function play(example: string, functions: ExampleFunctions, world: World = {}, file?: string): PlayedExample {
  return playExample(readFlow(join(FLOWS, example), file), functions, world);
}

function reported(output: JsonObject) {
  return { kind: "succeeded", output } as const;
}
