/** Whether all tasks of a plan are over soon: a worker with long ones in hand lets messages wait for longer than a lease. */
import type { Plan } from "../../lib/sim/plan.ts";

export function isQuick(flows: Plan["flows"]): boolean {
  return !Object.values(flows).some((text) => /functions\/(slow|hang)"/.test(text));
}
