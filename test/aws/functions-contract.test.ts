/**
 * The contract of the functions port against Lambda's HTTP interface, the functions being of this process. The ends of submitted
 * ones come back as the records that Lambda sends to destinations, so the whole way of a task token is under test.
 */
import { LambdaClient } from "@aws-sdk/client-lambda";
import { LAMBDA_CLIENT_SETTINGS, lambdaFunctions } from "../../lib/aws/functions.ts";
import { blobSubmissions, settleSubmission, submissionEnd } from "../../lib/aws/submissions.ts";
import { memoryBlobs } from "../../lib/memory/blobs.ts";
import type { Functions } from "../../lib/runtime/ports/functions.ts";
import { offered } from "../contracts/functions/offered.ts";
import { functionsContract } from "../contracts/functions.ts";
import { guarded, loopbackSettings } from "./guard.ts";
import { functionError, type LambdaAnswer, type LambdaRequest, lambdaServer, refusal } from "./lambda-server.ts";

type Offered = (event: unknown, context: unknown) => unknown;

const deployed = new Map<string, Offered>(
  Object.entries(offered).map(([name, code]) => [name.replace("/", "-"), code as Offered]),
);

/** Runs the function as Lambda does. */
async function run({ name, payload, clientContext }: LambdaRequest): Promise<LambdaAnswer> {
  const code = deployed.get(name);
  if (name === "throttled") return refusal(429, "TooManyRequestsException", { Reason: "CallerRateLimitExceeded" });
  if (code === undefined) return refusal(404, "ResourceNotFoundException");
  try {
    const context = { clientContext: clientContext === undefined ? undefined : JSON.parse(clientContext) };
    return { body: JSON.stringify((await code(JSON.parse(payload), context)) ?? null) };
  } catch (error) {
    const thrown = error as Error;
    // The class, as most runtimes have it; Node's says `name`, which a class has to set.
    return functionError({ errorType: thrown.constructor.name, errorMessage: thrown.message, trace: [] });
  }
}

/** Lambda's record of an asynchronous invocation for a destination. */
function recordOf({ payload }: LambdaRequest, requestId: string, { headers, body = "" }: LambdaAnswer): string {
  const failure = headers?.["x-amz-function-error"];
  return JSON.stringify({
    version: "1.0",
    timestamp: "2026-01-01T00:00:00.000Z",
    requestContext: {
      requestId,
      functionArn: "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST",
      condition: failure === undefined ? "Success" : "RetriesExhausted",
      approximateInvokeCount: 1,
    },
    requestPayload: JSON.parse(payload),
    responseContext: {
      statusCode: 200,
      executedVersion: "$LATEST",
      ...(failure === undefined ? {} : { functionError: failure }),
    },
    responsePayload: JSON.parse(body),
  });
}

functionsContract(
  "Lambda",
  async (report) => {
    const submissions = blobSubmissions(memoryBlobs());
    const remembered = new Map<string, PromiseWithResolvers<void>>();
    const known = (requestId: string) => {
      const one = remembered.get(requestId) ?? Promise.withResolvers<void>();
      remembered.set(requestId, one);
      return one;
    };

    /** The handler of the record; one that comes before the token is remembered comes again, as SQS has it. */
    async function arrive(record: string): Promise<void> {
      const end = submissionEnd(record);
      if (end === undefined) throw new Error(`not a record: ${record}`);
      const options = { submissions, report, now: end.at };
      if ((await settleSubmission(end, options)) === "consume") return;
      await known(end.requestId).promise;
      await settleSubmission(end, options);
    }

    const server = await lambdaServer({
      aliases: { "echo:live": "3" },
      async invoke(request, requestId) {
        if (request.type === "RequestResponse") return run(request);
        if (!deployed.has(request.name)) return refusal(404, "ResourceNotFoundException");
        void run(request).then((answer) => arrive(recordOf(request, requestId, answer)));
        return { status: 202 };
      },
    });
    const client = guarded(new LambdaClient({ ...loopbackSettings(server.endpoint), ...LAMBDA_CLIENT_SETTINGS }));
    const lambda = lambdaFunctions({
      client,
      submissions: {
        tokenOf: submissions.tokenOf,
        async remember(requestId, token) {
          await submissions.remember(requestId, token);
          known(requestId).resolve();
        },
      },
    });
    const timers = new Set<NodeJS.Timeout>();
    // Lambda cannot be told to end an asynchronous call early. The runtime has a timer for it; this is in its place.
    const functions: Functions = {
      ...lambda,
      async submit(invocation, token) {
        const result = await lambda.submit(invocation, token);
        const { timeoutMs } = invocation;
        if (result.kind === "succeeded" && token !== undefined && timeoutMs !== undefined)
          timers.add(setTimeout(() => void report(token, { kind: "timedOut" }), timeoutMs));
        return result;
      },
    };
    return {
      functions,
      settle: (promise) => promise,
      async close() {
        for (const timer of timers) clearTimeout(timer);
        client.destroy();
        await server.close();
      },
    };
  },
  { throttled: "throttled", alias: { name: "live", version: "3" } },
);
