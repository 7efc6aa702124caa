/** Events and effects in a few words. */
import type { Call, Effect, Event } from "../../engine/index.ts";
import { resourceText } from "../resource-text.ts";
import { duration } from "../run/duration.ts";

/** For example `taskFailed FC.Unknown`. */
export function eventText(event: Event): string {
  switch (event.kind) {
    case "taskFailed":
      return `${event.kind} ${event.error}`;
    case "branchFailed":
      return `${event.kind} [${event.index}] ${event.error}`;
    case "reported":
      return `${event.kind} ${event.verdict.kind === "failed" ? `failed ${event.verdict.error}` : event.verdict.kind}`;
    default:
      return event.kind;
  }
}

/** For example `invoke shop/pay, attempt 2`; times are told from `at`, the time of the transition. */
export function effectText(effect: Effect, at: number): string {
  switch (effect.kind) {
    case "invoke":
    case "submit":
      return `${effect.kind} ${callText(effect.call)}${effect.retryCount === 0 ? "" : `, attempt ${effect.retryCount + 1}`}`;
    case "awaitVerdict":
      return `${effect.kind}${effect.due === undefined ? "" : `, at most ${duration(effect.due - at)}`}`;
    case "timer":
      return `${effect.kind} of ${duration(effect.due - at)}, then ${effect.purpose === "wait" ? "on" : "a retry"}`;
    case "fork":
      return `${effect.kind} into ${effect.branches}`;
    case "failed":
    case "branchFailed":
      return `${effect.kind} ${effect.error}`;
    case "continue":
    case "branchDone":
    case "succeeded":
      return effect.kind;
    default:
      return effect satisfies never;
  }
}

/** What a task calls: `shop/pay`, `queue mails`, `flow refund`. */
export function callText(call: Call): string {
  switch (call.kind) {
    case "function":
      return resourceText({ resource: call.resource, resourceArn: "" });
    case "queue":
      return `queue ${call.queue}`;
    case "topic":
      return `topic ${call.topic}`;
    case "flow":
      return `flow ${call.flow}`;
    default:
      return call satisfies never;
  }
}
