/**
 * The right ends of an execution, found by reading the language's rules and nothing else: no journal, no messages, one step
 * after another. It shares the parser with the engine and nothing more, so that a mistake is not made twice.
 */
import type { Flow } from "../../fdl/definition.ts";
import type { JsonObject } from "../../fdl/json.ts";
import { everyWay, Undecided } from "./choices.ts";
import { runList } from "./lists.ts";
import { mapped } from "./mappings.ts";
import { type EndedAt, inTime, type Names, type ReferenceWorld, type Run } from "./run.ts";
import { type End, UNSPECIFIED } from "./unspecified.ts";
import { isMap } from "./value.ts";

export { Undecided } from "./choices.ts";
export type { ReferenceWorld } from "./run.ts";
export { type End, endAgrees, type SeenEnd, UNSPECIFIED } from "./unspecified.ts";

export interface Bounds {
  /** Sequences of choices that are gone through at most. */
  readonly sequences?: number;
  /** Steps of one of them at most. */
  readonly steps?: number;
}

/** Sub-flows within sub-flows: none that ends is so deep. */
const DEEPEST = 50;

/** An execution lasts a year at most, s (EXEC-05). */
const YEAR_SECONDS = 31_536_000;

/**
 * Every end that is right for an execution of the flow, each once; the undisturbed first, then those with the fewest
 * disturbances. Being stopped is not among them.
 *
 * @example
 * const [undisturbed] = endsOf(flow, { n: 1 }, { flows: {}, names: { flow: "f", execution: "e" }, lost: 0, late: false });
 * @throws {Undecided} when there is more to go through than the bounds allow
 */
export function* endsOf(
  flow: Flow,
  input: JsonObject,
  world: ReferenceWorld,
  { sequences = 5_000, steps = 20_000 }: Bounds = {},
): Generator<End> {
  let known: Set<string> | undefined;
  let first: End | undefined;
  const ways = everyWay((choose) => runFlow(newRun(world, choose, steps), flow, world.names, input, 0).end, sequences);
  for (const end of ways) {
    if (first === undefined) {
      first = end;
      yield end;
      continue;
    }
    known ??= new Set([JSON.stringify(first)]);
    const text = JSON.stringify(end);
    if (!known.has(text)) yield end;
    known.add(text);
  }
}

function newRun(world: ReferenceWorld, choose: Run["choose"], steps: number): Run {
  let depth = 0;
  const run: Run = {
    world,
    choose,
    child(flow, names, input, at) {
      if (++depth > DEEPEST) throw new Undecided(`Sub-flows call each other more than ${DEEPEST} deep.`);
      const ended = runFlow(run, flow, names, input, at);
      depth--;
      return ended;
    },
    lost: world.lost,
    steps,
    attempts: 0,
    said: new Map(),
    started: new Map(),
  };
  return run;
}

function runFlow(run: Run, flow: Flow, names: Names, given: JsonObject, at: number): EndedAt {
  const context: JsonObject = { flow: { name: names.flow }, execution: { name: names.execution } };
  const input = flow.inputMappings === undefined ? given : mapped(flow.inputMappings, { input: given, context });
  const result = runList(run, flow.steps, { names, input, local: {} }, at);
  const due = at + (flow.timeoutSeconds ?? YEAR_SECONDS) * 1000;
  if (!endsInTime(run, flow, result.at, due)) return { end: TIMED_OUT, at: due };
  if (result.kind === "failed") {
    const { error, cause } = result;
    const end: End = { status: "Failed", error, ...(cause !== UNSPECIFIED && { cause }) };
    return { end, at: result.at };
  }
  const local = isMap(result.local) ? result.local : {};
  const output = flow.outputMappings === undefined ? local : mapped(flow.outputMappings, { input, local, context });
  return { end: { status: "Succeeded", output }, at: result.at };
}

const TIMED_OUT: End = { status: "TimedOut", error: "FnF.Timeout" };

/**
 * A flow's own time-out may always come first: a disturbed execution takes longer. The year of one without is far away,
 * and only the sweeper watches it.
 */
function endsInTime(run: Run, flow: Flow, at: number, due: number): boolean {
  if (at >= due || run.world.late) return flow.timeoutSeconds === undefined && at < due ? true : inTime(run, at, due);
  return flow.timeoutSeconds === undefined || run.choose(2) === 0;
}
