/**
 * The functions port on Lambda. An invocation is one request: the SDK must not repeat it, a repeated request would run the task
 * twice (architecture §3). A function that passes its time-out is left to itself: Lambda cannot be told to end it.
 */
import { GetAliasCommand, InvokeCommand, type InvokeCommandOutput, type LambdaClient } from "@aws-sdk/client-lambda";
import type { AttemptContext, CallResult, Functions, Invocation } from "../runtime/ports/functions.ts";
import { AwsError, calling } from "./errors.ts";
import { type FunctionNames, type LambdaName, lambdaNameOf } from "./function-names.ts";
import { ASYNC_LIMIT, notFound, resultOf, resultOfError, SYNC_LIMIT, tooLarge } from "./lambda-result.ts";
import type { Submissions } from "./submissions.ts";

/** Lambda's longest run and a little more, ms: no request is given up while its function may still answer. */
const LONGEST_CALL_MS = 910_000;

/** What the client must be made with: no second attempts, and no time-out below a function's own. */
export const LAMBDA_CLIENT_SETTINGS = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: LONGEST_CALL_MS },
};

export interface LambdaFunctionsOptions {
  /** Made with LAMBDA_CLIENT_SETTINGS. */
  readonly client: LambdaClient;
  readonly names?: FunctionNames;
  /** Keeps the tokens of functions that are submitted with one. */
  readonly submissions: Submissions;
}

/** Longest base64 text of a client context. */
const MAX_CLIENT_CONTEXT = 3583;

export function lambdaFunctions({ client, names, submissions }: LambdaFunctionsOptions): Functions {
  /** Resolves with the answer; what went wrong instead is a result too. */
  async function send(
    invocation: Invocation,
    type: "RequestResponse" | "Event",
    signal: AbortSignal | undefined,
  ): Promise<InvokeCommandOutput | CallResult> {
    const limit = type === "Event" ? ASYNC_LIMIT : SYNC_LIMIT;
    const name = lambdaNameOf(invocation.resource, names);
    if (name === undefined) return notFound(nameIn(invocation));
    const payload = Buffer.from(JSON.stringify(invocation.payload));
    if (payload.length > limit.bytes) return tooLarge(payload.length, limit);
    await mustNotRepeat(client);
    const command = new InvokeCommand({
      ...name,
      InvocationType: type,
      Payload: payload,
      // Lambda hands it to the function of a synchronous call only.
      ...(type === "Event" ? {} : { ClientContext: clientContext(invocation.context) }),
    });
    try {
      return await calling("Lambda Invoke", () => client.send(command, signal ? { abortSignal: signal } : {}));
    } catch (error) {
      if (signal?.aborted) return { kind: "timedOut" };
      if (!(error instanceof AwsError)) throw error;
      return error.code === "ResourceNotFoundException" ? notFound(nameIn(invocation)) : resultOfError(error, limit);
    }
  }

  return {
    async invoke(invocation) {
      const { timeoutMs } = invocation;
      const timeout = new AbortController();
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => timeout.abort("timed out"), Math.min(timeoutMs, LONGEST_CALL_MS));
      try {
        const answer = await send(invocation, "RequestResponse", timeout.signal);
        if ("kind" in answer) return answer;
        return resultOf(answer.Payload?.transformToString() ?? "", answer.FunctionError);
      } finally {
        clearTimeout(timer);
      }
    },

    async submit(invocation, token) {
      const answer = await send(invocation, "Event", undefined);
      if ("kind" in answer) return answer;
      const { requestId } = answer.$metadata;
      if (token !== undefined && requestId !== undefined) await submissions.remember(requestId, token);
      return { kind: "succeeded" };
    },

    async resolveAlias(resource) {
      const name = lambdaNameOf(resource, names);
      if (name === undefined || !isAlias(name.Qualifier)) return undefined;
      const command = new GetAliasCommand({ FunctionName: name.FunctionName, Name: name.Qualifier });
      try {
        return (await calling("Lambda GetAlias", () => client.send(command))).FunctionVersion;
      } catch (error) {
        if (error instanceof AwsError && error.code === "ResourceNotFoundException") return undefined;
        throw error;
      }
    },
  };
}

/** A version is a number; an alias never is. */
function isAlias(qualifier: LambdaName["Qualifier"]): qualifier is string {
  return qualifier !== undefined && qualifier !== "$LATEST" && !/^\d+$/.test(qualifier);
}

async function mustNotRepeat({ config }: LambdaClient): Promise<void> {
  const attempts = await config.maxAttempts();
  if (attempts === 1) return;
  throw new Error(`The Lambda client makes ${attempts} attempts: a task would run twice. See LAMBDA_CLIENT_SETTINGS.`);
}

/**
 * The attempt as a client context: `context.clientContext.custom` of the function. In ASCII, because it travels in an HTTP
 * header inside Lambda; of names that are too long for it the attempt's id remains.
 */
function clientContext({ attemptId, flow, execution, step, retryCount }: AttemptContext): string {
  const whole = encoded({ attemptId, flow, execution, step, retryCount });
  return whole.length <= MAX_CLIENT_CONTEXT ? whole : encoded({ attemptId, retryCount });
}

function encoded(custom: object): string {
  const json = JSON.stringify({ custom }).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return Buffer.from(json).toString("base64");
}

function nameIn({ resource }: Invocation): string {
  const name = resource.kind === "fc" ? `${resource.service}-${resource.function}` : resource.function;
  return resource.qualifier === undefined ? `"${name}"` : `"${name}" with the qualifier "${resource.qualifier}"`;
}
