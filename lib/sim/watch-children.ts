/** What a witness sees of the sub-flows that somebody waits for: when nobody does any more, they are stopped before anything goes on. */
import { ancestorForks } from "../runtime/branch.ts";
import type { Message } from "../runtime/message.ts";
import type { Entry, Header } from "../runtime/ports/journal.ts";
import { type Caller, keyText, type Witness } from "./witness.ts";

/** Whoever is done with the message that an execution was stopped has stopped the children that it found. */
export function checkStopped(witness: Witness, caller: Caller, message: Message): void {
  if (message.kind !== "ended" || message.end.status !== "Stopped") return;
  if (witness.headers.get(message.startId)?.status !== "Stopped") return;
  for (const entry of witness.entries.values()) {
    if (entry.startId !== message.startId || entry.child === undefined || !isWaitedFor(witness, entry)) continue;
    const child = childOf(witness, caller, entry);
    if (child?.status === "Running")
      witness.accuse(caller, `was done with the end of ${message.ref.name} while its child ${child.ref.name} ran on`);
  }
}

/** A branch goes on from an attempt that has timed out only when the child of that attempt was stopped. */
export function checkTimedOut(witness: Witness, caller: Caller, entry: Entry): void {
  if (!/^\{"kind":"reported",.*"verdict":\{"kind":"timedOut"\}/.test(entry.event)) return;
  const submit = witness.entries.get(keyText({ ...entry, seq: entry.seq - 2 }));
  const child = submit && childOf(witness, caller, submit);
  if (child?.status === "Running")
    witness.accuse(caller, `let an attempt time out while its child ${child.ref.name} ran on`);
}

/** The branch still stands where it waits for the child, and is not dead. */
function isWaitedFor({ entries, failures }: Witness, { startId, branch, seq }: Entry): boolean {
  if (entries.has(keyText({ startId, branch, seq: seq + 2 }))) return false;
  return !ancestorForks(startId, branch).some((fork) => failures.has(keyText(fork)));
}

/** The `sync` child of an attempt, if its header was there when the caller began. */
function childOf({ headers }: Witness, { headersKnown }: Caller, { child }: Entry): Header | undefined {
  if (child === undefined) return undefined;
  return [...headers.values()]
    .slice(0, headersKnown)
    .find(({ flow, ref, stopWithParent }) => flow === child.flow && ref.name === child.name && stopWithParent);
}
