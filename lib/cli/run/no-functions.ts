/** The functions of a run that was given none. */
import { noFunctions as without } from "../../memory/no-functions.ts";
import type { Functions } from "../../runtime/ports/functions.ts";
import type { Background } from "./engine.ts";

export const noFunctions: Functions & Background = {
  ...without("This run has no functions."),
  background: { count: () => 0, settled: async () => {} },
};
