/** Requests and answers as a Lambda function URL carries them (payload format 2.0). */
import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { StepwellError } from "../../fdl/errors.ts";
import type { Invocation } from "./invocation.ts";

export interface UrlEvent {
  readonly rawPath: string;
  readonly rawQueryString?: string;
  /** Names in lower case; of a header that was sent more than once the values, with commas between them. */
  readonly headers?: { readonly [name: string]: string | undefined };
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

export interface UrlRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: { readonly [lowerCaseName: string]: string | undefined };
  readonly body: string;
}

/** fdl.md §1.4: a request has at most 1,024 KiB. */
const MAX_BODY_BYTES = 1_048_576;

/** Lambda's limit for the response of a synchronous invocation: its JSON, in which the body is a string. */
const MAX_ANSWER_BYTES = 6 * 1024 * 1024;
/** What a character of a body may become in it: `\u` and four digits. */
const MOST_BYTES = 6;

/** What is left of an invocation when a wait must end, ms: its answer has still to be made and carried. */
const ANSWER_MS = 3_000;

/**
 * The request of an event. Throws StepwellError `EntityTooLarge`, `InvalidArgument` (a body that is no text). The host is
 * left out: it is AWS's name for this URL, which no web page can have made point elsewhere.
 */
function requestOf({ rawPath, rawQueryString = "", headers = {}, requestContext, ...rest }: UrlEvent): UrlRequest {
  const { host: _, ...others } = headers;
  return {
    method: requestContext.http.method,
    target: rawQueryString === "" ? rawPath : `${rawPath}?${rawQueryString}`,
    headers: others,
    body: bodyOf(rest),
  };
}

function bodyOf({ body, isBase64Encoded = false }: Pick<UrlEvent, "body" | "isBase64Encoded">): string {
  const bytes = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > MAX_BODY_BYTES) {
    throw new StepwellError("EntityTooLarge", `The request's body has more than ${MAX_BODY_BYTES} bytes.`);
  }
  if (!isUtf8(bytes)) throw new StepwellError("InvalidArgument", "The request's body is not UTF-8.");
  return bytes.toString();
}

/** Makes the answer to a request; the signal aborts shortly before the invocation's time is up: the answer should come then. */
export type Api = (request: UrlRequest, signal: AbortSignal) => Promise<UrlApiAnswer>;

export interface UrlApiAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

export interface UrlAnswer extends Omit<UrlApiAnswer, "status"> {
  readonly statusCode: number;
}

/** The answer to an event. A request that cannot be read is answered as the API answers, too. */
export async function serveUrl(api: Api, event: UrlEvent, invocation: Invocation): Promise<UrlAnswer> {
  const timeUp = new AbortController();
  const left = Math.max(invocation.getRemainingTimeInMillis() - ANSWER_MS, 0);
  const timer = setTimeout(() => timeUp.abort("the invocation's time is up"), left);
  try {
    const request = requestOf(event);
    const { status, ...answer } = await api(request, timeUp.signal);
    // A server in front of sockets drops it by itself.
    const body = request.method === "HEAD" ? "" : answer.body;
    return carried({ ...answer, statusCode: status, body });
  } catch (error) {
    if (!(error instanceof StepwellError)) throw error;
    return refusal(error.code, error.message);
  } finally {
    clearTimeout(timer);
  }
}

/** The answer, or one that says why it cannot be carried: Lambda would say nothing but that something went wrong. */
function carried(answer: UrlAnswer): UrlAnswer {
  if (answer.body.length * MOST_BYTES <= MAX_ANSWER_BYTES) return answer;
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes <= MAX_ANSWER_BYTES) return answer;
  return refusal(
    "EntityTooLarge",
    `The answer has ${bytes} bytes; Lambda carries at most ${MAX_ANSWER_BYTES} (6 MB). Ask for fewer items (Limit).`,
  );
}

function refusal(Code: string, Message: string): UrlAnswer {
  const body = JSON.stringify({ RequestId: randomUUID(), Code, Message });
  return { statusCode: 400, headers: { "content-type": "application/json" }, body };
}
