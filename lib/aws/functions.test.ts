import { GetAliasCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { guarded, loopbackSettings } from "../../test/aws/guard.ts";
import { type LambdaAnswer, type LambdaServer, lambdaServer, refusal } from "../../test/aws/lambda-server.ts";
import { parseResource } from "../fdl/resource.ts";
import { memoryBlobs } from "../memory/blobs.ts";
import type { Invocation } from "../runtime/ports/functions.ts";
import type { FunctionNames } from "./function-names.ts";
import { LAMBDA_CLIENT_SETTINGS, lambdaFunctions } from "./functions.ts";
import { blobSubmissions, settleSubmission, submissionEnd } from "./submissions.ts";

let server: LambdaServer;
let client: LambdaClient;
let answer: (requestId: string) => LambdaAnswer | Promise<LambdaAnswer>;

beforeAll(async () => {
  server = await lambdaServer({
    invoke: (_request, requestId) => answer(requestId),
    aliases: { "shop-pay:online": "7" },
  });
  client = guarded(new LambdaClient({ ...loopbackSettings(server.endpoint), ...LAMBDA_CLIENT_SETTINGS }));
  answer = () => ({ body: "{}" });
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

const context = { attemptId: "start-1..3", flow: "orders", execution: "run-1", step: "pay", retryCount: 2 };

function functions(names: FunctionNames = {}, submissions = blobSubmissions(memoryBlobs())) {
  return lambdaFunctions({ client, names, submissions });
}

function resourceOf(text: string): Invocation["resource"] {
  const resource = parseResource(text);
  if (resource.kind !== "fc" && resource.kind !== "function") throw new Error(`not a function: ${text}`);
  return resource;
}

const invocation = (text: string, rest: Partial<Invocation> = {}): Invocation => ({
  resource: resourceOf(text),
  payload: {},
  context,
  ...rest,
});

/** The request that a call makes. */
async function requestOf(text: string, names?: FunctionNames) {
  await functions(names).invoke(invocation(text));
  const { name, qualifier } = server.requests.at(-1) ?? {};
  return qualifier === undefined ? name : `${name} ${qualifier}`;
}

describe("the Lambda function of a resource", () => {
  test.each([
    ["acs:fc:::services/shop/functions/pay", "shop-pay"],
    ["acs:fc:::services/shop.online/functions/pay", "shop-pay online"],
    ["acs:fc:::services/shop.3/functions/pay", "shop-pay 3"],
    ["acs:fc:cn-hangzhou:1234567890123456:services/shop/functions/pay", "shop-pay"],
    ["acs:fc:::functions/pay", "pay"],
    ["acs:fc:::functions/pay/online", "pay online"],
    ["acs:fc:::functions/pay/LATEST", "pay"],
    ["arn:aws:lambda:::function:pay", "pay"],
    ["arn:aws:lambda:::function:pay:online", "pay online"],
    ["arn:aws:lambda:eu-west-1:123456789012:function:pay", "arn:aws:lambda:eu-west-1:123456789012:function:pay"],
    ["arn:aws:lambda:eu-west-1:123456789012:function:pay:3", "arn:aws:lambda:eu-west-1:123456789012:function:pay 3"],
  ])("%s is %s", async (text, request) => {
    expect(await requestOf(text)).toBe(request);
  });

  test.each([
    ["its whole resource text", "acs:fc:::services/shop/functions/pay"],
    ["its service and name", "shop/pay"],
    ["the name that it would have", "shop-pay"],
  ])("may have another name, by %s; the qualifier stays", async (_what, key) => {
    expect(await requestOf("acs:fc:::services/shop/functions/pay", { [key]: "prod-shop-payments" })).toBe(
      "prod-shop-payments",
    );
    if (!key.startsWith("acs:"))
      expect(await requestOf("acs:fc:::services/shop.3/functions/pay", { [key]: "payments" })).toBe("payments 3");
  });
});

describe("a call", () => {
  test("carries the attempt in its client context, in ASCII", async () => {
    const flow = "订单🪜";
    await functions().invoke(invocation("acs:fc:::functions/pay", { context: { ...context, flow } }));
    const text = server.requests.at(-1)?.clientContext ?? "";
    expect(text).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(text)).toEqual({ custom: { ...context, flow } });
  });

  test("keeps to the attempt's id where the names are too long for a client context", async () => {
    const long = "流".repeat(200);
    await functions().invoke(
      invocation("acs:fc:::functions/pay", { context: { ...context, flow: long, step: long, execution: long } }),
    );
    expect(JSON.parse(server.requests.at(-1)?.clientContext ?? "")).toEqual({
      custom: { attemptId: "start-1..3", retryCount: 2 },
    });
  });

  test("with a time-out of a year does not time out at once", async () => {
    const timeoutMs = 365 * 24 * 3_600_000;
    expect(await functions().invoke(invocation("acs:fc:::functions/pay", { timeoutMs }))).toMatchObject({ output: {} });
  });

  test("that is asynchronous and refused for its size names the limit", async () => {
    answer = () => refusal(413, "RequestTooLargeException");
    expect(await functions().submit(invocation("acs:fc:::functions/pay"))).toEqual({
      kind: "failed",
      error: "FnF.DataLimitExceeded",
      cause: expect.stringMatching(/asynchronous.*1 MB/),
    });
    answer = () => ({ body: "{}" });
  });
});

describe("a function that is submitted with a token", () => {
  test("has the token under the id of its request, which Lambda's record of its end names", async () => {
    let requestId = "";
    answer = (id) => {
      requestId = id;
      return { status: 202 };
    };
    const submissions = blobSubmissions(memoryBlobs());
    expect(await functions({}, submissions).submit(invocation("acs:fc:::functions/pay"), "token")).toEqual({
      kind: "succeeded",
    });
    expect(await submissions.tokenOf(requestId)).toBe("token");
    expect(await submissions.tokenOf("another")).toBeUndefined();
    answer = () => ({ body: "{}" });
  });

  /** As AWS documents it for destinations of asynchronous invocations. */
  const record = {
    version: "1.0",
    timestamp: "2026-01-01T00:00:00.000Z",
    requestContext: {
      requestId: "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
      functionArn: "arn:aws:lambda:us-east-1:123456789012:function:pay:$LATEST",
      condition: "Success",
      approximateInvokeCount: 1,
    },
    requestPayload: { order: 1 },
    responseContext: { statusCode: 200, executedVersion: "$LATEST" },
    responsePayload: { paid: true },
  };
  const { requestId } = record.requestContext;
  const at = Date.parse(record.timestamp);

  test.each([
    ["its result", record, { kind: "succeeded", output: { paid: true } }],
    ["null", { ...record, responsePayload: null }, { kind: "succeeded", output: null }],
    [
      "its error",
      {
        ...record,
        requestContext: { ...record.requestContext, condition: "RetriesExhausted" },
        responseContext: { ...record.responseContext, functionError: "Unhandled" },
        responsePayload: { errorMessage: "no funds", errorType: "CardDeclined" },
      },
      { kind: "failed", error: "CardDeclined", cause: '{"errorMessage":"no funds","errorType":"CardDeclined"}' },
    ],
    [
      "that it never ran",
      {
        ...record,
        requestContext: { ...record.requestContext, condition: "EventAgeExceeded", approximateInvokeCount: 0 },
        responseContext: undefined,
        responsePayload: undefined,
      },
      { kind: "failed", error: "FC.ResourceExhausted", cause: expect.stringMatching(/EventAgeExceeded/) },
    ],
  ])("ends with a record that says %s", (_what, given, result) => {
    expect(submissionEnd(JSON.stringify(given))).toEqual({ requestId, at, result });
  });

  describe("settled by its record", () => {
    const end = { requestId, at, result: { kind: "succeeded", output: 1 } } as const;

    /** What becomes of the message that arrives `afterMs` after the end, and what was reported. */
    async function settled(token: string | undefined, afterMs: number, blobs = memoryBlobs()) {
      const submissions = blobSubmissions(blobs);
      if (token !== undefined) await submissions.remember(requestId, token);
      const reported: unknown[] = [];
      const report = async (...what: unknown[]) => void reported.push(what);
      return [await settleSubmission(end, { submissions, report, now: at + afterMs }), reported];
    }

    test("reports to its token", async () => {
      expect(await settled("token", 10)).toEqual(["consume", [["token", end.result]]]);
    });

    test("waits for a token that its submitter may still be writing down", async () => {
      expect(await settled(undefined, 10)).toEqual(["leave", []]);
    });

    test("is dropped when there never was a token", async () => {
      expect(await settled(undefined, 300_001)).toEqual(["consume", []]);
    });

    test("comes back when the token cannot be read", async () => {
      const down = { put: async () => {}, get: () => Promise.reject(new Error("no network")) };
      await expect(settled(undefined, 300_001, down)).rejects.toThrow("no network");
    });
  });

  test.each([
    '{"kind":"advance","ref":{}}\n{"requestContext":{"requestId":"1"}}\n{}',
    '{"kind":"probe","id":"\\"requestContext\\""}',
    '{"requestContext":null}',
    '{"requestContext":{"requestId":1}}',
    "",
    "null",
  ])("does not end with another message: %j", (body) => {
    expect(submissionEnd(body)).toBeUndefined();
  });
});

describe("an alias", () => {
  test("is resolved to its version, also of a function with another name", async () => {
    const resource = resourceOf("acs:fc:::services/store.online/functions/sell");
    expect(await functions({ "store/sell": "shop-pay" }).resolveAlias(resource)).toBe("7");
  });

  test.each(["$LATEST", "3"])("is what %s is not", async (qualifier) => {
    expect(
      await functions().resolveAlias({ kind: "function", function: "pay", qualifier, region: "", account: "" }),
    ).toBeUndefined();
  });

  test("that cannot be read is an error, not taken for none", async () => {
    const refusing = guarded(new LambdaClient({ ...loopbackSettings(server.endpoint), ...LAMBDA_CLIENT_SETTINGS }));
    refusing.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName !== GetAliasCommand.name) return next(args);
          throw Object.assign(new Error("no"), { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } });
        },
      { step: "initialize" },
    );
    const asking = lambdaFunctions({ client: refusing, submissions: blobSubmissions(memoryBlobs()) });
    await expect(asking.resolveAlias(resourceOf("acs:fc:::services/shop.online/functions/pay"))).rejects.toMatchObject({
      kind: "rejected",
      code: "AccessDeniedException",
    });
    refusing.destroy();
  });
});
