/** Whether a run has the functions that its flows call. */
import type { ChildFunctions } from "../../local/functions/child-functions.ts";
import { UsageError } from "../usage.ts";
import { functionCalls, type RunFlows } from "./flows.ts";

/** Throws UsageError when the flows call functions and there is no module for them, or one that cannot be loaded. */
export async function checkFunctions(
  flows: RunFlows,
  functions: ChildFunctions | undefined,
  module: string | undefined,
): Promise<void> {
  if (functions !== undefined) {
    const problem = await functions.problem();
    if (problem !== undefined)
      throw new UsageError(`cannot load the functions module ${module}: ${problem.errorMessage}`);
    return;
  }
  const [first, ...more] = functionCalls(flows);
  if (first === undefined) return;
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  throw new UsageError(`${first}${others}: give the module with the flow's functions by --functions MODULE`);
}
