/** What an attempt came to: the answer's fields, or an error and whether the call may be sent again. */
import { quoted } from "../api/errors.ts";
import { askedMs } from "./backoff.ts";
import { clientError, StepwellApiError } from "./errors.ts";
import type { Fields } from "./fields.ts";
import type { Outcome } from "./transport.ts";

export type Verdict =
  | { readonly kind: "done"; readonly fields: Fields }
  | {
      readonly kind: "failed";
      /** Makes the error; `maybeDone` as in StepwellApiError. */
      readonly error: (maybeDone: boolean) => StepwellApiError;
      /** `undone`: surely not carried out, so any call may be repeated. `unknown`: perhaps. `refused`: it would be again. */
      readonly state: "undone" | "unknown" | "refused";
      /** So long the server wants to be left alone. */
      readonly askedMs: number;
    };

/** Judges an attempt by status and body (api.md §4). */
export function judge(outcome: Outcome, endpoint: string, timeoutMs: number, now: number): Verdict {
  if (outcome.kind !== "answered") return judgeSilence(outcome, endpoint, timeoutMs);
  const { status, headers, body } = outcome;
  const fields = parseObject(body);
  const code = fields?.Code;
  if (fields !== undefined && code === undefined && status >= 200 && status < 300) return { kind: "done", fields };
  // Not every 5xx was made by the server that did the work: a gateway answers so when it has lost sight of it.
  const state = status === 429 ? "undone" : status >= 500 ? "unknown" : "refused";
  const requestId = typeof fields?.RequestId === "string" ? fields.RequestId : undefined;
  return {
    kind: "failed",
    state,
    askedMs: state === "refused" ? 0 : askedMs(headers, now),
    error: (maybeDone) =>
      typeof code === "string"
        ? new StepwellApiError(code, messageOf(fields, code), { status, requestId, maybeDone })
        : clientError("UnreadableAnswer", unreadable(endpoint, status, body), { status, requestId, maybeDone }),
  };
}

function judgeSilence(
  { kind, cause }: Exclude<Outcome, { kind: "answered" }>,
  endpoint: string,
  timeoutMs: number,
): Verdict {
  const why = cause === "timeout" ? "" : reasonOf(cause);
  const [code, message] =
    cause === "timeout"
      ? (["RequestTimedOut", `${endpoint} did not answer within ${timeoutMs} ms.`] as const)
      : kind === "unsent"
        ? (["ConnectionFailed", `Cannot connect to ${endpoint} (${why}): is the server running there?`] as const)
        : (["ConnectionLost", `The connection to ${endpoint} ended before the answer was complete (${why}).`] as const);
  return {
    kind: "failed",
    state: kind === "unsent" ? "undone" : "unknown",
    askedMs: 0,
    error: (maybeDone) => clientError(code, message, { maybeDone, ...(cause === "timeout" ? {} : { cause }) }),
  };
}

/** Several addresses of a name fail together in an error without a message. */
function reasonOf(cause: Error & { readonly code?: string }): string {
  return cause.message === "" ? (cause.code ?? cause.name) : cause.message;
}

function parseObject(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function messageOf(fields: Fields | undefined, code: string): string {
  return typeof fields?.Message === "string" && fields.Message !== "" ? fields.Message : code;
}

function unreadable(endpoint: string, status: number, body: string): string {
  return `${endpoint} answered ${status} with what is no answer of this API, ${quoted(body)}: is it a Stepwell server?`;
}
