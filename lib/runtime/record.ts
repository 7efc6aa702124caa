/**
 * Winning a transition: the conditional append of its entry, or, when the entry is there, resuming at the branch's tip under
 * the lease rules (architecture §3, first row of the table). Whoever comes out of here with a `Hold` owns the transition.
 */
import { classOf, type Transition } from "../engine/index.ts";
import { look, type View } from "./look.ts";
import type { Entry, Lease } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import { bounce } from "./send.ts";
import { childName } from "./start.ts";
import { apply, entryKey, packEvent, replayTo, type Strand } from "./strand.ts";
import { trace } from "./trace.ts";
import type { Disposition, Work } from "./work.ts";

/** An owned transition. */
export interface Hold {
  readonly strand: Strand;
  readonly transition: Transition;
  /** Absent at a suspended tip: its effects are redone without a lease. */
  readonly lease?: Lease;
  readonly view: View;
  /** The entry was there, and was resumed or taken over: its effects, or some of them, may have been performed before. */
  readonly again: boolean;
}

/** A snapshot is stored with every entry whose seq is a multiple of this. */
const SNAPSHOT_EVERY = 64;

/** `first` is the strand of the message: its seq is the anchor of all that is written under it. */
export async function record(runtime: Runtime, work: Work, strand: Strand, first: Strand): Promise<Hold | Disposition> {
  const { journal } = runtime.ports;
  const transition = apply(runtime, strand);
  const entry = await entryOf(runtime, work, strand, transition, first.seq);
  const [existing, view] = await Promise.all([journal.append(entry), look(runtime, strand.address, strand.branch)]);
  // A refused write may be one's own, retried below the port.
  if (existing === undefined || isOwn(existing, work.owner)) {
    runtime.settings.observe?.(strand, transition);
    return { strand, transition, ...(entry.lease && { lease: entry.lease }), view, again: false };
  }
  trace(runtime, work, strand, "refused");
  return resume(runtime, work, first);
}

/** Written by this delivery, and not taken over since. */
function isOwn({ writer, lease }: Entry, owner: string): boolean {
  return writer === owner && (lease === undefined || lease.owner === owner);
}

async function resume(runtime: Runtime, work: Work, first: Strand): Promise<Hold | Disposition> {
  const { journal, clock } = runtime.ports;
  const { startId } = first.address;
  for (;;) {
    const tip = await journal.readTip(startId, first.branch);
    // The entry was there a moment ago: the journal is being forgotten (retention), nothing of it will go on.
    if (tip === undefined) return "consume";
    if (tip.anchor > first.seq) return dropped(runtime, work, first);
    const strand = await replayTo(runtime, first, tip);
    const transition = apply(runtime, strand);
    if (classOf(transition.effect) === "suspended") {
      trace(runtime, work, strand, "resumed");
      const view = await look(runtime, strand.address, strand.branch);
      return { strand, transition, view, again: true };
    }
    const now = clock.now();
    const held = tip.lease ?? { owner: "", until: 0 };
    if (held.until > now) {
      trace(runtime, work, strand, "bounced");
      await bounce(runtime, work.message, held.until - now);
      return "consume";
    }
    if (tip.settled) return "consume"; // the next message was sent
    const lease = { owner: work.owner, until: now + runtime.settings.leaseMs };
    if (!(await journal.replaceLease(tip, held, lease))) {
      trace(runtime, work, strand, "bounced");
      await bounce(runtime, work.message, runtime.settings.leaseMs);
      return "consume";
    }
    // Look for the successor again: its append does not ask for the lease.
    const again = await journal.readTip(startId, first.branch);
    if (again?.seq !== tip.seq) continue;
    trace(runtime, work, strand, "takenOver");
    const view = await look(runtime, strand.address, strand.branch);
    return { strand, transition, lease, view, again: true };
  }
}

/** A later message is or was in flight: the only case that drops. */
function dropped(runtime: Runtime, work: Work, first: Strand): Disposition {
  trace(runtime, work, first, "dropped");
  return "consume";
}

async function entryOf(
  runtime: Runtime,
  work: Work,
  strand: Strand,
  { state, effect }: Transition,
  anchor: number,
): Promise<Entry> {
  const { address, branch, seq, event } = strand;
  const suspended = classOf(effect) === "suspended";
  const child =
    effect.kind === "submit" && effect.pattern === "sync" && effect.call.kind === "flow" ? effect.call : undefined;
  return {
    ...entryKey(address, branch, seq),
    event: await packEvent(runtime, event),
    at: state.time,
    anchor,
    writer: work.owner,
    events: state.events,
    effect: effect.kind,
    ...(suspended ? {} : { lease: { owner: work.owner, until: runtime.ports.clock.now() + runtime.settings.leaseMs } }),
    ...(suspended || (seq > 0 && seq % SNAPSHOT_EVERY === 0) ? { snapshot: await runtime.claims.pack(state) } : {}),
    ...dueOf(effect, state.time),
    ...(child ? { child: { flow: child.flow, name: childName(runtime, child, { ...address, branch, seq }) } } : {}),
  };
}

/** Due times of what waits, and of a submitted attempt: what heartbeats, timers and the sweeper go by. */
function dueOf(effect: Transition["effect"], at: number): Pick<Entry, "due" | "heartbeatSeconds"> {
  switch (effect.kind) {
    case "timer":
      return { due: effect.due };
    case "submit":
      return {
        ...(effect.timeoutSeconds === undefined ? {} : { due: at + effect.timeoutSeconds * 1000 }),
        ...(effect.heartbeatSeconds === undefined ? {} : { heartbeatSeconds: effect.heartbeatSeconds }),
      };
    case "awaitVerdict": {
      const due = firstDue(effect, at);
      return due === undefined ? {} : { due };
    }
    default:
      return {};
  }
}

/** When an attempt that was submitted at `at` times out unless a heartbeat moves it. */
export function firstDue(
  effect: { readonly due?: number; readonly heartbeatSeconds?: number },
  at: number,
): number | undefined {
  const heartbeat = effect.heartbeatSeconds === undefined ? undefined : at + effect.heartbeatSeconds * 1000;
  if (heartbeat === undefined || effect.due === undefined) return heartbeat ?? effect.due;
  return Math.min(heartbeat, effect.due);
}
