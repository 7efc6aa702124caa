/** The one class of errors that the client's calls reject with, whoever found the fault: the server, the way to it, or the client. */

/** Codes of the client's own, beside those of the API (api.md §4.1), which it hands on as they are. */
export type ClientCode =
  /** No connection came to be: the server has seen nothing of the call. */
  | "ConnectionFailed"
  /** The connection ended before the whole answer was there. */
  | "ConnectionLost"
  /** No answer within `timeoutMs`. */
  | "RequestTimedOut"
  /** What answered does not speak this API: a proxy's page, a wrong endpoint. */
  | "UnreadableAnswer"
  /** `waitForExecution`: the execution runs longer than the caller wanted to wait. */
  | "WaitTimedOut"
  /** The client was closed. */
  | "ClientClosed"
  /** An argument that cannot be sent; the API has this code as well. */
  | "InvalidArgument";

export interface ApiErrorDetails {
  /** HTTP status; undefined when there was no answer. */
  readonly status?: number | undefined;
  /** What the server's log calls the request; undefined when there was no answer of the API's. */
  readonly requestId?: string | undefined;
  readonly maybeDone?: boolean | undefined;
  readonly cause?: unknown;
}

/** A call that failed. An abort is no such error: it rejects with the signal's reason. */
export class StepwellApiError extends Error {
  /** The API's code (`FlowNotExists`, …), or one of the client's own (`ClientCode`). */
  readonly code: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /**
   * Whether an attempt of this call may have been carried out all the same, its answer lost on the way. So a
   * `TaskAlreadyCompleted` with `maybeDone` is most likely the echo of one's own first report.
   */
  readonly maybeDone: boolean;

  constructor(code: string, message: string, details: ApiErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "StepwellApiError";
    this.code = code;
    this.status = details.status;
    this.requestId = details.requestId;
    this.maybeDone = details.maybeDone ?? false;
  }
}

/** An error of the client's own. */
export function clientError(code: ClientCode, message: string, details?: ApiErrorDetails): StepwellApiError {
  return new StepwellApiError(code, message, details);
}
