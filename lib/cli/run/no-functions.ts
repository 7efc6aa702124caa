/** The functions of a run that was given none: it calls some all the same when a flow computes what it calls. */
import type { CallResult, Functions } from "../../runtime/ports/functions.ts";
import type { Background } from "./engine.ts";

const NO_FUNCTION: CallResult = { kind: "failed", error: "FC.FunctionNotFound", cause: "This run has no functions." };

export const noFunctions: Functions & Background = {
  invoke: async () => NO_FUNCTION,
  submit: async () => NO_FUNCTION,
  resolveAlias: async () => undefined,
  background: { count: () => 0, settled: async () => {} },
};
