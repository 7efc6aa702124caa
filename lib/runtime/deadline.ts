/** What ends an execution from outside its own steps: its time-out, and the end of the parent that waits for it (architecture §6). */

import { endExecution, endNow } from "./close.ts";
import { isDead } from "./look.ts";
import type { Header } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import { sendAt } from "./send.ts";
import type { Strand } from "./strand.ts";
import { readToken } from "./token.ts";

export const TIMED_OUT = {
  status: "TimedOut",
  error: "FnF.Timeout",
  cause: "The execution did not end within its time-out.",
} as const;
const PARENT_ENDED = {
  status: "Stopped",
  error: "FnF.ParentEnded",
  cause: "The execution that waited for this one has ended.",
} as const;

/**
 * Arms the execution's time-out: the timer is the `ended` message itself. An execution without `timeoutSeconds` has a year,
 * which the sweeper watches: a schedule for each execution would cost more than the execution.
 */
export async function deadline(runtime: Runtime, { address, flow }: Strand, header: Header): Promise<void> {
  if (flow.timeoutSeconds === undefined) return;
  await sendAt(runtime, { kind: "ended", ...address, end: TIMED_OUT }, header.deadline, `${address.startId}:deadline`);
}

/**
 * A `sync` child whose parent has ended, or whose branch there is dead, ends itself. Its header was put before this read; a
 * stop writes the parent's header before it looks for children: one of the two sees the other.
 */
export async function parentIsGone(runtime: Runtime, header: Header): Promise<boolean> {
  if (!(await isOrphan(runtime, header))) return false;
  await endExecution(runtime, header, { ...PARENT_ENDED, endedAt: endNow(runtime.ports.clock, header) });
  return true;
}

/** True for a `sync` child that nobody waits for any more. */
export async function isOrphan(runtime: Runtime, { stopWithParent, parentToken }: Header): Promise<boolean> {
  if (!stopWithParent || parentToken === undefined) return false;
  const parent = readToken(runtime.ports.keys, parentToken);
  return isDead(runtime, parent, parent.branch);
}

export { PARENT_ENDED };
