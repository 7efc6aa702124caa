/**
 * Functions that were submitted with a task token (`InvocationType: Async` with `pattern: sync`, architecture §3). Lambda tells
 * a function's end to its destinations, by the request id of the call that submitted it; so the token is kept under that id.
 *
 * A deployment gives each such function an event invoke configuration: MaximumRetryAttempts 0 (the flow retries), and the
 * transitions queue as destination of both OnSuccess and OnFailure; its role may send there. A record with the result has to
 * fit an SQS message.
 */
import { createHash } from "node:crypto";
import { StepwellError } from "../fdl/errors.ts";
import type { Json } from "../fdl/json.ts";
import type { Blobs } from "../runtime/ports/blobs.ts";
import type { CallResult } from "../runtime/ports/functions.ts";
import type { Disposition } from "../runtime/work.ts";
import { resultOf } from "./lambda-result.ts";

export interface Submissions {
  remember(requestId: string, token: string): Promise<void>;
  /** Undefined: not yet (the function was faster than its submitter), or never. */
  tokenOf(requestId: string): Promise<string | undefined>;
}

/** Tokens as blobs, each under the hash of its request id. */
export function blobSubmissions(blobs: Blobs): Submissions {
  const place = (requestId: string) => createHash("sha256").update(`submission ${requestId}`).digest("hex");
  return {
    remember: (requestId, token) => blobs.put(place(requestId), JSON.stringify(token)),
    async tokenOf(requestId) {
      try {
        return JSON.parse(await blobs.get(place(requestId))) as string;
      } catch (error) {
        // What blobs say of one that is not there; a service that does not answer has other words.
        if (error instanceof StepwellError) return undefined;
        throw error;
      }
    },
  };
}

export interface SubmissionEnd {
  readonly requestId: string;
  /** When Lambda recorded it, ms. */
  readonly at: number;
  readonly result: CallResult;
}

/** Lambda's record of an asynchronous invocation, version 1.0. */
interface InvocationRecord {
  /** RFC 3339. */
  readonly timestamp?: string;
  readonly requestContext: { readonly requestId: string; readonly condition?: string };
  readonly responseContext?: { readonly functionError?: string };
  readonly responsePayload?: Json;
}

/** A submitter remembers its token right after the call: if it has not by then, it never will. ms. */
const FORGOTTEN_AFTER_MS = 300_000;

export interface SettleOptions {
  readonly submissions: Submissions;
  /** reportResult of the runtime. */
  readonly report: (token: string, result: CallResult) => Promise<void>;
  readonly now: number;
}

/**
 * Reports the end to the token that the function was submitted with, and what becomes of the message: it is left to come back
 * while the token may still be on its way. A function that was submitted without one, or by a worker that died over it (and
 * was submitted again), has none.
 */
export async function settleSubmission(
  { requestId, at, result }: SubmissionEnd,
  { submissions, report, now }: SettleOptions,
): Promise<Disposition> {
  const token = await submissions.tokenOf(requestId);
  if (token === undefined) return now - at > FORGOTTEN_AFTER_MS ? "consume" : "leave";
  await report(token, result);
  return "consume";
}

/** The end of a submitted function, when the body of a message is Lambda's record of one; else undefined. */
export function submissionEnd(body: string): SubmissionEnd | undefined {
  const record = readRecord(body);
  if (record === undefined) return undefined;
  const { requestContext, responseContext, responsePayload, timestamp = "" } = record;
  const { requestId, condition } = requestContext;
  // A record without a time is taken for an old one: no message may come back for ever.
  const at = Date.parse(timestamp) || 0;
  if (responseContext === undefined) {
    const cause = `Lambda gave the call up before the function ran (${condition ?? "no condition"}).`;
    return { requestId, at, result: { kind: "failed", error: "FC.ResourceExhausted", cause } };
  }
  const payload = responsePayload === undefined ? "" : JSON.stringify(responsePayload);
  return { requestId, at, result: resultOf(payload, responseContext.functionError) };
}

function readRecord(body: string): InvocationRecord | undefined {
  // Messages of the runtime begin otherwise: most are told apart without reading them.
  if (!body.includes('"requestContext"')) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null || !("requestContext" in value)) return undefined;
    const { requestContext } = value;
    const isRecord =
      typeof requestContext === "object" &&
      requestContext !== null &&
      "requestId" in requestContext &&
      typeof requestContext.requestId === "string";
    return isRecord ? (value as InvocationRecord) : undefined;
  } catch {
    return undefined;
  }
}
