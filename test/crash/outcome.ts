/** What came of a run: how each execution ended and what its history says, read past all faults when the world is at rest. */
import type { JsonObject } from "../../lib/fdl/json.ts";
import { type DerivedEvent, derivedHistory, executionEvent } from "../../lib/runtime/index.ts";
import type { Header } from "../../lib/runtime/ports/journal.ts";
import type { World } from "../../lib/sim/world.ts";
import { type Shape, shapeOf, steady } from "./shape.ts";

/** An execution as it is when nothing goes on any more. */
export interface Told {
  readonly header: Header;
  readonly output: JsonObject | undefined;
  readonly events: readonly DerivedEvent[];
}

export interface Ended extends Told {
  /** Status, error and output in one text, without times and ids. */
  readonly text: string;
  readonly shape: Shape;
}

/** By flow and name, generated names left out; of several with the same text in the order of their start. */
export type Outcome = ReadonlyMap<string, Ended>;

export async function outcomeOf(world: World): Promise<Outcome> {
  const outcome = new Map<string, Ended>();
  for (const header of world.witness.headers.values()) {
    const name = steady(`${header.flow}/${header.ref.name}`);
    let key = name;
    for (let n = 2; outcome.has(key); n++) key = `${name} (${n})`;
    outcome.set(key, await endOf(world, header.ref));
  }
  return outcome;
}

async function endOf(world: World, ref: Header["ref"]): Promise<Ended> {
  const told = await toldOf(world, ref);
  const { header, output, events } = told;
  const end = header.status === "Succeeded" ? JSON.stringify(output) : `${header.error ?? ""}: ${header.cause ?? ""}`;
  return {
    ...told,
    text: `${header.status} ${steady(end)}`,
    shape: shapeOf(events.filter((event) => isBefore(event, header)).map(executionEvent)),
  };
}

/** Header, output and history of an execution. */
export async function toldOf({ observer }: World, ref: Header["ref"]): Promise<Told> {
  const { journal } = observer.ports;
  const header = await journal.readHeader(ref);
  if (header === undefined) throw new Error(`the header of ${ref.name} is gone`);
  const data = await journal.readData(ref, header.startId);
  const output = data.output === undefined ? undefined : await observer.claims.unpack<JsonObject>(data.output);
  const events: DerivedEvent[] = [];
  // As they are derived: writing them as text would be a tenth of a simulation's time.
  for await (const those of derivedHistory(observer, header)) events.push(...those);
  return { header, output, events };
}

/** What the end from outside brings about in the same moment is no part of what the execution did. */
function isBefore({ type, time }: DerivedEvent, { status, endedAt = 0 }: Header): boolean {
  const cut = status === "Stopped" || status === "TimedOut";
  return !cut || type === `Execution${status}` || time < endedAt;
}
