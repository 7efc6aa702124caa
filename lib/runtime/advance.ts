/**
 * One transition (architecture §3): compute it, win it, perform its effect, hand on. Fusing is the loop around the same
 * code: the append stays the fence and the message in flight stays the anchor.
 */
import type { Event, Transition } from "../engine/index.ts";
import { forkOf, ROOT } from "./branch.ts";
import { callTask, LOST } from "./call.ts";
import { close } from "./close.ts";
import { deadline, parentIsGone } from "./deadline.ts";
import type { Header } from "./ports/journal.ts";
import { type Hold, record } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { adoptHeader } from "./start.ts";
import { stopChildOfAttempt, stopChildrenOfFork } from "./stop-children.ts";
import { entryKey, handOn, type Strand } from "./strand.ts";
import { suspend } from "./suspend.ts";
import type { Disposition, Work } from "./work.ts";

/** What performing an effect came to: the message is done with, or the branch has its next event. */
type Outcome = Disposition | { readonly event: Event; readonly goOn: boolean; readonly settle: boolean };

export async function advance(runtime: Runtime, work: Work, first: Strand): Promise<Disposition> {
  const { clock } = runtime.ports;
  let strand = first;
  let extended = work.since;
  for (;;) {
    const hold = await record(runtime, work, strand, first);
    if (typeof hold === "string") return hold;
    const outcome = await perform(runtime, work, hold);
    if (typeof outcome === "string") return outcome;
    strand = { ...hold.strand, seq: hold.strand.seq + 1, state: hold.transition.state, event: outcome.event };
    const now = clock.now();
    const fused = runtime.settings.mode === "fused" && now - work.since < runtime.settings.fuseBudgetMs;
    if (!outcome.goOn && !fused) {
      await handOn(runtime, strand);
      if (outcome.settle)
        await runtime.ports.journal.settle(entryKey(strand.address, strand.branch, strand.seq - 1), work.owner);
      return "consume";
    }
    if (now - extended >= runtime.settings.extendEveryMs) {
      await work.extend(runtime.settings.visibilitySeconds);
      extended = now;
    }
  }
}

async function perform(runtime: Runtime, work: Work, hold: Hold): Promise<Outcome> {
  const { strand, transition, view } = hold;
  const { address, branch, seq } = strand;
  const { effect } = transition;
  const header = view.header ?? (await adoptHeader(runtime, work.message, strand));
  // A header with another start id, or after entry 0 none: this journal is nobody's (architecture §3).
  if (header === undefined || header.startId !== address.startId) return "consume";
  if (strand.event.kind === "branchFailed")
    await stopChildrenOfFork(runtime, address, entryKey(address, branch, seq - 1));
  // Only now: until that entry was won, the lost worker could still say that the sub-flow was started.
  if (strand.event.kind === "taskFailed" && strand.event.error === LOST)
    await stopChildOfAttempt(runtime, address, { branch, seq: seq - 1 });
  if (transition.flush) await flush(runtime, strand, transition.flush);
  switch (effect.kind) {
    case "branchDone":
    case "branchFailed":
    case "succeeded":
    case "failed":
      await close(runtime, hold, effect);
      return "consume";
    default:
  }
  if (view.failed || header.status !== "Running") return "consume";
  if (branch === ROOT && seq === 0 && !(await begin(runtime, strand, header))) return "consume";
  switch (effect.kind) {
    case "invoke":
    case "submit": {
      const event = await callTask(runtime, work, hold, effect);
      if (event === undefined) return "leave";
      return { event, goOn: effect.kind === "submit", settle: effect.onLost === "fail" };
    }
    case "continue":
      return { event: { kind: "continued", at: transition.state.time }, goOn: false, settle: false };
    default: {
      const event = await suspend(runtime, hold, effect);
      return event ? { event, goOn: false, settle: false } : "consume";
    }
  }
}

/** A lane stores collected outputs before it goes on: neither outward nor closing, keyed by chunk, redone like both (architecture §5). */
async function flush(
  runtime: Runtime,
  { address, branch }: Strand,
  { chunk, locals }: NonNullable<Transition["flush"]>,
): Promise<void> {
  const up = forkOf(address.startId, branch);
  if (up)
    await runtime.ports.journal.putOutput(up.fork, {
      index: up.index,
      chunk,
      locals: await runtime.claims.pack({ locals }),
    });
}

/** What entry 0 of a root does before its own effect: arms the execution's time-out, and asks whether a parent still wants it. */
async function begin(runtime: Runtime, strand: Strand, header: Header): Promise<boolean> {
  await deadline(runtime, strand, header);
  return !(await parentIsGone(runtime, header));
}
