/** The functions adapter against functions that run as Lambdas inside the emulator. */
import { randomUUID } from "node:crypto";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LAMBDA_CLIENT_SETTINGS, lambdaFunctions } from "../../lib/aws/functions.ts";
import { blobSubmissions, submissionEnd } from "../../lib/aws/submissions.ts";
import type { Json } from "../../lib/fdl/json.ts";
import { memoryBlobs } from "../../lib/memory/blobs.ts";
import type { Functions, Invocation } from "../../lib/runtime/ports/functions.ts";
import { zip } from "../../scripts/zip.ts";
import { ACCOUNT, guarded, loopbackSettings, REGION } from "./guard.ts";
import { type Ministack, ministack } from "./ministack.ts";

const CODE = `
class CardDeclined extends Error { name = "CardDeclined"; }
export async function handler(event, context) {
  switch (event.do) {
    case "echo": return event;
    case "context": return context.clientContext;
    case "version": return context.functionVersion;
    case "nothing": return;
    case "throw": throw new CardDeclined("no funds");
    case "throw text": throw "no funds";
    case "exit": process.exit(1);
    case "hang": return new Promise(() => setInterval(() => {}, 1000));
  }
}
`;

let emulator: Ministack;
let client: LambdaClient;
let sqs: SQSClient;
let functions: Functions;
const name = `task-${randomUUID()}`;

beforeAll(async () => {
  emulator = await ministack();
  client = guarded(new LambdaClient({ ...loopbackSettings(emulator.endpoint), ...LAMBDA_CLIENT_SETTINGS }));
  sqs = guarded(new SQSClient(loopbackSettings(emulator.endpoint)));
  functions = lambdaFunctions({ client, submissions: blobSubmissions(memoryBlobs()) });
  await client.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: `arn:aws:iam::${ACCOUNT}:role/task`,
      Code: { ZipFile: zip({ "index.mjs": CODE }) },
      Timeout: 2,
    }),
  );
  const { Version = "" } = await client.send(new PublishVersionCommand({ FunctionName: name }));
  await client.send(new CreateAliasCommand({ FunctionName: name, Name: "online", FunctionVersion: Version }));
}, 120_000);

afterAll(async () => {
  client?.destroy();
  sqs?.destroy();
  await emulator?.stop();
});

const context = { attemptId: "start-1..3", flow: "订单", execution: "run-1", step: "pay", retryCount: 2 };

function calling(payload: Json, qualifier?: string, timeoutMs?: number): Invocation {
  return {
    resource: {
      kind: "function",
      function: name,
      region: "",
      account: "",
      ...(qualifier === undefined ? {} : { qualifier }),
    },
    payload,
    context,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

describe("a function inside the emulator", () => {
  test("gets the payload and answers", async () => {
    const payload = { do: "echo", text: "流程", list: [1, null] };
    expect(await functions.invoke(calling(payload))).toEqual({ kind: "succeeded", output: payload });
    expect(await functions.invoke(calling({ do: "nothing" }))).toMatchObject({ kind: "succeeded" });
  });

  test("gets the attempt in its client context", async () => {
    expect(await functions.invoke(calling({ do: "context" }))).toEqual({
      kind: "succeeded",
      output: { custom: context },
    });
  });

  test("is called by version and by alias", async () => {
    const resource = calling({}, "online").resource;
    expect(await functions.resolveAlias(resource)).toBe("1");
    for (const qualifier of ["online", "1"])
      expect(await functions.invoke(calling({ do: "version" }, qualifier))).toEqual({ kind: "succeeded", output: "1" });
    expect(await functions.invoke(calling({}, "offline"))).toMatchObject({ error: "FC.FunctionNotFound" });
    expect(await functions.resolveAlias(calling({}, "offline").resource)).toBeUndefined();
  });

  test("that throws is an error named by its class", async () => {
    const result = await functions.invoke(calling({ do: "throw" }));
    expect(result).toMatchObject({ kind: "failed", error: "CardDeclined" });
    expect(JSON.parse(result.kind === "failed" ? result.cause : "")).toMatchObject({
      errorType: "CardDeclined",
      errorMessage: "no funds",
      trace: expect.arrayContaining([expect.stringMatching(/at .*handler/)]),
    });
  });

  test("that throws a text is an error named by its type", async () => {
    expect(await functions.invoke(calling({ do: "throw text" }))).toMatchObject({
      error: "string",
      cause: expect.stringContaining("no funds"),
    });
  });

  test.each(["exit", "hang"])("that dies or passes its own time-out is FC.Unknown: %s", async (what) => {
    expect(await functions.invoke(calling({ do: what }))).toMatchObject({ kind: "failed", error: "FC.Unknown" });
  });

  test("that passes the step's time-out is timedOut", async () => {
    expect(await functions.invoke(calling({ do: "hang" }, undefined, 200))).toEqual({ kind: "timedOut" });
  });
});

describe("a function that is submitted", () => {
  test.each([
    ["its result", "echo", { kind: "succeeded", output: { do: "echo" } }],
    ["its error", "throw", { kind: "failed", error: "CardDeclined", cause: expect.stringContaining("no funds") }],
    ["its death", "exit", { kind: "failed", error: "FC.Unknown", cause: expect.stringContaining("exited") }],
  ])("tells the queue %s, by the id of the request that submitted it", async (_what, todo, result) => {
    const queue = `ends-${randomUUID()}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: queue }));
    const Destination = `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}`;
    await client.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: name,
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnSuccess: { Destination }, OnFailure: { Destination } },
      }),
    );
    const submissions = blobSubmissions(memoryBlobs());
    const submitting = lambdaFunctions({ client, submissions });
    expect(await submitting.submit(calling({ do: todo }), "token")).toEqual({ kind: "succeeded" });
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
    const end = submissionEnd(Messages[0]?.Body ?? "");
    expect(end?.result).toEqual(result);
    expect(await submissions.tokenOf(end?.requestId ?? "")).toBe("token");
  });
});
