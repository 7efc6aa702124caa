/**
 * Verdicts of callback tasks (architecture §4). The outcome of an attempt is one conditional put: the first wins. A report
 * first sends the wake-up, which carries the outcome, then puts the verdict: whoever dies in between, the wake-up does it.
 */
import type { Event, Verdict } from "../engine/index.ts";
import { StepwellError } from "../fdl/errors.ts";
import { isDead } from "./look.ts";
import type { Address, DueMessage, WakeMessage } from "./message.ts";
import type { CallResult } from "./ports/functions.ts";
import type { EntryKey, Header, Packed, VerdictItem } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import { send } from "./send.ts";
import { stopChildOfAttempt } from "./stop-children.ts";
import { entryKey } from "./strand.ts";
import { type Attempt, readToken } from "./token.ts";

/**
 * Reports a task's outcome by its token (ReportTaskSucceeded, ReportTaskFailed). Returns the EventId of the report. Throws
 * StepwellError `InvalidArgument` for a token that is not ours, `TaskAlreadyCompleted` when the attempt has an outcome, was
 * superseded, or its execution or branch is over.
 */
export async function reportTask(runtime: Runtime, token: string, verdict: Verdict): Promise<{ eventId: number }> {
  const attempt = readToken(runtime.ports.keys, token);
  if (await isDead(runtime, attempt, attempt.branch)) throw alreadyCompleted(token);
  if (!(await giveVerdict(runtime, attempt, verdict))) throw alreadyCompleted(token);
  const next = await runtime.ports.journal.readEntry(entryKey(attempt, attempt.branch, attempt.seq + 1));
  // The submit was recorded as failed: the attempt is over, its report is void.
  if (next !== undefined && next.effect !== "awaitVerdict") throw alreadyCompleted(token);
  const entry = next ?? (await runtime.ports.journal.readEntry(attemptKey(attempt)));
  return { eventId: (entry?.events ?? 0) + (next ? 1 : 2) };
}

/** Reports the end of a function that was submitted with a token (`pattern: sync`, `InvocationType: Async`). An attempt that is over already is no error. */
export async function reportResult(runtime: Runtime, token: string, result: CallResult): Promise<void> {
  try {
    await reportTask(runtime, token, verdictOfResult(result));
  } catch (error) {
    if (!(error instanceof StepwellError) || error.code !== "TaskAlreadyCompleted") throw error;
  }
}

function verdictOfResult(result: CallResult): Verdict {
  switch (result.kind) {
    case "succeeded":
      // No result counts as null does (fdl.md §10 row 48).
      return { kind: "succeeded", output: result.output ?? null };
    case "failed":
      return { kind: "failed", error: result.error, cause: result.cause };
    case "throttled":
      return { kind: "failed", error: "FC.ResourceThrottled", cause: result.cause };
    case "timedOut":
      return { kind: "timedOut" };
    default:
      return result satisfies never;
  }
}

/** Says that a task is alive (ReportTaskHeartbeat): moves its time-out. Throws as `reportTask` does. */
export async function heartbeat(runtime: Runtime, token: string): Promise<void> {
  const { journal, clock, keys } = runtime.ports;
  const attempt = readToken(keys, token);
  if (await isDead(runtime, attempt, attempt.branch)) throw alreadyCompleted(token);
  const entry = await journal.readEntry(attemptKey(attempt));
  if (entry?.heartbeatSeconds === undefined) {
    throw new StepwellError("InvalidArgument", "this task has no heartbeatSeconds: it needs no heartbeats");
  }
  const due = Math.min(clock.now() + entry.heartbeatSeconds * 1000, entry.due ?? Number.POSITIVE_INFINITY);
  const item = await journal.moveDue(attemptKey(attempt), due);
  if (item !== undefined) throw alreadyCompleted(token);
}

/**
 * Reports a child's or a started execution's end to the token that its header holds; nothing to do while it runs or has none, or
 * when there is a verdict: whoever put it has sent a wake-up before. An end is reported by all who come by it, so most find one.
 */
export async function reportEnd(runtime: Runtime, header: Header): Promise<void> {
  if (header.parentToken === undefined || header.status === "Running") return;
  const attempt = readToken(runtime.ports.keys, header.parentToken);
  if (stored(await runtime.ports.journal.readVerdict(attemptKey(attempt)))) return;
  await giveVerdict(runtime, attempt, await verdictOf(runtime, header));
}

async function verdictOf(runtime: Runtime, { ref, startId, status, error, cause }: Header): Promise<Verdict> {
  if (status !== "Succeeded") return { kind: "failed", error: error || "FnF.RuntimeError", cause: cause ?? "" };
  const { output } = await runtime.ports.journal.readData(ref, startId);
  return { kind: "succeeded", output: output === undefined ? {} : await runtime.claims.unpack(output) };
}

/** True when this report is the attempt's verdict. The report id is new for each call: a second report, identical or not, is refused. */
async function giveVerdict(runtime: Runtime, attempt: Attempt, verdict: Verdict): Promise<boolean> {
  const { journal, clock, ids } = runtime.ports;
  const [reportId, at] = [ids.next(), clock.now()];
  const event = await runtime.claims.pack(verdict);
  await send(runtime, { kind: "wake", ...attempt, event, reportId, at });
  const existing = await journal.putVerdict(attemptKey(attempt), { outcome: event, reportId, at });
  return existing === undefined || existing.reportId === reportId;
}

/** Puts the verdict of a wake-up if there is none, which is rare: a refused write costs five times a read. Returns the stored one. */
export async function settleVerdict({ ports: { journal } }: Runtime, message: WakeMessage): Promise<StoredVerdict> {
  const { event, reportId, at } = message;
  const given = stored(await journal.readVerdict(attemptKey(message)));
  if (given) return given;
  const existing = await journal.putVerdict(attemptKey(message), { outcome: event, reportId, at });
  return stored(existing) ?? { outcome: event, at };
}

export interface StoredVerdict {
  readonly outcome: Packed;
  readonly at: number;
}

/**
 * The time-out of an attempt; undefined: it comes too late, and whoever was faster has sent a wake-up of their own before they
 * put their verdict. A due time that a heartbeat moved: that time is returned and the timer has to be armed again. The put is
 * conditional on the due time that was read, so no acknowledged heartbeat is overrun.
 */
export async function timeOut(
  runtime: Runtime,
  message: DueMessage,
): Promise<StoredVerdict | { readonly due: number } | undefined> {
  const { journal, clock } = runtime.ports;
  const outcome = await runtime.claims.pack({ kind: "timedOut" } satisfies Verdict);
  for (;;) {
    const item = await journal.readVerdict(attemptKey(message));
    const given = stored(item);
    if (given) return item?.reportId === message.reportId ? given : undefined;
    const now = clock.now();
    if (item?.due !== undefined && item.due > now) return { due: item.due };
    const existing = await journal.putVerdict(
      attemptKey(message),
      { outcome, reportId: message.reportId, at: now },
      { due: item?.due },
    );
    if (existing === undefined) return { outcome, at: now };
  }
}

/**
 * The event that a stored verdict of an attempt is for its branch. The sub-flow of one that timed out is stopped first: whoever
 * dies over it before the branch has gone on does it again.
 */
export async function reportedEvent(
  runtime: Runtime,
  address: Address,
  attempt: { readonly branch: string; readonly seq: number },
  { outcome, at }: StoredVerdict,
): Promise<Extract<Event, { kind: "reported" }>> {
  const verdict = await runtime.claims.unpack<Verdict>(outcome);
  if (verdict.kind === "timedOut") await stopChildOfAttempt(runtime, address, attempt);
  return { kind: "reported", at, verdict };
}

function stored(item: VerdictItem | undefined): StoredVerdict | undefined {
  return item?.outcome === undefined ? undefined : { outcome: item.outcome, at: item.at ?? 0 };
}

function attemptKey({ startId, branch, seq }: Pick<Address, "startId"> & { branch: string; seq: number }): EntryKey {
  return { startId, branch, seq };
}

function alreadyCompleted(token: string): StepwellError {
  return new StepwellError("TaskAlreadyCompleted", `Task ${token} has already completed.`);
}
