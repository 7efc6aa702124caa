/** Delivers a pushed message once: by an HTTP request, or by running a function. */
import { parseResource } from "../../fdl/resource.ts";
import type { Functions, Invocation } from "../../runtime/ports/functions.ts";
import { unlessAborted } from "./aborted.ts";
import { lambdaEvent, type PushTarget, pushRequest } from "./envelope.ts";
import type { SnsStore } from "./fauxqs.ts";
import type { Push } from "./push-table.ts";
import type { Delivery, PushesOptions } from "./pushes.ts";
import type { Signer } from "./signing.ts";

/** SNS waits that long for the answer of an HTTP endpoint, ms. */
const HTTP_TIMEOUT_MS = 15_000;

/** Lambda runs a function that was called asynchronously, and failed, twice more. */
const MOST_RUNS = 3;

export interface DeliveriesOptions {
  readonly sns: SnsStore;
  readonly signer: () => Promise<Signer>;
  /** Where URLs in messages lead. */
  readonly endpoint: () => string;
  readonly functions: () => Functions | undefined;
}

/** Delivers to whatever the subscription is of now; drops what is for a subscription that is gone, or was confirmed meanwhile. */
export function deliveries({ sns, signer, endpoint, functions }: DeliveriesOptions): PushesOptions["deliver"] {
  return async (push, signal) => {
    const subscription = sns.getSubscription(push.subscriptionArn);
    if (subscription === undefined) return { kind: "dropped" };
    const { attributes, protocol, endpoint: receiver, topicArn, confirmed } = subscription;
    if (confirmed === (push.pushed.kind === "confirmation")) return { kind: "dropped" };
    try {
      const target = {
        subscriptionArn: push.subscriptionArn,
        endpoint: endpoint(),
        signer: await signer(),
        signatureVersion: sns.getTopic(topicArn)?.attributes.SignatureVersion === "2" ? "2" : "1",
        raw: attributes.RawMessageDelivery === "true",
      } as const;
      return await (protocol === "lambda"
        ? deliverLambda(receiver, push, target, functions(), signal)
        : deliverHttp(receiver, push, target, signal));
    } catch (error) {
      const to = protocol === "lambda" ? receiver : withoutLogin(receiver);
      return { kind: "failed", reason: `${to}: ${reasonOf(error)}` };
    }
  };
}

/** Any answer of 2xx is a delivery; a redirection is none. */
async function deliverHttp(url: string, push: Push, target: PushTarget, signal: AbortSignal): Promise<Delivery> {
  const { headers, body } = pushRequest(push.pushed, target);
  const response = await fetch(withoutLogin(url), {
    method: "POST",
    headers: { ...headers, ...login(url) },
    body,
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(HTTP_TIMEOUT_MS)]),
  });
  await response.body?.cancel();
  if (response.ok) return { kind: "delivered" };
  return { kind: "failed", reason: `${withoutLogin(url)} answered ${response.status}` };
}

/** Name and password in an endpoint's URL are for basic authentication. */
function login(url: string): { readonly authorization?: string } {
  const { username, password } = new URL(url);
  if (username === "") return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(text).toString("base64")}` };
}

function withoutLogin(url: string): string {
  const plain = new URL(url);
  plain.username = "";
  plain.password = "";
  return plain.href;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What fetch throws says why in its cause alone.
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}

/** Runs the function to its end: a message is delivered when the function has succeeded, or has failed three times. */
async function deliverLambda(
  functionArn: string,
  push: Push,
  target: PushTarget,
  functions: Functions | undefined,
  signal: AbortSignal,
): Promise<Delivery> {
  if (push.pushed.kind !== "notification") return { kind: "dropped" };
  if (functions === undefined) return { kind: "failed", reason: `there are no functions, so no ${functionArn}` };
  const context = {
    attemptId: `${push.pushed.messageId}-${target.subscriptionArn.split(":").at(-1)}`,
    flow: "",
    execution: "",
    step: "",
    retryCount: push.tries,
  };
  const payload = lambdaEvent(push.pushed, target);
  const invocation = { resource: functionResource(functionArn), payload, context };
  const result = await unlessAborted(functions.invoke(invocation), signal);
  if (result === undefined) return { kind: "failed", reason: `${functionArn} was called off` };
  if (result.kind === "succeeded") return { kind: "delivered" };
  if (result.kind === "timedOut") return { kind: "failed", reason: `${functionArn} timed out`, permanent: true };
  if (result.kind === "throttled") return { kind: "failed", reason: result.cause };
  const ran = result.error !== "FC.FunctionNotFound";
  return {
    kind: "failed",
    reason: `${functionArn} failed with ${result.error}: ${result.cause}`,
    permanent: ran && push.tries + 1 >= MOST_RUNS,
  };
}

/** The function that a subscription's endpoint names; throws when it names none. */
export function functionResource(functionArn: string): Invocation["resource"] {
  const resource = parseResource(functionArn);
  if (resource.kind === "function" || resource.kind === "fc") return resource;
  throw new Error(`${functionArn} is not the ARN of a Lambda function.`);
}
