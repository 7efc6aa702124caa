/** An attempt is made again only when something went wrong over it. */
import type { Plan } from "../../lib/sim/plan.ts";
import type { World } from "../../lib/sim/world.ts";
import { isQuick } from "./quick.ts";

/** Faults that may cost a call: its worker or its answer is lost, or its message. */
const COSTLY: ReadonlySet<string> = new Set(["crash", "stall", "fail", "repeat", "lose", "purge", "badDeploy"]);

/** Where calls take longer than this (ms), leases may be over before their extension is there. */
const USUAL_MS = 20;

/**
 * No attempt was called more often than once, and once more for each fault. Only where messages come once and in time: a copy
 * that comes while the result waits in a backlog longer than a lease finds the lease over and no successor (architecture §3).
 * Where tasks run long there may be such a backlog, and copies of the protocol's own: then no call is made beside another one.
 */
export function checkAttempts({ witness }: World, { faults, weather, flows }: Plan): readonly string[] {
  const { latencyMs, copiedPercent, queueLagMs, timersTwice } = weather;
  if (latencyMs > USUAL_MS || copiedPercent > 0 || queueLagMs > 0 || timersTwice) return [];
  const costly = faults.filter(({ kind }) => COSTLY.has(kind)).length;
  const what = isQuick(flows) ? "again" : "beside another one";
  return [...witness.calls].flatMap(([attempt, { step, owners, overlaps }]) => {
    const more = isQuick(flows) ? owners.length - 1 : overlaps;
    if (more <= costly) return [];
    return [`the call of attempt ${attempt} (step ${step}) was made ${what} ${more} times, with ${costly} faults`];
  });
}
