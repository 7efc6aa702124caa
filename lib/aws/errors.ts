/**
 * Errors of AWS, translated where they come in: what a caller can do about one depends on its kind, not on the dozens of
 * names that the services and the SDK have for it.
 */

/**
 * throttled: refused for now, nothing happened; the SDK has tried a few times already.
 * conditionFailed: a conditional write found something else.
 * unknownOutcome: no answer, or a fault of the service: it may have happened.
 * rejected: refused for good, nothing happened: a bad request, a missing permission, something that is not there.
 */
export type AwsErrorKind = "throttled" | "conditionFailed" | "unknownOutcome" | "rejected";

export class AwsError extends Error {
  readonly kind: AwsErrorKind;
  /** As "DynamoDB PutItem". */
  readonly operation: string;
  /** The name that AWS, the SDK or Node gave it: "ValidationException", "TimeoutError", "ECONNRESET". */
  readonly code: string;

  constructor(kind: AwsErrorKind, operation: string, code: string, message: string, options?: ErrorOptions) {
    super(`${operation}: ${code}${message === "" ? "" : `: ${message}`}`, options);
    this.name = "AwsError";
    this.kind = kind;
    this.operation = operation;
    this.code = code;
  }
}

/** Makes the call; what it rejects with becomes an AwsError. `operation` names it to whoever reads the error, as "SQS SendMessage". */
export async function calling<T>(operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsError(operation, error);
  }
}

/** The error of a call, translated; one that was translated already stays. */
export function awsError(operation: string, error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError(kindOf(error, code), operation, code, message, { cause: error });
}

const THROTTLED = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "OverLimit",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "Throttled",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);

const CONDITION_FAILED = new Set(["ConditionalCheckFailedException", "PreconditionFailed"]);

/** Without an answer these say that the request never was one: a mistake before it was sent. */
const NOT_SENT = new Set(["CredentialsProviderError", "EndpointError", "TypeError", "RangeError", "SyntaxError"]);

function kindOf(error: unknown, code: string): AwsErrorKind {
  const status = statusOf(error);
  if (CONDITION_FAILED.has(code)) return "conditionFailed";
  if (THROTTLED.has(code) || status === 429 || saysThrottled(error)) return "throttled";
  if (status === undefined) return NOT_SENT.has(code) ? "rejected" : "unknownOutcome";
  // A status below 400 is an answer that could not be read.
  return status >= 400 && status < 500 && status !== 408 ? "rejected" : "unknownOutcome";
}

/** Services that speak the query protocol put their namespace before the name. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "UnknownError";
  const { code } = error as { readonly code?: unknown };
  // Node's own errors are all called "Error": their code tells them apart.
  const name = error.name === "Error" && typeof code === "string" ? code : error.name;
  return name.slice(name.lastIndexOf("#") + 1);
}

/** The SDK's own mark, on errors whose model says so. */
function saysThrottled(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("$retryable" in error)) return false;
  return (error.$retryable as { readonly throttling?: boolean } | undefined)?.throttling === true;
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const { httpStatusCode } = (error.$metadata ?? {}) as { readonly httpStatusCode?: number };
  return httpStatusCode;
}
