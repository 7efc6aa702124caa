/** An execution does not go on long after its time is over. */
import type { Plan } from "../../lib/sim/plan.ts";
import type { World } from "../../lib/sim/world.ts";

/** Longer than anything keeps the workers busy, ms. */
const SOON_MS = 2 * 3_600_000;
/** Nothing is armed for the end of an execution without a time-out, but the sweeper. */
const YEAR_MS = 31_536_000_000;

/** Executions that ran on; none are told when messages were lost: the sweeper comes when it comes. */
export function checkDeadlines({ witness }: World, { faults }: Plan): readonly string[] {
  if (faults.some(({ kind }) => kind === "lose" || kind === "purge")) return [];
  const most = faults.reduce((sum, fault) => sum + ("ms" in fault ? fault.ms : 0), SOON_MS);
  return [...witness.headers.values()].flatMap(({ flow, ref, startedAt, deadline, endedAt = 0 }) =>
    endedAt - deadline <= most || deadline - startedAt >= YEAR_MS
      ? []
      : [`${flow}/${ref.name} ran on for ${endedAt - deadline} ms after its time was over`],
  );
}
