import { createServer, type Server } from "node:http";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { guarded, loopbackSettings } from "../../test/aws/guard.ts";
import { AwsError, awsError, calling } from "./errors.ts";

/** What the service answers; "hang up" closes the connection, "nothing" never answers. */
type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body: string };

let server: Server;
let answer: Answer | "hang up" | "nothing";
beforeEach(async () => {
  server = createServer((request, response) => {
    if (answer === "hang up") request.socket.destroy();
    else if (answer !== "nothing") response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

function settings() {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { ...loopbackSettings(`http://127.0.0.1:${port}`), maxAttempts: 1 };
}

async function failure(requestTimeout = 5000): Promise<AwsError> {
  const requestHandler = { requestTimeout, throwOnRequestTimeout: true };
  const client = guarded(new DynamoDBClient({ ...settings(), requestHandler }));
  const request = { TableName: "journal", Key: { pk: { S: "F#a" }, sk: { S: "!" } } };
  const error: unknown = await calling("DynamoDB GetItem", () => client.send(new GetItemCommand(request))).catch(
    (caught: unknown) => caught,
  );
  client.destroy();
  if (!(error instanceof AwsError)) throw new Error("it did not reject with an AwsError", { cause: error });
  return error;
}

const json = (status: number, type: string): Answer => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "says why" }),
});

describe("an answer of DynamoDB is", () => {
  test.each<[string, number, AwsError["kind"]]>([
    ["ProvisionedThroughputExceededException", 400, "throttled"],
    ["RequestLimitExceeded", 400, "throttled"],
    ["ThrottlingException", 400, "throttled"],
    ["ConditionalCheckFailedException", 400, "conditionFailed"],
    ["ValidationException", 400, "rejected"],
    ["ResourceNotFoundException", 400, "rejected"],
    ["AccessDeniedException", 400, "rejected"],
    ["UnrecognizedClientException", 400, "rejected"],
    ["InternalServerError", 500, "unknownOutcome"],
    ["ServiceUnavailable", 503, "unknownOutcome"],
    ["NobodyKnowsThis", 429, "throttled"],
    ["RequestTimeout", 408, "unknownOutcome"],
  ])("%s, %i: %s", async (code, status, kind) => {
    answer = json(status, code);
    const error = await failure();
    expect(error).toMatchObject({ kind, code, operation: "DynamoDB GetItem" });
    expect(error.message).toBe(`DynamoDB GetItem: ${code}: says why`);
    expect(error.cause).toBeInstanceOf(Error);
  });

  test("one that cannot be read: of unknown outcome", async () => {
    answer = { status: 200, headers: { "content-type": "application/x-amz-json-1.0" }, body: '{"Item":' };
    expect(await failure()).toMatchObject({ kind: "unknownOutcome" });
  });

  test("a closed connection: of unknown outcome", async () => {
    answer = "hang up";
    expect(await failure()).toMatchObject({ kind: "unknownOutcome" });
  });

  test("none in time: of unknown outcome", async () => {
    answer = "nothing";
    expect(await failure(50)).toMatchObject({ kind: "unknownOutcome", code: "TimeoutError" });
  });
});

test("an SQS error is told by the name that follows its namespace", async () => {
  answer = {
    status: 403,
    headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-query-error": "RequestThrottled;Sender" },
    body: JSON.stringify({ __type: "com.amazonaws.sqs#RequestThrottled", message: "slower" }),
  };
  const client = guarded(new SQSClient(settings()));
  const send = new SendMessageCommand({ QueueUrl: `${settings().endpoint}/000000000000/q`, MessageBody: "{}" });
  await expect(calling("SQS SendMessage", () => client.send(send))).rejects.toMatchObject({
    kind: "throttled",
    code: "RequestThrottled",
  });
  client.destroy();
});

describe("an error that never was a request is", () => {
  test("missing credentials: rejected", () => {
    const error = Object.assign(new Error("no credentials"), { name: "CredentialsProviderError" });
    expect(awsError("S3 GetObject", error)).toMatchObject({ kind: "rejected", code: "CredentialsProviderError" });
  });

  test("a mistake of ours: rejected, with what it said", () => {
    expect(awsError("S3 GetObject", new TypeError("x is not a function"))).toMatchObject({
      kind: "rejected",
      message: "S3 GetObject: TypeError: x is not a function",
    });
  });

  test("no error at all: still one that can be read", () => {
    expect(awsError("S3 GetObject", "thrown text")).toMatchObject({
      message: "S3 GetObject: UnknownError: thrown text",
    });
  });
});

test("an error that was translated already stays as it is", async () => {
  const error = new AwsError("throttled", "SQS SendMessage", "RequestThrottled", "slower");
  await expect(calling("another operation", () => Promise.reject(error))).rejects.toBe(error);
});

test("the SDK's own mark of throttling counts, whatever the name", () => {
  const error = Object.assign(new Error(), {
    name: "Unheard",
    $retryable: { throttling: true },
    $metadata: { httpStatusCode: 400 },
  });
  expect(awsError("Lambda Invoke", error).kind).toBe("throttled");
});
