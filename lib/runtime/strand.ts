/** A strand: a branch at the point where one event is to be applied to its state. What every message of a branch comes down to. */
import {
  type BranchOutput,
  branchCount,
  branchState,
  type Event,
  initialState,
  type State,
  type Transition,
  transition,
} from "../engine/index.ts";
import type { Flow } from "../fdl/definition.ts";
import type { JsonObject } from "../fdl/json.ts";
import { forkOf, ROOT } from "./branch.ts";
import type { Address } from "./message.ts";
import type { Entry, EntryKey, OutputItem, Packed } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import { send } from "./send.ts";
import { mintToken } from "./token.ts";

export interface Strand {
  readonly address: Address;
  readonly flow: Flow;
  readonly branch: string;
  readonly seq: number;
  readonly state: State;
  readonly event: Event;
}

export function entryKey({ startId }: Address, branch: string, seq: number): EntryKey {
  return { startId, branch, seq };
}

/** Applies the strand's event to its state. */
export function apply(runtime: Runtime, { address, flow, branch, seq, state, event }: Strand): Transition {
  const { ports, settings } = runtime;
  return transition(flow, state, event, {
    token: () => mintToken(ports.keys, { ...address, branch, seq }),
    maxDataBytes: settings.maxDataBytes,
    warn: (step, message) => settings.log(`${address.flow}/${address.ref.name}: step "${step}": ${message}`),
  });
}

/** The state of a root before entry 0. */
export function rootState(address: Pick<Address, "flow" | "ref">): State {
  return initialState({ flow: address.flow, execution: address.ref.name });
}

/**
 * The event of an entry or message as the core takes it. A `joined` event is recorded without the branches' outputs: they
 * are items of their own, written once, and are read from there.
 */
export async function loadEvent(runtime: Runtime, packed: Packed, key: EntryKey): Promise<Event> {
  const event = await runtime.claims.unpack<Event>(packed);
  if (event.kind !== "joined") return event;
  const items = await runtime.ports.journal.readOutputs({ ...key, seq: key.seq - 1 });
  return { ...event, outputs: await gatherOutputs(runtime, items) };
}

/** The event as it is recorded. */
export function packEvent(runtime: Runtime, event: Event): Packed | Promise<Packed> {
  return runtime.claims.pack(event.kind === "joined" ? { ...event, outputs: [] } : event);
}

/** Outputs of the branches of a fork, in order, from their chunks. */
export async function gatherOutputs(runtime: Runtime, items: readonly OutputItem[]): Promise<readonly BranchOutput[]> {
  const outputs: { locals: JsonObject[] }[] = [];
  for (const item of items) {
    const output = outputs[item.index] ?? { locals: [] };
    outputs[item.index] = output;
    output.locals.push(...(await runtime.claims.unpack<BranchOutput>(item.locals)).locals);
  }
  return outputs;
}

/**
 * Goes from the strand over the entries recorded since, up to the branch's tip: the strand whose event is the tip's.
 * A long way is cut short by the last snapshot.
 */
export async function replayTo(runtime: Runtime, strand: Strand, tip: Entry): Promise<Strand> {
  const { journal } = runtime.ports;
  const { address, flow, branch } = strand;
  let { state, seq } = strand;
  const snapshot = tip.seq > seq ? await journal.readSnapshot(address.startId, branch, tip.seq - 1) : undefined;
  if (snapshot?.snapshot && snapshot.seq >= seq) {
    state = await runtime.claims.unpack<State>(snapshot.snapshot);
    seq = snapshot.seq + 1;
  }
  while (seq < tip.seq) {
    for (const entry of await journal.readEntries(address.startId, branch, seq, tip.seq - 1)) {
      const event = await loadEvent(runtime, entry.event, entry);
      state = apply(runtime, { address, flow, branch, seq: entry.seq, state, event }).state;
      seq = entry.seq + 1;
    }
  }
  return { address, flow, branch, seq, state, event: await loadEvent(runtime, tip.event, tip) };
}

/** The strand of entry `entry` built from the journal alone: from the last snapshot before it, or the branch's beginning. */
export async function rebuild(runtime: Runtime, address: Address, entry: Entry): Promise<Strand> {
  const flow = await runtime.definitions.load(address.ref.flowId, address.revision);
  const state = await beginning(runtime, address, flow, entry.branch);
  const event: Event = { kind: "continued", at: 0 };
  return replayTo(runtime, { address, flow, branch: entry.branch, seq: 0, state, event }, entry);
}

/** The state of a branch before its entry 0: made from its fork's snapshot. */
export async function beginning(runtime: Runtime, address: Address, flow: Flow, branch: string): Promise<State> {
  if (branch === ROOT) return rootState(address);
  const up = forkOf(address.startId, branch);
  const fork = up && (await runtime.ports.journal.readEntry(up.fork));
  if (!up || !fork?.snapshot) throw new Error(`branch ${branch} of ${address.startId} hangs on no fork`);
  return branchState(flow, await runtime.claims.unpack<State>(fork.snapshot), up.index);
}

/** Sends the strand's message: it carries the state and the event to apply. */
export async function handOn(runtime: Runtime, { address, branch, seq, state, event }: Strand): Promise<void> {
  const [packedState, packedEvent] = [await runtime.claims.pack(state), await packEvent(runtime, event)];
  await send(runtime, { kind: "advance", ...address, branch, seq, state: packedState, event: packedEvent });
}

/** How many branches the fork of an entry has, by its snapshot; 0 when it is no fork. */
export async function forkWidth(runtime: Runtime, address: Address, fork: Entry): Promise<number> {
  if (fork.effect !== "fork" || !fork.snapshot) return 0;
  const flow = await runtime.definitions.load(address.ref.flowId, address.revision);
  return branchCount(flow, await runtime.claims.unpack<State>(fork.snapshot));
}
