/** What the packed texts of an execution say: its events, verdicts, forks. */
import type { Event, Verdict } from "../../../lib/engine/index.ts";
import type { Flow } from "../../../lib/fdl/definition.ts";
import type { Runtime } from "../../../lib/runtime/index.ts";
import { addressOf } from "../../../lib/runtime/stop.ts";
import { forkWidth } from "../../../lib/runtime/strand.ts";
import { at, type Execution, nameOf, type Violation } from "./records.ts";

export interface Facts extends Execution {
  /** Undefined: the definition is gone or cannot be parsed. */
  readonly flow: Flow | undefined;
  /** By `at`; none where the text cannot be read. Those of joins are without outputs. */
  readonly events: ReadonlyMap<string, Event>;
  readonly outcomes: ReadonlyMap<string, Verdict>;
  /** How many branches each fork has. */
  readonly widths: ReadonlyMap<string, number>;
  /** Of what cannot be read. */
  readonly unreadable: readonly Violation[];
}

export async function factsOf(runtime: Runtime, execution: Execution): Promise<Facts> {
  const { header, branches, verdicts } = execution;
  const [events, outcomes, widths] = [new Map<string, Event>(), new Map<string, Verdict>(), new Map<string, number>()];
  const unreadable: Violation[] = [];

  async function reading<T>(what: string, branch: string, seq: number, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      unreadable.push({ execution: nameOf(header), branch, seq, text: `${what} cannot be read: ${reason}` });
      return undefined;
    }
  }

  const flow = await reading("the definition", "", 0, async () =>
    runtime.definitions.load(header.ref.flowId, header.revision),
  );
  for (const [branch, entries] of branches) {
    for (const entry of entries) {
      const { seq, effect } = entry;
      const event = await reading("its event", branch, seq, async () => runtime.claims.unpack<Event>(entry.event));
      if (event !== undefined) events.set(at(branch, seq), event);
      if (effect !== "fork") continue;
      const width = await reading("its snapshot", branch, seq, () => forkWidth(runtime, addressOf(header), entry));
      if (width !== undefined) widths.set(at(branch, seq), width);
    }
  }
  for (const [place, { outcome }] of verdicts) {
    if (outcome === undefined) continue;
    const verdict = await reading(`the verdict of ${place}`, "", 0, async () =>
      runtime.claims.unpack<Verdict>(outcome),
    );
    if (verdict !== undefined) outcomes.set(place, verdict);
  }
  return { ...execution, flow, events, outcomes, widths, unreadable };
}
