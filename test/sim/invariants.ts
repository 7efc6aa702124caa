/** What must hold when a run is over, whatever happened in it: test/crash/verify.ts, and what only shows with several executions. */
import { readToken } from "../../lib/runtime/token.ts";
import type { Plan } from "../../lib/sim/plan.ts";
import type { World } from "../../lib/sim/world.ts";
import { type Told, toldOf } from "../crash/outcome.ts";
import { SOON_MS, verify } from "../crash/verify.ts";

/** What the world tells of all executions, by flow and name. */
export async function allTold(world: World): Promise<ReadonlyMap<string, Told>> {
  const told = new Map<string, Told>();
  for (const { flow, ref } of world.witness.headers.values()) told.set(`${flow}/${ref.name}`, await toldOf(world, ref));
  return told;
}

/** Everything that is wrong, as sentences. */
export async function checkWorld(
  world: World,
  { faults }: Pick<Plan, "faults">,
  outcome: ReadonlyMap<string, Told>,
): Promise<readonly string[]> {
  return [...(await verify(world, outcome, soonOf(faults))), ...checkLosers(world), ...(await checkTokens(world))];
}

/** A child whose parent's last message was lost runs until the sweeper comes; one that a frozen worker starts begins when that wakes. */
function soonOf(faults: Plan["faults"]): number {
  if (faults.some(({ kind }) => kind === "lose" || kind === "purge")) return Number.POSITIVE_INFINITY;
  return faults.reduce((sum, fault) => ("ms" in fault ? sum + fault.ms : sum), SOON_MS);
}

/** Who lost the race for a name, or was never acknowledged, has run nothing. */
function checkLosers({ witness }: World): readonly string[] {
  const wrong: string[] = [];
  for (const attempt of witness.calls.keys()) {
    const startId = attempt.slice(0, attempt.indexOf(":"));
    if (!witness.headers.has(startId)) wrong.push(`attempt ${attempt} was called for an execution that never was`);
  }
  return wrong;
}

/** When all is over no token is good for anything. */
async function checkTokens(world: World): Promise<readonly string[]> {
  const wrong: string[] = [];
  const { witness, callers, observer, clock } = world;
  for (const token of witness.tokens) {
    const { startId } = readToken(observer.ports.keys, token);
    const status = witness.headers.get(startId)?.status;
    if (status === undefined || status === "Running") continue;
    const { code } = await clock.runUntil(callers.report(token, { kind: "succeeded", output: { late: true } }));
    if (code !== "TaskAlreadyCompleted")
      wrong.push(`a report to a task of an execution that is ${status} was answered "${code}"`);
  }
  return wrong;
}
