/**
 * A journal in memory that forgets: the entries, verdicts and joins of an execution are dropped a retention after it ended and
 * the last time that one of its attempts waited for is past, as they expire in a table (architecture §7). Headers and outputs stay.
 */
import { memoryEntries } from "../../lib/memory/journal/entries.ts";
import { getOrAdd } from "../../lib/memory/journal/get-or-add.ts";
import { memoryJoins } from "../../lib/memory/journal/joins.ts";
import { memoryVerdicts } from "../../lib/memory/journal/verdicts.ts";
import { memoryJournal } from "../../lib/memory/journal.ts";
import type { Clock } from "../../lib/runtime/ports/clock.ts";
import type { Header, Journal, Packed } from "../../lib/runtime/ports/journal.ts";

/** How long what an ended execution wrote is kept, ms. */
const RETENTION_MS = 30 * 86_400_000;

export interface ForgetfulJournal extends Journal {
  /** Drops what is old enough. */
  forget(): void;
  /** Executions of which entries, verdicts or joins are held. */
  held(): number;
}

export interface ForgetfulOptions {
  readonly clock: Pick<Clock, "now">;
  /** Hears of each execution that has its name. */
  readonly onStart: (header: Header) => void;
  /** Hears of each end, once, with the output of one that succeeded. */
  readonly onEnd: (header: Header, output: Packed | undefined) => void;
}

/** Everything of one execution. */
type Written = ReturnType<typeof written>;

function written() {
  return { ...memoryEntries(), ...memoryVerdicts(), ...memoryJoins(), lastDue: 0 };
}

export function forgetfulJournal({ clock, onStart, onEnd }: ForgetfulOptions): ForgetfulJournal {
  const base = memoryJournal();
  const executions = new Map<string, Written>();
  /** When each execution ended, ms; those that are forgotten are gone. */
  const ended = new Map<string, number>();
  /** What was never written, or is forgotten: reading it must not bring it into being. */
  const nothing = written();
  const of = (startId: string) => getOrAdd(executions, startId, written);
  const read = (startId: string) => executions.get(startId) ?? nothing;

  return {
    ...base,
    append(entry) {
      const mine = of(entry.startId);
      mine.lastDue = Math.max(mine.lastDue, entry.due ?? 0);
      return mine.append(entry);
    },
    readEntry: (key) => read(key.startId).readEntry(key),
    readTip: (startId, branch) => read(startId).readTip(startId, branch),
    readEntries: (startId, branch, from, to) => read(startId).readEntries(startId, branch, from, to),
    readSnapshot: (startId, branch, seq) => read(startId).readSnapshot(startId, branch, seq),
    replaceLease: (key, expected, lease) => read(key.startId).replaceLease(key, expected, lease),
    settle: (key, owner) => read(key.startId).settle(key, owner),
    putVerdict: (key, verdict, ifDue) => of(key.startId).putVerdict(key, verdict, ifDue),
    readVerdict: (key) => read(key.startId).readVerdict(key),
    moveDue: (key, due) => of(key.startId).moveDue(key, due),
    addDone: (key, index) => of(key.startId).addDone(key, index),
    putFailure: (key, failure) => of(key.startId).putFailure(key, failure),
    async readJoins(keys) {
      return (await Promise.all(keys.map((key) => read(key.startId).readJoins([key])))).flat();
    },
    putOutput: (key, output) => of(key.startId).putOutput(key, output),
    readOutputs: (key) => read(key.startId).readOutputs(key),
    async putHeader(header) {
      const existing = await base.putHeader(header);
      if (existing === undefined) onStart(header);
      return existing;
    },
    async endHeader(ref, startId, end) {
      const header = await base.endHeader(ref, startId, end);
      if (header?.startId === startId && header.endedAt === end.endedAt && !ended.has(startId)) {
        ended.set(startId, clock.now());
        onEnd(header, (await base.readData(ref, startId)).output);
      }
      return header;
    },
    forget() {
      const before = clock.now() - RETENTION_MS;
      for (const [startId, at] of ended) {
        if (Math.max(at, executions.get(startId)?.lastDue ?? 0) >= before) continue;
        executions.delete(startId);
        ended.delete(startId);
      }
    },
    held: () => executions.size,
  };
}
