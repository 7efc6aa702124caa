/** What came of a callback, before it is written as JSON (json.ts) or as a page (page.ts). */
import type { TaskStatus } from "../../runtime/index.ts";
import { quoted, type Refusal } from "../errors.ts";

type Waiting = Extract<TaskStatus, { kind: "waiting" }>;
type Over = Exclude<TaskStatus, Waiting>;

export type Outcome =
  /** The report was taken; `eventId` is its event's (a heartbeat has none). */
  | { readonly kind: "accepted"; readonly eventId?: number }
  /** A look at a task that there is. */
  | { readonly kind: "looked"; readonly status: Exclude<TaskStatus, { kind: "unknown" }> }
  /** A report that is not taken, or a look at a task that there is not. */
  | { readonly kind: "refused"; readonly status: Over }
  | { readonly kind: "wrongMethod"; readonly method: string; readonly allowed: readonly string[] }
  /** All else that is wrong, with the request or inside. */
  | { readonly kind: "failed"; readonly refusal: Refusal };

/** HTTP status and, of a refusal, the API's code and a message (api.md §4.1). The token is in none: pages and logs keep messages. */
export function refusalOfOutcome(outcome: Extract<Outcome, { kind: "refused" | "wrongMethod" | "failed" }>): Refusal {
  switch (outcome.kind) {
    case "refused":
      return refusalOfStatus(outcome.status);
    case "wrongMethod":
      return {
        status: 405,
        code: "ActionNotSupported",
        message: `Method ${quoted(outcome.method)} is not supported here: use ${outcome.allowed.join(" or ")}.`,
      };
    case "failed":
      return outcome.refusal;
    default:
      return outcome satisfies never;
  }
}

function refusalOfStatus(status: Over): Refusal {
  switch (status.kind) {
    case "unknown":
      return {
        status: 404,
        code: "TaskNotExists",
        message: "There is no such task: pass the token on exactly as the task received it.",
      };
    case "completed":
      return { status: 400, code: "TaskAlreadyCompleted", message: "This task has already completed." };
    case "expired":
      return { status: 400, code: "TaskAlreadyCompleted", message: EXPIRED[status.why] };
    default:
      return status satisfies never;
  }
}

/** Why nobody waits for a task any more. */
export const EXPIRED = {
  timedOut: "This task has expired: it timed out before it was reported.",
  over: "This task has expired: its execution has ended, or went on without it.",
} as const;
