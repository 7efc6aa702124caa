/** Answers in the shapes that AWS documents, by a server that speaks Lambda's protocol to the SDK's own client. */
import { LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { guarded, loopbackSettings } from "../../test/aws/guard.ts";
import {
  functionError,
  type LambdaAnswer,
  type LambdaServer,
  lambdaServer,
  refusal,
} from "../../test/aws/lambda-server.ts";
import { memoryBlobs } from "../memory/blobs.ts";
import type { CallResult, Invocation } from "../runtime/ports/functions.ts";
import { LAMBDA_CLIENT_SETTINGS, lambdaFunctions } from "./functions.ts";
import { blobSubmissions } from "./submissions.ts";

let server: LambdaServer;
let client: LambdaClient;
let answer: LambdaAnswer;

beforeAll(async () => {
  server = await lambdaServer({ invoke: () => answer });
  client = guarded(new LambdaClient({ ...loopbackSettings(server.endpoint), ...LAMBDA_CLIENT_SETTINGS }));
});

let before: number;
beforeEach(() => {
  before = server.requests.length;
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

const invocation: Invocation = {
  resource: { kind: "fc", service: "shop", function: "pay", region: "", account: "" },
  payload: {},
  context: { attemptId: "start-1..3", flow: "orders", execution: "run-1", step: "pay", retryCount: 0 },
};

function functions(over = client) {
  return lambdaFunctions({ client: over, submissions: blobSubmissions(memoryBlobs()) });
}

/** The result of one call that is answered so; the request was made once. */
async function resultOf(given: LambdaAnswer): Promise<CallResult> {
  answer = given;
  const result = await functions().invoke(invocation);
  expect(server.requests.length - before).toBe(1);
  return result;
}

describe("a function's own failure", () => {
  test.each([
    [
      "Node",
      { errorType: "CardDeclined", errorMessage: "no funds", trace: ["CardDeclined: no funds"] },
      "CardDeclined",
    ],
    ["Python", { errorMessage: "no funds", errorType: "CardDeclined", requestId: "1", stackTrace: [] }, "CardDeclined"],
    ["Java", { errorMessage: "no funds", errorType: "com.example.shop.CardDeclined", stackTrace: [] }, "CardDeclined"],
    ["a name of the services'", { errorMessage: "busy", errorType: "FC.ResourceThrottled" }, "FC.ResourceThrottled"],
    ["a nested class of Java", { errorMessage: "no funds", errorType: "com.example.Shop$Declined" }, "Shop$Declined"],
    [
      "Ruby",
      { errorMessage: "no funds", errorType: "Function<CardDeclined>", stackTrace: [] },
      "Function<CardDeclined>",
    ],
    ["a text that was thrown", { errorType: "string", errorMessage: "no funds", trace: [] }, "string"],
    ["a name with a blank", { errorType: "Card declined", errorMessage: "" }, "Card declined"],
    ["an error without type", { errorMessage: "no funds" }, "Error"],
  ])("keeps its name, and its body is the cause: %s", async (_what, body, error) => {
    expect(await resultOf(functionError(body))).toEqual({ kind: "failed", error, cause: JSON.stringify(body) });
  });

  test("is the same whether Lambda calls it handled or unhandled", async () => {
    const body = { errorType: "CardDeclined", errorMessage: "no funds" };
    expect(await resultOf(functionError(body, "Handled"))).toMatchObject({ error: "CardDeclined" });
  });

  test("keeps a cause of bounded length", async () => {
    const result = await resultOf(functionError({ errorType: "Long", errorMessage: "x".repeat(1_000_000) }));
    expect(result).toMatchObject({
      error: "Long",
      cause: expect.stringMatching(/^\{"errorType":"Long".*more characters\)$/),
    });
    expect(JSON.stringify(result).length).toBeLessThan(70_000);
  });
});

describe("a function that died is FC.Unknown", () => {
  test.each([
    { errorType: "Sandbox.Timedout", errorMessage: "RequestId: 1 Error: Task timed out after 3.00 seconds" },
    { errorMessage: "2026-01-01T00:00:00.000Z 1 Task timed out after 3.00 seconds" },
    { errorType: "Runtime.ExitError", errorMessage: "RequestId: 1 Error: Runtime exited with error: exit status 1" },
    { errorType: "Runtime.ExitError", errorMessage: "RequestId: 1 Error: Runtime exited with error: signal: killed" },
    { errorType: "Runtime.OutOfMemory", errorMessage: "RequestId: 1 Error: Runtime exited with error: signal: killed" },
    { errorMessage: "RequestId: 1 Process exited before completing request" },
    { errorType: "Runtime.ImportModuleError", errorMessage: "Error: Cannot find module 'index'", trace: [] },
    { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is undefined or not exported", trace: [] },
    { errorType: "Runtime.UserCodeSyntaxError", errorMessage: "SyntaxError: Unexpected token", trace: [] },
    { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: late", trace: [] },
    { errorType: "Extension.Crash", errorMessage: "RequestId: 1 Error: exit code 1" },
  ])("%j", async (body) => {
    expect(await resultOf(functionError(body))).toEqual({
      kind: "failed",
      error: "FC.Unknown",
      cause: JSON.stringify(body),
    });
  });
});

describe("a result that a flow cannot use", () => {
  test("is FnF.InvalidLocal when the function could not write it", async () => {
    const body = { errorType: "Runtime.MarshalError", errorMessage: "Unable to stringify response body" };
    expect(await resultOf(functionError(body))).toMatchObject({ error: "FnF.InvalidLocal" });
  });

  test("is FnF.InvalidLocal when it is no JSON", async () => {
    expect(await resultOf({ body: "<html>" })).toMatchObject({ kind: "failed", error: "FnF.InvalidLocal" });
  });

  test("is FnF.DataLimitExceeded when it passes Lambda's limit, which is named", async () => {
    const errorMessage = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    expect(await resultOf(functionError({ errorType: "Function.ResponseSizeTooLarge", errorMessage }))).toEqual({
      kind: "failed",
      error: "FnF.DataLimitExceeded",
      cause: expect.stringMatching(/6291556.*Lambda.*6 MB/),
    });
  });

  test("is none when the body is empty", async () => {
    expect(await resultOf({ body: "" })).toEqual({ kind: "succeeded" });
  });
});

describe("a call that Lambda refuses", () => {
  test.each([
    "ConcurrentInvocationLimitExceeded",
    "ReservedFunctionConcurrentInvocationLimitExceeded",
    "ReservedFunctionInvocationRateLimitExceeded",
    "FunctionInvocationRateLimitExceeded",
    "CallerRateLimitExceeded",
    "ConcurrentSnapshotCreateLimitExceeded",
  ])("for its rate is throttled, not executed, and says which limit it was: %s", async (Reason) => {
    const result = await resultOf(refusal(429, "TooManyRequestsException", { Reason, retryAfterSeconds: "1" }));
    expect(result).toEqual({ kind: "throttled", cause: expect.stringContaining(Reason) });
  });

  test.each([
    [502, "EC2ThrottledException", "FC.ResourceExhausted"],
    [502, "ENILimitReachedException", "FC.ResourceExhausted"],
    [502, "SubnetIPAddressLimitReachedException", "FC.ResourceExhausted"],
    [500, "ServiceException", "FC.InternalServerError"],
    [502, "EC2UnexpectedException", "FC.InternalServerError"],
    [503, "ServiceUnavailableException", "FC.InternalServerError"],
    [408, "EFSMountTimeoutException", "FC.InternalServerError"],
    [408, "EFSMountConnectivityException", "FC.InternalServerError"],
    [410, "EFSIOException", "FC.InternalServerError"],
    [502, "ENINotReadyException", "FC.InternalServerError"],
    [502, "ResourceNotReadyException", "FC.InternalServerError"],
    [409, "ResourceConflictException", "FC.InternalServerError"],
    [409, "SnapStartNotReadyException", "FC.InternalServerError"],
    [408, "SnapStartTimeoutException", "FC.InternalServerError"],
    [404, "ResourceNotFoundException", "FC.FunctionNotFound"],
    [403, "AccessDeniedException", "FC.AccessDenied"],
    [502, "KMSAccessDeniedException", "FC.KMSAccessDenied"],
    [502, "KMSDisabledException", "FC.KMSDisabled"],
    [502, "KMSInvalidStateException", "FC.KMSInvalidState"],
    [502, "KMSNotFoundException", "FC.KMSNotFound"],
    [502, "EC2AccessDeniedException", "FC.EC2AccessDenied"],
    [502, "InvalidSubnetIDException", "FC.InvalidSubnetID"],
    [502, "InvalidSecurityGroupIDException", "FC.InvalidSecurityGroupID"],
    [502, "InvalidRuntimeException", "FC.InvalidRuntime"],
    [502, "InvalidZipFileException", "FC.InvalidZipFile"],
    [403, "EFSMountFailureException", "FC.EFSMountFailure"],
    [400, "SnapStartException", "FC.SnapStart"],
    [400, "RecursiveInvocationException", "FC.RecursiveInvocation"],
    [400, "InvalidRequestContentException", "FC.InvalidArgument"],
    [400, "InvalidParameterValueException", "FC.InvalidArgument"],
    [415, "UnsupportedMediaTypeException", "FC.InvalidArgument"],
    [400, "ValidationException", "FC.InvalidArgument"],
    [413, "RequestTooLargeException", "FnF.DataLimitExceeded"],
    [403, "ExpiredTokenException", "FC.ExpiredToken"],
  ])("%i %s is %s", async (status, code, error) => {
    expect(await resultOf(refusal(status, code))).toEqual({ kind: "failed", error, cause: expect.stringMatching(/./) });
  });
});

describe("a call without an answer", () => {
  test("is FC.Unknown: it may have been executed, and is not repeated", async () => {
    expect(await resultOf({ drop: true })).toEqual({
      kind: "failed",
      error: "FC.Unknown",
      cause: expect.stringMatching(/not known/),
    });
  });

  test("to nobody is FC.InternalServerError: it was not executed", async () => {
    const gone = await lambdaServer({ invoke: () => ({}) });
    const settings = { ...loopbackSettings(gone.endpoint), ...LAMBDA_CLIENT_SETTINGS };
    await gone.close();
    const nobody = guarded(new LambdaClient(settings));
    expect(await functions(nobody).invoke(invocation)).toMatchObject({ error: "FC.InternalServerError" });
    nobody.destroy();
  });

  test("because there are no credentials is no result, but an error of the deployment", async () => {
    const { credentials: _, ...settings } = loopbackSettings(server.endpoint);
    const credentials = () => Promise.reject(Object.assign(new Error("none"), { name: "CredentialsProviderError" }));
    const nobody = guarded(new LambdaClient({ ...settings, ...LAMBDA_CLIENT_SETTINGS, credentials }));
    await expect(functions(nobody).invoke(invocation)).rejects.toMatchObject({ code: "CredentialsProviderError" });
    nobody.destroy();
  });

  test("is never sought by a client that would repeat it", async () => {
    const eager = guarded(new LambdaClient(loopbackSettings(server.endpoint)));
    await expect(functions(eager).invoke(invocation)).rejects.toThrow(/3 attempts: a task would run twice/);
    expect(server.requests.length).toBe(before);
    eager.destroy();
  });
});
