/** The functions port where there are none: a flow may call some all the same when it computes what it calls. */
import type { CallResult, Functions } from "../runtime/ports/functions.ts";

/** Every call fails with `FC.FunctionNotFound` and that cause. */
export function noFunctions(cause: string): Functions {
  const result: CallResult = { kind: "failed", error: "FC.FunctionNotFound", cause };
  return {
    invoke: async () => result,
    submit: async () => result,
    resolveAlias: async () => undefined,
  };
}
