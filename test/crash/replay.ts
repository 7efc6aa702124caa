/** The journal must replay to what was recorded with it: whoever applied an event had the state that the entries before it make. */
import type { Entry, Header } from "../../lib/runtime/ports/journal.ts";
import { addressOf } from "../../lib/runtime/stop.ts";
import { apply, beginning, loadEvent } from "../../lib/runtime/strand.ts";
import type { World } from "../../lib/sim/world.ts";
import { checkDue } from "./due.ts";

/** Entries that are not what the core makes of the entries before them. */
export async function checkReplay(world: World): Promise<string[]> {
  const branches = new Map<string, Entry[]>();
  for (const entry of world.witness.entries.values()) {
    const name = `${entry.startId}:${entry.branch}`;
    const entries = branches.get(name);
    if (entries === undefined) branches.set(name, [entry]);
    else entries.push(entry);
  }
  const wrong: string[] = [];
  for (const entries of branches.values()) {
    const header = world.witness.headers.get(entries[0]?.startId ?? "");
    // Nobody reads the journal of one who lost the race for the name.
    if (header !== undefined) wrong.push(...(await replayBranch(world, header, entries)));
  }
  return wrong;
}

async function replayBranch({ observer }: World, header: Header, entries: readonly Entry[]): Promise<string[]> {
  const wrong: string[] = [];
  const address = addressOf(header);
  const flow = await observer.definitions.load(header.ref.flowId, header.revision);
  const branch = entries[0]?.branch ?? "";
  let state = await beginning(observer, address, flow, branch);
  let before: Entry | undefined;
  for (const entry of [...entries].sort((one, other) => one.seq - other.seq)) {
    const event = await loadEvent(observer, entry.event, entry);
    const transition = apply(observer, { address, flow, branch, seq: entry.seq, state, event });
    state = transition.state;
    wrong.push(...checkDue(flow, transition, entry, before));
    before = entry;
    const recorded = [entry.effect, entry.events, entry.at].join(" ");
    const replayed = [transition.effect.kind, state.events, state.time].join(" ");
    if (recorded !== replayed)
      wrong.push(`entry ${branch}#${entry.seq} says (${recorded}), the journal replays to (${replayed})`);
    if (entry.snapshot !== undefined && entry.snapshot !== (await observer.claims.pack(state)))
      wrong.push(`the snapshot of entry ${branch}#${entry.seq} is not the state that the journal replays to`);
  }
  return wrong;
}
