/** The same flow played on the engine's core, with functions of the same behaviours, to be compared with the reference. */
import { type Played, play, TaskError, type World } from "../../../engine/testing/play.ts";
import type { Flow } from "../../../fdl/definition.ts";
import { isObject, type Json, type JsonObject } from "../../../fdl/json.ts";
import { type Behaviour, CLERK_MS, CLERKS_ANSWER } from "../../behaviours.ts";

export interface Stage {
  /** By `service/function`. */
  readonly functions: Readonly<Record<string, Behaviour>>;
  readonly flows?: Readonly<Record<string, Flow>>;
  /** What is answered to a message with a token. */
  readonly answer?: JsonObject;
}

type Script = NonNullable<World["functions"]>[string];

/** Functions answer at once there; nobody sends heartbeats. */
export function playedOn(
  { functions, flows = {}, answer = CLERKS_ANSWER }: Stage,
  flow: Flow,
  input: JsonObject,
): Played {
  return play(flow, {
    input,
    flows,
    functions: Object.fromEntries(Object.entries(functions).map(([name, behaviour]) => [name, scriptOf(behaviour)])),
    verdicts({ call, token, retryCount }) {
      if (call.kind === "queue" || call.kind === "topic") {
        return call.message.body.includes(token)
          ? { kind: "succeeded", output: answer, after: CLERK_MS / 1000 }
          : undefined;
      }
      if (call.kind !== "function" || payloadOf(call.payload).token !== token) return undefined;
      const report = functions[nameOf(call.resource)]?.reports(payloadOf(call.payload), retryCount)[0];
      return report === undefined || report.kind === "beats" ? undefined : { ...report, after: report.afterMs / 1000 };
    },
  });
}

/** What a behaviour is for a flow that is played on the core. */
export function scriptOf({ outcome }: Pick<Behaviour, "outcome">): Script {
  return (payload, { retryCount }) => {
    const ended = outcome(payloadOf(payload), retryCount);
    switch (ended.kind) {
      case "returns":
        return ended.value;
      case "throws":
        throw new TaskError(ended.error, ended.cause);
      case "dies":
        throw new TaskError("FC.Unknown", "its process died");
      case "hangs":
        throw new TaskError("FnF.TaskTimeout", "it hangs");
      default:
        return ended satisfies never;
    }
  };
}

function payloadOf(payload: Json): JsonObject {
  return isObject(payload) ? payload : {};
}

function nameOf(resource: { readonly kind: string; readonly service?: string; readonly function: string }): string {
  return resource.service === undefined ? resource.function : `${resource.service}/${resource.function}`;
}
