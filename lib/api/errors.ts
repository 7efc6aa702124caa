/** The errors of the API: which HTTP status each code has (fdl.md §7.1), and what may be told of an error to a caller. */
import { StepwellError } from "../fdl/errors.ts";

const STATUS: ReadonlyMap<string, number> = new Map([
  ["ActionNotSupported", 400],
  ["APIVersionNotSupported", 400],
  ["EntityTooLarge", 400],
  ["InvalidArgument", 400],
  ["MissingRequiredHeader", 400],
  ["MissingRequiredParams", 400],
  ["ExecutionAlreadyExists", 400],
  ["ExecutionAlreadyCompleted", 400],
  ["TaskAlreadyCompleted", 400],
  ["AccessDenied", 403],
  ["InvalidAccessKeyID", 403],
  ["RequestTimeTooSkewed", 403],
  ["SignatureNotMatch", 403],
  ["FlowNotExists", 404],
  ["ExecutionNotExists", 404],
  ["ScheduleNotExists", 404],
  ["TaskNotExists", 404],
  ["FlowAlreadyExists", 409],
  ["ScheduleAlreadyExists", 409],
  ["ConcurrentUpdateError", 409],
  ["TaskInvalidState", 409],
  ["PreconditionFailed", 412],
  ["UnsupportedMediaType", 415],
  ["ResourceThrottled", 429],
  ["InternalServerError", 500],
]);

/** An error as its caller sees it. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What a caller is told of an error that is not theirs: nothing of what is inside. */
const INTERNAL: Refusal = {
  status: 500,
  code: "InternalServerError",
  message: "The server failed at this request; its log says why. Send the request again.",
};

/** The refusal that an error stands for; undefined when it is no answer but a fault of ours. */
function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof StepwellError)) return undefined;
  const status = STATUS.get(error.code);
  if (status === undefined || status >= 500) return undefined;
  return { status, code: error.code, message: error.message };
}

/** The refusal of an error, whatever it is; a fault of ours goes to `report` and its caller learns nothing of it. */
export function refusalOrFault(error: unknown, report: (error: unknown) => void): Refusal {
  const refusal = refusalOf(error);
  if (refusal !== undefined) return refusal;
  report(error);
  return INTERNAL;
}

/** A parameter that is wrong. */
export function invalid(message: string): StepwellError {
  return new StepwellError("InvalidArgument", message);
}

/** A value of a caller's as a message shows it: quoted, and no longer than a reader wants. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
