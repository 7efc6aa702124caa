/** Whether each execution of a run ended as the reference interpreter says that it must. */
import type { Flow } from "../../lib/fdl/definition.ts";
import type { JsonObject } from "../../lib/fdl/json.ts";
import type { Header } from "../../lib/runtime/ports/journal.ts";
import type { Plan } from "../../lib/sim/plan.ts";
import { endAgrees, endsOf, type SeenEnd, Undecided } from "../../lib/sim/reference/ends.ts";
import type { World } from "../../lib/sim/world.ts";
import { isQuick } from "./quick.ts";

export const STOP = { error: "Halt", cause: "somebody stopped it" };

export interface CheckedEnds {
  readonly wrong: readonly string[];
  /** Ends of which the reference cannot say whether they are right: there is too much that may happen. */
  readonly undecided: number;
}

/** Sequences of choices that are gone through for one execution. */
const SEQUENCES = 3_000;

export async function checkEnds(world: World, plan: Plan, flows: Readonly<Record<string, Flow>>): Promise<CheckedEnds> {
  const wrong: string[] = [];
  let undecided = 0;
  for (const header of world.witness.headers.values()) {
    const name = `${header.flow}/${header.ref.name}`;
    const { input, output } = await dataOf(world, header);
    if (!mayBeStarted(plan, header, input))
      wrong.push(`${name} runs with an input that nobody gave it: ${JSON.stringify(input)}`);
    const flow = flows[header.flow];
    if (header.status === "Running" || flow === undefined || isStopped(plan, header)) continue;
    const { status, error, cause } = header;
    const seen: SeenEnd = {
      status,
      ...(status === "Succeeded" ? { output: output ?? {} } : {}),
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    };
    try {
      if (!isRight(world, plan, flows, header, flow, input, seen))
        wrong.push(`${name} ended ${JSON.stringify(seen)}, which is not right`);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      undecided++;
    }
  }
  return { wrong, undecided };
}

async function dataOf({ observer }: World, { ref, startId }: Header) {
  const data = await observer.ports.journal.readData(ref, startId);
  return {
    input: data.input === undefined ? {} : await observer.claims.unpack<JsonObject>(data.input),
    output: data.output === undefined ? undefined : await observer.claims.unpack<JsonObject>(data.output),
  };
}

function isRight(
  world: World,
  plan: Plan,
  flows: Readonly<Record<string, Flow>>,
  header: Header,
  flow: Flow,
  input: JsonObject,
  seen: SeenEnd,
): boolean {
  const reference = {
    flows,
    names: { flow: header.flow, execution: header.ref.name },
    lost: world.lostCalls(),
    late: !isCalm(plan) || isOverdue(header),
    startedMs: header.startedAt,
  };
  for (const end of endsOf(flow, input, reference, { sequences: SEQUENCES })) if (endAgrees(end, seen)) return true;
  return false;
}

/** Only the sweeper ends what has lasted longer than an execution may, and it need not be due before the execution's own end. */
function isOverdue({ endedAt = 0, deadline }: Header): boolean {
  return endedAt > deadline;
}

/** Nothing that could make one thing later than another; where tasks run long, what waits for a worker does. */
function isCalm({ weather: { queueLagMs, copiedPercent, latencyMs }, faults, flows }: Plan): boolean {
  return isQuick(flows) && faults.length === 0 && queueLagMs === 0 && copiedPercent === 0 && latencyMs <= 20;
}

function mayBeStarted({ executions }: Plan, { flow, ref, parentToken }: Header, input: JsonObject): boolean {
  if (parentToken !== undefined) return true;
  const planned = executions.filter((execution) => execution.flow === flow && execution.name === ref.name);
  if (planned.length === 0) return true;
  const text = JSON.stringify(input);
  return planned.some((one) => text === JSON.stringify(one.input) || text === JSON.stringify(one.rival?.input));
}

/** Somebody stopped it who may: a user by the plan, or the end of its parent. */
function isStopped({ executions }: Plan, { status, flow, ref, error, stopWithParent = false }: Header): boolean {
  if (status !== "Stopped") return false;
  return (
    stopWithParent ||
    (error === STOP.error &&
      executions.some((one) => one.flow === flow && one.name === ref.name && one.stopMs !== undefined))
  );
}
