/** Makes a plan that goes wrong smaller, as long as it still does: people have to read it. */
import type { Plan } from "../../lib/sim/plan.ts";
import { type PlanSketch, writePlan } from "./arbitrary/plans.ts";
import { smallerPlans } from "./arbitrary/smaller-plans.ts";

/** Candidates that are tried in all. */
const MOST_TRIES = 3_000;

/** The smallest plan that was come by, from one for which `fails` holds. */
export async function smallest(sketch: PlanSketch, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  const smaller = smallerPlans(undefined);
  let best = sketch;
  let tries = 0;
  for (let found = true; found; ) {
    found = false;
    for (const candidate of smaller(best)) {
      if (++tries > MOST_TRIES) return writePlan(best);
      if (!(await fails(writePlan(candidate)))) continue;
      best = candidate;
      found = true;
      break;
    }
  }
  return writePlan(best);
}
