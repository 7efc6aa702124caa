/** A scenario of the crash harness: a flow with its input, how it must end, and what else happens meanwhile. */
import type { Json, JsonObject } from "../../lib/fdl/json.ts";
import type { Status } from "../../lib/runtime/ports/journal.ts";
import { tokenIn } from "../../lib/sim/watch-calls.ts";
import { isRunning } from "../../lib/sim/witness.ts";
import type { World } from "../../lib/sim/world.ts";

export const EXECUTION = "run";

/** How an execution ends. */
export interface End {
  readonly status: Status;
  readonly output?: JsonObject;
  readonly error?: string;
}

export interface Scenario {
  /** Also the name of its flow. */
  readonly name: string;
  readonly input: JsonObject;
  readonly end: End;
  /** Other ends that are right when something was disturbed: where the language itself promises no more. */
  readonly otherEnds?: readonly End[];
  /** What callers do beside. */
  readonly act?: (world: World) => Promise<void>;
  /** What may come between any two calls: a stop, a report of the task's token, a heartbeat, another start of the same name. */
  readonly meanwhile: readonly Meanwhile[];
  /** The end when the interfering report is the one that counts. */
  readonly reported?: End;
  /** The submit fails after all: a report that was accepted before is void. */
  readonly voidReports?: boolean;
  /** The end when the rival, who starts the same execution with another input, was first. */
  readonly rival?: End;
  /** The end when the child was stopped. */
  readonly childStopped?: End;
  /** A step whose attempts may each be called only once. */
  readonly once?: string;
  /** For tiny flows: all pairs of a frozen worker and a crash are tried. */
  readonly pairs?: boolean;
  /** It does not end by itself: only what comes in between ends it. */
  readonly unending?: boolean;
}

export type Meanwhile = "stop" | "report" | "heartbeat" | "rival" | "stop-child";

export const succeeded = (output: JsonObject): End => ({ status: "Succeeded", output });
export const failed = (error: string): End => ({ status: "Failed", error });

/** A flow that anybody may stop at any moment. */
export function scenario(name: string, input: JsonObject, end: End, more: Partial<Scenario> = {}): Scenario {
  return { name, input, end, meanwhile: ["stop"], ...more };
}

/** A flow with a task that waits for its report, which also may come at any moment. */
export function callback(name: string, end: End, more: Partial<Scenario> = {}): Scenario {
  return scenario(name, {}, end, { meanwhile: ["stop", "report"], ...more });
}

/** Somebody who answers whoever asks through a queue or a topic, as long as there is anything to answer. */
export function answering(output: Json): NonNullable<Scenario["act"]> {
  return async ({ clock, destinations, callers, witness }) => {
    for (let round = 0; round < 400; round++) {
      await clock.sleep(30_000);
      if (!isRunning(witness)) return;
      for (const { call } of destinations.sent.slice(0)) {
        const body: Json = JSON.parse(call.message.body);
        const token = tokenIn(body);
        if (token !== undefined) await callers.report(token, { kind: "succeeded", output });
      }
    }
  };
}
