/** The journal replays to what was recorded with it: whoever applied an event had the state that the entries before it make. */
import type { Runtime } from "../../../lib/runtime/index.ts";
import type { Entry } from "../../../lib/runtime/ports/journal.ts";
import { addressOf } from "../../../lib/runtime/stop.ts";
import { apply, beginning, loadEvent } from "../../../lib/runtime/strand.ts";
import type { Facts } from "./facts.ts";
import { nameOf, type Violation } from "./records.ts";

export async function* checkReplay(runtime: Runtime, facts: Facts): AsyncGenerator<Violation> {
  for (const [branch, entries] of facts.branches) {
    let seq = 0;
    try {
      for await (const { entry, texts } of replayed(runtime, facts, branch, entries)) {
        seq = entry.seq + 1;
        for (const text of texts) yield { execution: nameOf(facts.header), branch, seq: entry.seq, text };
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      yield { execution: nameOf(facts.header), branch, seq, text: `it cannot be replayed: ${reason}` };
    }
  }
}

async function* replayed(
  runtime: Runtime,
  { header, flow }: Facts,
  branch: string,
  entries: readonly Entry[],
): AsyncGenerator<{ readonly entry: Entry; readonly texts: readonly string[] }> {
  if (flow === undefined) return;
  const address = addressOf(header);
  let state = await beginning(runtime, address, flow, branch);
  for (const entry of entries) {
    const event = await loadEvent(runtime, entry.event, entry);
    const transition = apply(runtime, { address, flow, branch, seq: entry.seq, state, event });
    state = transition.state;
    const texts: string[] = [];
    const recorded = `${entry.effect}, ${entry.events} events, ${entry.at}`;
    const made = `${transition.effect.kind}, ${state.events} events, ${state.time}`;
    if (recorded !== made) texts.push(`it says (${recorded}), the journal replays to (${made})`);
    if (entry.snapshot !== undefined) {
      const stored = await runtime.claims.unpack<object>(entry.snapshot);
      if (JSON.stringify(stored) !== JSON.stringify(state))
        texts.push("its snapshot is not the state that the journal replays to");
    }
    yield { entry, texts };
  }
}
