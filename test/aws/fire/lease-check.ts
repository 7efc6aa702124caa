/**
 * Attempts ran twice only where a lease was over: each run has an owner who held the entry's lease when it began, no owner ran
 * an attempt twice, and whoever took a lease over did so after it had ended.
 */
import { entryItemKey } from "../../../lib/aws/journal/keys.ts";
import type { Entry } from "../../../lib/runtime/ports/journal.ts";
import type { Execution } from "../../chaos/invariants/records.ts";
import { type Grant, type LeaseLedger, placeOf } from "./lease-ledger.ts";

export interface CheckedLeases {
  readonly attempts: number;
  /** Runs beyond the first of an attempt. */
  readonly reruns: number;
  /** Leases that were over and were taken by somebody else. */
  readonly takeovers: number;
  readonly violations: readonly string[];
}

export interface LeaseCheck extends Pick<LeaseLedger, "grants" | "invoked"> {
  /** How long a lease lasts after it was written, ms. */
  readonly leaseMs: number;
  /** What the journal holds in the end; the ledger has to know its leases. */
  readonly executions: Iterable<Execution>;
  /** Attempt ids, one for each run that the functions themselves noted. */
  readonly ran: readonly string[];
}

export function checkLeases({ grants, invoked, leaseMs, executions, ran }: LeaseCheck): CheckedLeases {
  const violations: string[] = [];
  let takeovers = 0;
  for (const [place, of] of grants) {
    for (const { before, after } of successions(of)) {
      takeovers++;
      const early = before.until - (after.until - leaseMs);
      if (early > 0) violations.push(`lease of ${place} was taken over ${early} ms before it was over`);
    }
  }
  const byAttempt = Map.groupBy(invoked, ({ attemptId }) => attemptId);
  for (const [attemptId, runs] of byAttempt) {
    const known = grants.get(placeOfAttempt(attemptId)) ?? [];
    const owners = Map.groupBy(runs, ({ at }) => known.findLast((grant) => grant.at <= at)?.owner ?? "nobody");
    for (const [owner, of] of owners) {
      if (owner === "nobody") violations.push(`attempt ${attemptId} ran under no lease`);
      else if (of.length > 1) violations.push(`attempt ${attemptId} ran ${of.length} times under one owner, ${owner}`);
    }
  }
  for (const [attemptId, runs] of Map.groupBy(ran, (id) => id)) {
    const asked = byAttempt.get(attemptId)?.length ?? 0;
    if (runs.length > asked)
      violations.push(`attempt ${attemptId} ran ${runs.length} times and was invoked ${asked} times`);
  }
  for (const { branches } of executions) {
    for (const entry of [...branches.values()].flat()) violations.push(...unknownLease(grants, entry));
  }
  return { attempts: byAttempt.size, reruns: invoked.length - byAttempt.size, takeovers, violations };
}

/** Where a lease went from one owner to another. */
function* successions(grants: readonly Grant[]): Generator<{ readonly before: Grant; readonly after: Grant }> {
  let before: Grant | undefined;
  for (const after of grants) {
    if (before !== undefined && before.owner !== after.owner) yield { before, after };
    before = after;
  }
}

/** A ledger that misses writes would prove nothing. */
function* unknownLease(grants: LeaseLedger["grants"], entry: Entry): Generator<string> {
  if (entry.lease === undefined) return;
  const place = placeOf(entryItemKey("J", entry));
  const last = grants.get(place)?.at(-1);
  if (last?.owner !== entry.lease.owner || last.until !== entry.lease.until)
    yield `lease of ${place} in the journal, until ${entry.lease.until}, was not written through the proxy`;
}

/** `startId:branch:seq` */
function placeOfAttempt(attemptId: string): string {
  const [startId = "", branch = "", seq = ""] = attemptId.split(":");
  return placeOf(entryItemKey("J", { startId, branch, seq: Number(seq) }));
}
