/**
 * What Lambda's answers mean to a flow: the names of fdl.md §6.2. What a function threw keeps its own name; what became of a
 * function without its doing, and of a call that reached none, is named after Function Compute's errors.
 */
import type { Json } from "../fdl/json.ts";
import type { CallResult } from "../runtime/ports/functions.ts";
import type { AwsError } from "./errors.ts";

type Failed = Extract<CallResult, { kind: "failed" }>;

/** Lambda's limits for payloads, bytes (Lambda quotas: 6 MB each for request and response of a synchronous call, 1 MB asynchronous). */
export const SYNC_LIMIT = { bytes: 6 * 1024 * 1024, text: "6 MB", call: "synchronous" };
export const ASYNC_LIMIT = { bytes: 1024 * 1024, text: "1 MB", call: "asynchronous" };

/** Longest text of an error that is kept, characters: a cause travels through every journal entry after it. */
const MAX_CAUSE = 64 * 1024;

/** An answer to an invocation. `payload` is the text of its body, `functionError` the header X-Amz-Function-Error. */
export function resultOf(payload: string, functionError: string | undefined): CallResult {
  if (functionError !== undefined) return functionFailure(payload);
  if (payload === "") return { kind: "succeeded" };
  try {
    return { kind: "succeeded", output: JSON.parse(payload) as Json };
  } catch {
    return failed("FnF.InvalidLocal", `The function's result is not JSON: ${payload.slice(0, 100)}`);
  }
}

/** The body that Lambda answers with when a function failed; `trace` is Node's, `stackTrace` the other runtimes'. */
interface ErrorBody {
  readonly errorType?: unknown;
  readonly errorMessage?: unknown;
}

/** Ends of a function that no code of its own could have caught. */
const DEATH = /^(Runtime|Sandbox|Extension|Function)\./;
/** Their messages, where older answers have no type. */
const DEATH_MESSAGE =
  /Task timed out after [\d.]+ seconds|Runtime exited with error|Process exited before completing request|Runtime exited without providing a reason/;

function functionFailure(payload: string): Failed {
  const { errorType, errorMessage } = errorBody(payload);
  const type = typeof errorType === "string" ? errorType : "";
  const message = typeof errorMessage === "string" ? errorMessage : "";
  if (type === "Function.ResponseSizeTooLarge") {
    return failed("FnF.DataLimitExceeded", `${message} Lambda's limit for the response of a synchronous call is 6 MB.`);
  }
  return failed(nameOf(type, message), shortened(payload));
}

function nameOf(type: string, message: string): string {
  // The function ended, but what it returned is no JSON: nothing that a flow could go on with.
  if (type === "Runtime.MarshalError") return "FnF.InvalidLocal";
  if (DEATH.test(type) || (type === "" && DEATH_MESSAGE.test(message))) return "FC.Unknown";
  if (type === "") return "Error";
  // A function may raise what the services raise, by their names.
  if (/^(FC|FnF|MNS)\./.test(type)) return type;
  // Java and .NET say the class with its package.
  return /^[\w$]+(\.[\w$]+)+$/.test(type) ? type.slice(type.lastIndexOf(".") + 1) : type;
}

function errorBody(payload: string): ErrorBody {
  try {
    const body: unknown = JSON.parse(payload);
    return typeof body === "object" && body !== null ? body : { errorMessage: payload };
  } catch {
    return { errorMessage: payload };
  }
}

/** Refused for want of something that others hold just now; the function did not run. */
const EXHAUSTED = new Set([
  "EC2ThrottledException",
  "ENILimitReachedException",
  "SubnetIPAddressLimitReachedException",
]);

/** Passing troubles of the service and of what it needs to start a function, whatever status they come with. */
const PASSING = new Set([
  "EC2UnexpectedException",
  "EFSIOException",
  "EFSMountConnectivityException",
  "EFSMountTimeoutException",
  "ENINotReadyException",
  "ResourceConflictException",
  "ResourceNotReadyException",
  "S3FilesMountConnectivityException",
  "S3FilesMountTimeoutException",
  "ServiceException",
  "SnapStartNotReadyException",
  "SnapStartTimeoutException",
]);

/** Troubles with a function's configuration: they do not pass, though most of them come as 502. */
const CONFIGURATION = /^(KMS|EC2AccessDenied|EFSMountFailure|S3FilesMountFailure|Invalid|SnapStart)/;

const NAMED: { readonly [code: string]: string } = {
  ResourceNotFoundException: "FC.FunctionNotFound",
  AccessDeniedException: "FC.AccessDenied",
  InvalidParameterValueException: "FC.InvalidArgument",
  InvalidRequestContentException: "FC.InvalidArgument",
  UnsupportedMediaTypeException: "FC.InvalidArgument",
  ValidationException: "FC.InvalidArgument",
};

/** Connections that never were. */
const NOT_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * A call that Lambda refused or did not answer. Throws the error again where the call was never made: credentials or settings
 * are missing, which is no flow's error.
 */
export function resultOfError(error: AwsError, limit: typeof SYNC_LIMIT): CallResult {
  const { code, message } = error;
  const status = statusOf(error);
  if (EXHAUSTED.has(code)) return failed("FC.ResourceExhausted", message);
  if (error.kind === "throttled") return { kind: "throttled", cause: reasonOf(error) };
  if (code === "RequestTooLargeException" || status === 413) {
    return failed("FnF.DataLimitExceeded", `${message} ${limitText(limit)}`);
  }
  const named = Object.hasOwn(NAMED, code) ? NAMED[code] : undefined;
  if (named !== undefined) return failed(named, message);
  if (PASSING.has(code) || NOT_CONNECTED.has(code)) return failed("FC.InternalServerError", message);
  if (status === undefined) {
    if (error.kind === "rejected") throw error;
    return failed("FC.Unknown", `There was no answer; whether the function ran is not known. ${message}`);
  }
  if (status >= 500 && !CONFIGURATION.test(code)) return failed("FC.InternalServerError", message);
  // An answer that could not be read: the function ran.
  if (status < 400) return failed("FC.Unknown", message);
  return failed(`FC.${code.replace(/Exception$/, "")}`, message);
}

/** A payload that is too large for Lambda, known before it is sent. */
export function tooLarge(bytes: number, limit: typeof SYNC_LIMIT): Failed {
  return failed("FnF.DataLimitExceeded", `The function's input has ${bytes} bytes. ${limitText(limit)}`);
}

export function notFound(what: string): Failed {
  return failed("FC.FunctionNotFound", `There is no function ${what}.`);
}

function limitText({ call, bytes, text }: typeof SYNC_LIMIT): string {
  return `Lambda's limit for the request of a call that is ${call} is ${bytes} bytes (${text}).`;
}

/** Lambda says which of its limits it was: the account's, the function's own, or the rate of calls. */
function reasonOf({ message, cause }: AwsError): string {
  const reason = typeof cause === "object" && cause !== null && "Reason" in cause ? cause.Reason : undefined;
  return typeof reason === "string" ? `${message} (${reason})` : message;
}

function statusOf({ cause }: AwsError): number | undefined {
  if (typeof cause !== "object" || cause === null || !("$metadata" in cause)) return undefined;
  return (cause.$metadata as { readonly httpStatusCode?: number } | undefined)?.httpStatusCode;
}

function failed(error: string, cause: string): Failed {
  return { kind: "failed", error, cause: shortened(cause) };
}

function shortened(text: string): string {
  if (text.length <= MAX_CAUSE) return text;
  return `${text.slice(0, MAX_CAUSE)}… (${text.length - MAX_CAUSE} more characters)`;
}
