/** Functions, queues and topics that fail. */
import { type Attempt, TaskError } from "../../lib/engine/testing/play.ts";
import type { Json } from "../../lib/fdl/json.ts";

/** What a function, queue or topic answers; throws TaskError. */
export type Script = (input: unknown, attempt: Attempt) => Json | undefined;

/** A function that fails for ever. */
export function fails(error: string, cause = ""): Script {
  return () => {
    throw new TaskError(error, cause);
  };
}

/** A function that fails with one error after another, then answers. */
export function failing(errors: readonly string[], answer: Json): Script {
  const left = [...errors];
  return () => {
    const error = left.shift();
    if (error !== undefined) throw new TaskError(error, "");
    return answer;
  };
}

/** A function that does not answer within the step's `timeoutSeconds`. */
export const timesOut: Script = () => {
  throw new TaskError("FnF.TaskTimeout", "the attempt passed its time");
};
