/** What callbacks do: look at a task, or report on it. The token is the whole authority. */
import { StepwellError } from "../../fdl/errors.ts";
import { heartbeat, type Runtime, reportTask, type TaskStatus, taskStatus } from "../../runtime/index.ts";
import { quoted } from "../errors.ts";
import { MAX_TOKEN } from "../kinds.ts";
import type { ApiRequest } from "../params.ts";
import type { Outcome } from "./outcome.ts";
import { readReport } from "./report-body.ts";
import type { CallbackRoute, Verb } from "./route.ts";

/** Only POST changes anything: mail scanners follow the links that they find. */
export async function performCallback(runtime: Runtime, route: CallbackRoute, request: ApiRequest): Promise<Outcome> {
  const { verb, token = "" } = route;
  if (typeof verb === "object") {
    throw new StepwellError(
      "ActionNotSupported",
      `There is no ${quoted(verb.unknown)} here: a callback is success, failure or heartbeat.`,
    );
  }
  const { method } = request;
  const allowed = methodsOf(verb);
  if (!allowed.includes(method)) return { kind: "wrongMethod", method, allowed };
  if (token.length > MAX_TOKEN) return { kind: "refused", status: { kind: "unknown" } };
  if (verb === undefined || method !== "POST") return looked(await taskStatus(runtime, token));
  return report(runtime, verb, token, request);
}

function methodsOf(verb: Verb | undefined): readonly string[] {
  if (verb === undefined) return ["GET", "HEAD"];
  return verb === "heartbeat" ? ["POST"] : ["GET", "HEAD", "POST"];
}

function looked(status: TaskStatus): Outcome {
  return status.kind === "unknown" ? { kind: "refused", status } : { kind: "looked", status };
}

/** Asks how the task stands only when a report was refused: mostly none is. */
async function report(runtime: Runtime, verb: Verb, token: string, request: ApiRequest): Promise<Outcome> {
  const given = verb === "heartbeat" ? undefined : readReport(verb, request);
  try {
    if (given === undefined) {
      await heartbeat(runtime, token);
      return { kind: "accepted" };
    }
    const { eventId } = await reportTask(runtime, token, given);
    return { kind: "accepted", eventId };
  } catch (error) {
    const code = error instanceof StepwellError ? error.code : undefined;
    if (code !== "TaskAlreadyCompleted" && code !== "InvalidArgument") throw error;
    const status = await taskStatus(runtime, token);
    // A task that waits was refused for another reason: it needs no heartbeats.
    if (status.kind === "waiting") throw error;
    return { kind: "refused", status };
  }
}
