/** Names of flows, executions and schedules (fdl.md §1.3). */
import { MAX_NAME_LENGTH } from "./limits.ts";

/** The rule of such names, for JSON Schemas and messages. */
export const FLOW_NAME = new RegExp(`^[A-Za-z_][A-Za-z0-9_-]{0,${MAX_NAME_LENGTH - 1}}$`);

/** True for a name that a flow, an execution or a schedule may have. */
export function isFlowName(name: string): boolean {
  return FLOW_NAME.test(name);
}
