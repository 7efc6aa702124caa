/** What a witness sees of the journal: that each thing is written once, and that leases change hands only when they are over. */
import type { Entry, EntryKey, Journal, Lease } from "../runtime/ports/journal.ts";
import { checkTimedOut } from "./watch-children.ts";
import { type Caller, keyText, mayAct, type Witness } from "./witness.ts";

/** No two clocks are further apart, ms. */
const MOST_SKEW_MS = 10_000;

/** The journal as one caller uses it. */
export function watchJournal(journal: Journal, witness: Witness, caller: Caller): Journal {
  const { clock } = caller;
  const { entries, verdicts, moved, headers, results } = witness;
  const accuse = (what: string): void => witness.accuse(caller, what);
  const mine = caller.delivery?.message;
  const ref = mine === undefined || mine.kind === "probe" ? undefined : mine.ref;

  return {
    ...journal,
    async append(entry) {
      mayAct(witness, caller, "appended an entry");
      const existing = await journal.append(entry);
      const key = keyText(entry);
      const known = entries.get(key);
      if (existing === undefined) {
        if (known !== undefined) accuse(`wrote entry ${key} a second time`);
        else checkNew(entry, entries, accuse);
        if (entry.at > clock.now() + MOST_SKEW_MS) accuse(`wrote entry ${key} at a time to come`);
        checkTimedOut(witness, caller, entry);
        // With a new entry it owns a new lease.
        caller.refusedAt = Number.POSITIVE_INFINITY;
        entries.set(key, entry);
      } else if (known === undefined || !sameEvent(existing, known)) {
        accuse(`was shown an entry ${key} that is not the one written`);
      }
      return existing;
    },
    async readTip(startId, branch) {
      const tip = await journal.readTip(startId, branch);
      // Whoever lost a lease and then looks where the branch stands acts on that, under the rules for late messages.
      caller.refusedAt = Number.POSITIVE_INFINITY;
      return tip;
    },
    async replaceLease(key, expected, lease) {
      const replaced = await journal.replaceLease(key, expected, lease);
      const entry = entries.get(keyText(key));
      const own = expected.owner === lease.owner;
      if (!replaced) {
        if (own) caller.refusedAt = clock.now();
        return false;
      }
      if (entry === undefined || !sameLease(entry.lease, expected)) {
        accuse(`replaced a lease of ${keyText(key)} that was not as expected`);
      } else if (!own && expected.until > clock.now()) {
        accuse(
          `took over ${keyText(key)} from ${expected.owner}, whose lease had ${expected.until - clock.now()} ms left`,
        );
      }
      if (!own && entries.has(keyText({ ...key, seq: key.seq + 1 }))) caller.superseded = keyText(key);
      if (entry !== undefined) entries.set(keyText(key), { ...entry, lease });
      return true;
    },
    async settle(key, owner) {
      const settled = await journal.settle(key, owner);
      const entry = entries.get(keyText(key));
      if (settled && entry !== undefined) entries.set(keyText(key), { ...entry, settled: true });
      return settled;
    },
    async putVerdict(key, verdict, ifDue) {
      const existing = await journal.putVerdict(key, verdict, ifDue);
      const known = verdicts.get(keyText(key));
      if (existing === undefined) {
        if (known !== undefined) accuse(`gave attempt ${keyText(key)} a second verdict`);
        const due = [...(moved.get(keyText(key)) ?? [])].at(-1);
        if (ifDue !== undefined && due !== undefined && due > clock.now())
          accuse(`let attempt ${keyText(key)} time out, which a heartbeat had moved to ${due}`);
        verdicts.set(keyText(key), verdict);
      } else if (existing.outcome !== undefined && existing.outcome !== known?.outcome) {
        accuse(`was shown a verdict of ${keyText(key)} that is not the one given`);
      }
      return existing;
    },
    async moveDue(key, due) {
      const item = await journal.moveDue(key, due);
      const last = entries.get(keyText(key))?.due;
      if (item === undefined && last !== undefined && due > last)
        accuse(`moved the time-out of ${keyText(key)} to ${due}; it is over at ${last}`);
      if (item === undefined) moved.set(keyText(key), new Set(moved.get(keyText(key))).add(due));
      return item;
    },
    async putFailure(key, failure) {
      const join = await journal.putFailure(key, failure);
      witness.failures.add(keyText(key));
      return join;
    },
    async putHeader(header) {
      const existing = await journal.putHeader(header);
      if (existing === undefined) headers.set(header.startId, header);
      if (header.ref.name === ref?.name && header.ref.flowId === ref.flowId) caller.header = existing ?? header;
      return existing;
    },
    async readHeader(other) {
      const header = await journal.readHeader(other);
      if (other.name === ref?.name && other.flowId === ref.flowId) caller.header = header;
      return header;
    },
    async readJoins(keys) {
      const joins = await journal.readJoins(keys);
      if (mine !== undefined && isAbove(keys, mine)) caller.dead = joins.some((join) => join?.failure !== undefined);
      return joins;
    },
    async endHeader(other, startId, end) {
      const known = headers.get(startId);
      if (end.status === "Succeeded" && known?.status === "Running" && !results.has(startId)) {
        accuse(`ended ${other.name} as Succeeded before its output was stored`);
      }
      // Whoever stops it sends the message first, whose handler finishes what is left undone (architecture §6).
      if (caller.delivery === undefined && caller.sentAt === Number.NEGATIVE_INFINITY)
        accuse(`ended ${other.name} before it had sent the message of its end`);
      const header = await journal.endHeader(other, startId, end);
      if (header?.startId === startId) {
        if (known !== undefined && known.status !== "Running" && known.status !== header.status)
          accuse(`ended ${other.name} a second time`);
        headers.set(startId, header);
      }
      return header;
    },
    async putResult(other, startId, output) {
      await journal.putResult(other, startId, output);
      results.add(startId);
    },
  };
}

/** An entry follows the one before it, except that the first has none. */
function checkNew(entry: Entry, entries: Witness["entries"], accuse: (what: string) => void): void {
  if (entry.seq === 0) return;
  const before = entries.get(keyText({ ...entry, seq: entry.seq - 1 }));
  if (before === undefined) accuse(`wrote entry ${keyText(entry)} without the one before it`);
  else if (before.at > entry.at) accuse(`wrote entry ${keyText(entry)} at a time before the one before it`);
}

/** True when the joins of `keys` are those of the forks above the branch that the message is about, not of its own fork. */
function isAbove(keys: readonly EntryKey[], message: NonNullable<NonNullable<Caller["delivery"]>["message"]>): boolean {
  if (!("branch" in message)) return false;
  const { branch } = message;
  return keys.length > 0 && keys.every((key) => branch !== key.branch && branch.startsWith(key.branch));
}

function sameEvent(one: Entry, other: Entry): boolean {
  return one.event === other.event && one.at === other.at && one.anchor === other.anchor && one.writer === other.writer;
}

function sameLease(one: Lease | undefined, other: Lease): boolean {
  return one?.owner === other.owner && one.until === other.until;
}
