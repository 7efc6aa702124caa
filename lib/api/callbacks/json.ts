/** Answers to callbacks of programs, in the API's form with a `Status` beside it. */
import { type ApiResponse, failure, success } from "../answer.ts";
import { type Outcome, refusalOfOutcome } from "./outcome.ts";

/** `Status` is accepted; waiting, completed, expired of a look; completed, expired, unknown of a refusal, beside its `Code`. */
export function jsonAnswer(requestId: string, outcome: Outcome): ApiResponse {
  switch (outcome.kind) {
    case "accepted": {
      const event = outcome.eventId === undefined ? {} : { EventId: outcome.eventId };
      return success(requestId, { Status: "accepted", ...event });
    }
    case "looked": {
      const { status } = outcome;
      const step = status.kind === "waiting" && status.step !== undefined ? { StepName: status.step } : {};
      return success(requestId, {
        Status: status.kind,
        FlowName: status.flow,
        ExecutionName: status.execution,
        ...step,
      });
    }
    case "refused":
    case "wrongMethod":
    case "failed": {
      const state = outcome.kind === "refused" ? { Status: outcome.status.kind } : {};
      return failure(requestId, refusalOfOutcome(outcome), state);
    }
    default:
      return outcome satisfies never;
  }
}
