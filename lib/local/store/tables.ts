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
import { openTable, type Table, type TextWatch } from "./table.ts";

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

/** As many as there are tables, and some for later. */
export const MAX_TABLES = 40;

/** Opens all tables. */
export function openTables(root: RootDatabase<string, Key>, watch: TextWatch): Tables {
  return {
    owner: openTable(root, "owner", watch),
    probe: openTable(root, "probe", watch),
    entries: openTable(root, "entries", watch),
    verdicts: openTable(root, "verdicts", watch),
    joins: openTable(root, "joins", watch),
    outputs: openTable(root, "outputs", watch),
    data: openTable(root, "data", watch),
    archives: openTable(root, "archives", watch),
    parked: openTable(root, "parked", watch),
    headers: openTable(root, "headers", watch),
    starts: openTable(root, "starts", watch),
    started: openTable(root, "started", watch),
    startedByStatus: openTable(root, "startedByStatus", watch),
    running: openTable(root, "running", watch),
    ended: openTable(root, "ended", watch),
    removing: openTable(root, "removing", watch),
    orphans: openTable(root, "orphans", watch),
    flows: openTable(root, "flows", watch),
    flowsByTime: openTable(root, "flowsByTime", watch),
    revisions: openTable(root, "revisions", watch),
    messages: openTable(root, "messages", watch),
    messageMarks: openTable(root, "messageMarks", watch),
    timers: openTable(root, "timers", watch),
  };
}
