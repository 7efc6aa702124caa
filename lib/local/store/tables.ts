/** The tables of the store and what their rows hold (architecture §7). Texts in keys went through `keyText`. */
import type { AccessKey } from "../../runtime/ports/access.ts";
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
import type { Trace } from "../../runtime/trace.ts";
import type { Submission } from "../embedded/submissions.ts";
import type { Key } from "./keys.ts";
import type { Owner } from "./owner.ts";
import { type ReadTable, type Table, type TableSource, tableOf } from "./table.ts";

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
  /** id of a key → its secret, base64: what task tokens are signed with */
  readonly keys: Table<string>;

  // -- access to the API
  /** id */
  readonly accessKeys: Table<AccessKey>;
  /** id of an access key, nonce → when it expires, ms */
  readonly nonces: Table<number>;
  /** when it expires, id of an access key, nonce */
  readonly noncesByEnd: Table<1>;

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
  /** start id, number in the order of time */
  readonly traces: Table<Trace>;

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

  /** attempt id → an asynchronous function that was accepted and has not ended */
  readonly submissions: Table<Submission>;

  // -- queue and timers
  /** number of the message → body */
  readonly messages: Table<string>;
  /** number of the message */
  readonly messageMarks: Table<MessageMark>;
  /** name */
  readonly timers: Table<StoredTimer>;
}

/** The tables of a store that another process works on. */
export type ReadTables = { readonly [K in keyof Tables]: Tables[K] extends Table<infer V> ? ReadTable<V> : never };

/** All tables of the database. The tags are part of the format: they stand in every key. */
export function tablesOf(source: TableSource): Tables {
  return {
    owner: tableOf(source, "me"),
    probe: tableOf(source, "pr"),
    keys: tableOf(source, "K"),
    accessKeys: tableOf(source, "Ka"),
    nonces: tableOf(source, "N"),
    noncesByEnd: tableOf(source, "Ne"),
    entries: tableOf(source, "J"),
    verdicts: tableOf(source, "V"),
    joins: tableOf(source, "B"),
    outputs: tableOf(source, "O"),
    data: tableOf(source, "D"),
    archives: tableOf(source, "A"),
    parked: tableOf(source, "P"),
    traces: tableOf(source, "L"),
    headers: tableOf(source, "X"),
    starts: tableOf(source, "Xs"),
    started: tableOf(source, "Xt"),
    startedByStatus: tableOf(source, "Xst"),
    running: tableOf(source, "Xr"),
    ended: tableOf(source, "Xe"),
    removing: tableOf(source, "Sr"),
    orphans: tableOf(source, "So"),
    flows: tableOf(source, "F"),
    flowsByTime: tableOf(source, "Ft"),
    revisions: tableOf(source, "R"),
    submissions: tableOf(source, "S"),
    messages: tableOf(source, "Q"),
    messageMarks: tableOf(source, "Qm"),
    timers: tableOf(source, "T"),
  };
}
