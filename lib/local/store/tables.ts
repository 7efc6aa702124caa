/** The tables of the store and what their rows hold (architecture §7). Texts in keys went through `keyText`. */
import type { RootDatabase } from "lmdb";
import type {
  Entry,
  FlowItem,
  Header,
  JoinItem,
  OutputItem,
  Packed,
  Probe,
  VerdictItem,
} from "../../runtime/ports/journal.ts";
import type { Key } from "./keys.ts";
import type { Owner } from "./owner.ts";
import { type Table, type TextWatch, tableOf } from "./table.ts";

/** A join as it is stored: JSON has no sets. */
export interface StoredJoin {
  readonly done: readonly number[];
  readonly failure?: NonNullable<JoinItem["failure"]>;
}

/** What a message needs besides its body. */
export interface MessageMark {
  /** When it is visible, ms. */
  readonly due: number;
  readonly alone: boolean;
  readonly receiveCount: number;
}

export interface StoredTimer {
  readonly due: number;
  readonly body: string;
}

export interface Tables {
  /** "owner": the process that works on the directory. */
  readonly owner: Table<Owner>;
  /** "probe". */
  readonly probe: Table<Probe>;

  // -- by start id: removed with their execution
  /** start id, branch, seq */
  readonly entries: Table<Entry>;
  /** start id, branch, seq */
  readonly verdicts: Table<VerdictItem>;
  /** start id, branch, seq */
  readonly joins: Table<StoredJoin>;
  /** start id, branch, seq, index, chunk */
  readonly outputs: Table<OutputItem>;
  /** start id, "input" or "output" */
  readonly data: Table<Packed>;
  /** start id */
  readonly archives: Table<string>;
  /** start id, hash of the message: parked twice is parked once */
  readonly parked: Table<string>;

  // -- executions and their lists
  /** flow id, name */
  readonly headers: Table<Header>;
  /** start id → key of the header */
  readonly starts: Table<Key>;
  /** flow id, start time, name */
  readonly started: Table<1>;
  /** flow id, status, start time, name */
  readonly startedByStatus: Table<1>;
  /** start time, flow id, name */
  readonly running: Table<1>;
  /** end time, flow id, name */
  readonly ended: Table<1>;

  // -- what is left to sweep
  /** start id: its execution is gone, what hangs on it is being removed */
  readonly removing: Table<1>;
  /** start id of things without an execution → when they were first seen, ms */
  readonly orphans: Table<number>;

  // -- flows
  /** name */
  readonly flows: Table<FlowItem>;
  /** time of creation, name */
  readonly flowsByTime: Table<1>;
  /** flow id, revision → definition */
  readonly revisions: Table<string>;

  // -- queue and timers
  /** number of the message → body */
  readonly messages: Table<string>;
  /** number of the message */
  readonly messageMarks: Table<MessageMark>;
  /** name */
  readonly timers: Table<StoredTimer>;
}

/** All tables of the database. The tags are part of the format: they stand in every key. */
export function tablesOf(database: RootDatabase<string, Key>, watch: TextWatch): Tables {
  return {
    owner: tableOf(database, "me", watch),
    probe: tableOf(database, "pr", watch),
    entries: tableOf(database, "J", watch),
    verdicts: tableOf(database, "V", watch),
    joins: tableOf(database, "B", watch),
    outputs: tableOf(database, "O", watch),
    data: tableOf(database, "D", watch),
    archives: tableOf(database, "A", watch),
    parked: tableOf(database, "P", watch),
    headers: tableOf(database, "X", watch),
    starts: tableOf(database, "Xs", watch),
    started: tableOf(database, "Xt", watch),
    startedByStatus: tableOf(database, "Xst", watch),
    running: tableOf(database, "Xr", watch),
    ended: tableOf(database, "Xe", watch),
    removing: tableOf(database, "Sr", watch),
    orphans: tableOf(database, "So", watch),
    flows: tableOf(database, "F", watch),
    flowsByTime: tableOf(database, "Ft", watch),
    revisions: tableOf(database, "R", watch),
    messages: tableOf(database, "Q", watch),
    messageMarks: tableOf(database, "Qm", watch),
    timers: tableOf(database, "T", watch),
  };
}
