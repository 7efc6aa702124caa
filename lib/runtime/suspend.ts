/** Effects after which a branch waits without a lease (architecture §4, §5): for a verdict, a time, or its branches. */
import { branchState, type Event, type OutwardEffect } from "../engine/index.ts";
import { childBranch } from "./branch.ts";
import { firstDue, type Hold } from "./record.ts";
import { reportedEvent } from "./report.ts";
import type { Runtime } from "./runtime.ts";
import { send, sendAt } from "./send.ts";
import { entryKey, packEvent } from "./strand.ts";
import { attemptId } from "./token.ts";

type Suspension = Extract<OutwardEffect, { kind: "awaitVerdict" | "timer" | "fork" }>;

/** Performs the effect; an event when the branch need not wait: its verdict is there. */
export async function suspend(runtime: Runtime, hold: Hold, effect: Suspension): Promise<Event | undefined> {
  switch (effect.kind) {
    case "awaitVerdict":
      return awaitVerdict(runtime, hold, effect);
    case "timer":
      await setTimer(runtime, hold, effect.due);
      return undefined;
    case "fork":
      await startBranches(runtime, hold, effect.branches);
      return undefined;
    default:
      return effect satisfies never;
  }
}

/**
 * A report sends its wake-up and then puts the verdict; this side has written "submitted" and then reads the verdict: one of
 * the two sees the other. The timer is armed only where there is none, else each duplicate would add one.
 */
async function awaitVerdict(
  runtime: Runtime,
  { strand, transition }: Hold,
  effect: Extract<Suspension, { kind: "awaitVerdict" }>,
): Promise<Event | undefined> {
  const { address, branch } = strand;
  const seq = strand.seq - 1;
  const item = await runtime.ports.journal.readVerdict(entryKey(address, branch, seq));
  if (item?.outcome !== undefined) {
    const given = { outcome: item.outcome, at: item.at ?? transition.state.time };
    return reportedEvent(runtime, address, { branch, seq }, given);
  }
  const due = firstDue(effect, transition.state.time);
  if (due !== undefined) {
    const reportId = runtime.ports.ids.next();
    await sendAt(
      runtime,
      { kind: "due", ...address, branch, seq, reportId },
      due,
      `${attemptId({ ...address, branch, seq })}:due:${due}`,
    );
  }
  return undefined;
}

async function setTimer(runtime: Runtime, { strand, transition }: Hold, due: number): Promise<void> {
  const { address, branch } = strand;
  const seq = strand.seq + 1;
  const [state, event] = [
    await runtime.claims.pack(transition.state),
    await packEvent(runtime, { kind: "elapsed", at: due }),
  ];
  await sendAt(
    runtime,
    { kind: "advance", ...address, branch, seq, state, event },
    due,
    `${attemptId({ ...address, branch, seq })}:elapsed`,
  );
}

/** When it is redone, only those that have not begun: whoever wrote a branch's first entry has a message of their own. */
async function startBranches(runtime: Runtime, { strand, transition, again }: Hold, branches: number): Promise<void> {
  const { address, flow, branch, seq } = strand;
  const event = await packEvent(runtime, { kind: "branchStarted", at: transition.state.time });
  const starts = Array.from({ length: branches }, async (_, index) => {
    const first = { startId: address.startId, branch: childBranch(branch, seq, index), seq: 0 };
    if (again && (await runtime.ports.journal.readEntry(first)) !== undefined) return;
    const state = await runtime.claims.pack(branchState(flow, transition.state, index));
    await send(runtime, { kind: "advance", ...address, branch: childBranch(branch, seq, index), seq: 0, state, event });
  });
  await Promise.all(starts);
}
