/**
 * Closing effects (architecture §5, §6): they are redone until they are seen to be done, whatever the header or a join
 * says, and each of them is idempotent.
 */
import type { ClosingEffect } from "../engine/index.ts";
import { forkOf } from "./branch.ts";
import type { Address } from "./message.ts";
import type { Clock } from "./ports/clock.ts";
import type { End, Header } from "./ports/journal.ts";
import type { Hold } from "./record.ts";
import { reportEnd } from "./report.ts";
import type { Runtime } from "./runtime.ts";
import { send } from "./send.ts";

export async function close(
  runtime: Runtime,
  { strand, transition, again }: Hold,
  effect: ClosingEffect,
): Promise<void> {
  const { address, branch } = strand;
  const at = transition.state.time;
  switch (effect.kind) {
    case "branchDone":
      if (await joinFork(runtime, address, branch, effect, at, transition.state.lane?.width ?? 1))
        await wakeParent(runtime, address, branch, again);
      return;
    case "branchFailed":
      if (await failFork(runtime, address, branch, effect, at)) await wakeParent(runtime, address, branch, again);
      return;
    case "succeeded":
      // The output before the header: whoever sees Succeeded finds it.
      await runtime.ports.journal.putResult(address.ref, address.startId, await runtime.claims.pack(effect.output));
      return endExecution(runtime, address, { status: "Succeeded", endedAt: at });
    case "failed":
      return endExecution(runtime, address, {
        status: "Failed",
        endedAt: at,
        error: effect.error,
        cause: effect.cause,
      });
    default:
      return effect satisfies never;
  }
}

/** Ends the execution if it is still running, then reports what it ended with: a stop may have been faster. */
export async function endExecution(runtime: Runtime, { ref, startId }: Address, end: End): Promise<void> {
  const header = await runtime.ports.journal.endHeader(ref, startId, end);
  if (header?.startId === startId) await reportEnd(runtime, header);
}

/** True when this is the last branch of its fork, or one that finds them all done. */
async function joinFork(
  runtime: Runtime,
  address: Address,
  branch: string,
  { output, chunk, events }: Extract<ClosingEffect, { kind: "branchDone" }>,
  at: number,
  width: number,
): Promise<boolean> {
  const { journal } = runtime.ports;
  const { fork, index } = requireFork(address, branch);
  const locals = await runtime.claims.pack({ locals: output });
  await journal.putOutput(fork, { index, chunk, locals, last: { at, events } });
  const join = await journal.addDone(fork, index);
  return join.done.size === width;
}

/** True when its failure is the one that was stored. Only that one wakes the parent: else each of F failures would start the catch's work again. */
async function failFork(
  runtime: Runtime,
  address: Address,
  branch: string,
  { error, cause }: Extract<ClosingEffect, { kind: "branchFailed" }>,
  at: number,
): Promise<boolean> {
  const { fork, index } = requireFork(address, branch);
  const join = await runtime.ports.journal.putFailure(fork, { index, error, cause, at });
  return join.failure?.index === index;
}

/**
 * A closing effect that is redone first looks whether the parent has gone on: whoever wrote its next entry has a message of
 * their own. Otherwise each late duplicate of a branch's last message would wake the parent again, which would start the
 * branches of its next fork again, and from fork to fork there would be as many times more as there are branches.
 */
async function wakeParent(runtime: Runtime, address: Address, of: string, again: boolean): Promise<void> {
  const { branch, seq } = requireFork(address, of).fork;
  const next = { startId: address.startId, branch, seq: seq + 1 };
  if (again && (await runtime.ports.journal.readEntry(next)) !== undefined) return;
  await send(runtime, { kind: "join", ...address, branch, seq });
}

function requireFork({ startId }: Address, branch: string): NonNullable<ReturnType<typeof forkOf>> {
  const up = forkOf(startId, branch);
  if (!up) throw new Error("the root has no fork to join");
  return up;
}

/** The time at which an execution is ended now: never before its start, which a clock ahead of this one may have told. */
export function endNow(clock: Pick<Clock, "now">, { startedAt }: Pick<Header, "startedAt">): number {
  return Math.max(clock.now(), startedAt);
}
