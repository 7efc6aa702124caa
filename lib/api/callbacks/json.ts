/** Answers to callbacks of programs, in the API's form with a `Status` beside it. */
import type { ApiResponse } from "../answer.ts";
import { type Outcome, refusalOfOutcome } from "./outcome.ts";

/** `Status` is accepted; waiting, completed, expired of a look; completed, expired, unknown of a refusal, beside its `Code`. */
export function jsonAnswer(requestId: string, outcome: Outcome): Omit<ApiResponse, "headers"> {
  switch (outcome.kind) {
    case "accepted": {
      const event = outcome.eventId === undefined ? {} : { EventId: outcome.eventId };
      return answer(200, { RequestId: requestId, Status: "accepted", ...event });
    }
    case "looked": {
      const { status } = outcome;
      const step = status.kind === "waiting" && status.step !== undefined ? { StepName: status.step } : {};
      return answer(200, {
        RequestId: requestId,
        Status: status.kind,
        FlowName: status.flow,
        ExecutionName: status.execution,
        ...step,
      });
    }
    case "refused":
    case "wrongMethod":
    case "failed": {
      const { status, code, message } = refusalOfOutcome(outcome);
      const state = outcome.kind === "refused" ? { Status: outcome.status.kind } : {};
      return answer(status, { RequestId: requestId, Code: code, Message: message, ...state });
    }
    default:
      return outcome satisfies never;
  }
}

function answer(status: number, fields: { readonly [name: string]: unknown }): Omit<ApiResponse, "headers"> {
  return { status, body: JSON.stringify(fields) };
}
