/**
 * The journal port: everything durable but messages and blobs (architecture §7). Every write is one conditional write of
 * one item, every read is strongly consistent unless it says otherwise. Times are milliseconds since the epoch.
 *
 * `Packed` texts come from `pack` (claim-check.ts) and are opaque to adapters.
 */

export type Packed = string & { readonly __packed: true };

/** Names an execution. `flowId` is unique for ever; a re-created flow has another. */
export interface ExecutionRef {
  readonly flowId: string;
  readonly name: string;
}

export type Status = "Running" | "Succeeded" | "Failed" | "Stopped" | "TimedOut";

/** Small (under 1 KB): every transition reads it. */
export interface Header {
  readonly ref: ExecutionRef;
  readonly startId: string;
  readonly flow: string;
  readonly revision: number;
  readonly core: number;
  /** The key that its task tokens are signed with. */
  readonly keyId: string;
  readonly status: Status;
  readonly startedAt: number;
  /** When the execution times out. */
  readonly deadline: number;
  /** Task token to report to when it ends: a parent's, or the caller's CallbackFnFTaskToken. */
  readonly parentToken?: string;
  /** A `sync` sub-flow: ends when its parent does. */
  readonly stopWithParent?: boolean;
  /** Set with a terminal status. */
  readonly endedAt?: number;
  readonly error?: string;
  readonly cause?: string;
  /** Set aside for an operator; the sweeper passes it by. */
  readonly parked?: boolean;
}

export interface End {
  readonly status: Exclude<Status, "Running">;
  readonly endedAt: number;
  readonly error?: string;
  readonly cause?: string;
}

/** Who works on an entry, and until when. Compared and replaced as a whole. */
export interface Lease {
  readonly owner: string;
  readonly until: number;
}

/** Key of an entry, and of what hangs on it: its attempt's verdict, its fork's join. */
export interface EntryKey {
  readonly startId: string;
  /** "" is the root; a child is `${parent}.${seq of the fork}.${index}` without a leading dot. */
  readonly branch: string;
  readonly seq: number;
}

export interface Entry extends EntryKey {
  readonly event: Packed;
  /** Time of the event. */
  readonly at: number;
  /** Seq of the message it was written under. */
  readonly anchor: number;
  /** Delivery that wrote it, for ever: tells one's own retried write. */
  readonly writer: string;
  /** Absent for entries that suspend their branch. A closing entry has one too. */
  readonly lease?: Lease;
  /** State after the transition: when the branch suspends, and in every 64th entry. */
  readonly snapshot?: Packed;
  /** When a suspended branch goes on by itself; for a submit: when its attempt times out. */
  readonly due?: number;
  /** Of a submit whose task has `heartbeatSeconds`. */
  readonly heartbeatSeconds?: number;
  /** History events of the execution after it, as far as its branch knows. */
  readonly events: number;
  /** Kind of the effect, for the sweeper and for `explain`. */
  readonly effect: string;
  /** `onLost: fail`: the next message was sent. */
  readonly settled?: boolean;
  /** The `sync` sub-flow that it starts: ends when the parent does. */
  readonly child?: ChildRef;
}

export interface ChildRef {
  readonly flow: string;
  readonly name: string;
}

/** The verdict item of an attempt: made by the first heartbeat or the first report. */
export interface VerdictItem {
  /** Packed `Verdict` of the engine. */
  readonly outcome?: Packed;
  readonly reportId?: string;
  /** When it was given. */
  readonly at?: number;
  /** Moved by heartbeats. */
  readonly due?: number;
}

export interface JoinItem {
  readonly done: ReadonlySet<number>;
  readonly failure?: { readonly index: number; readonly error: string; readonly cause: string; readonly at: number };
}

/** One chunk of what a finished branch or lane hands over; `last` closes it. */
export interface OutputItem {
  readonly index: number;
  readonly chunk: number;
  readonly locals: Packed;
  readonly last?: { readonly at: number; readonly events: number };
}

export interface FlowItem {
  readonly flowId: string;
  readonly name: string;
  readonly revision: number;
  readonly mode: "Standard" | "Express";
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A page of a list; `cursor` present: there is more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor?: string;
}

export interface Journal {
  // -- entries
  /** Writes an entry if its key is free, else returns the one that is there. The fence of the whole protocol. */
  append(entry: Entry): Promise<Entry | undefined>;
  readEntry(key: EntryKey): Promise<Entry | undefined>;
  /** The entry of a branch with the highest seq. */
  readTip(startId: string, branch: string): Promise<Entry | undefined>;
  /** Entries `from` ≤ seq ≤ `to` of a branch in order, as many as the adapter reads at once (at least one if there is one). */
  readEntries(startId: string, branch: string, from: number, to: number): Promise<readonly Entry[]>;
  /** The newest entry of a branch with seq ≤ `seq` that has a snapshot. */
  readSnapshot(startId: string, branch: string, seq: number): Promise<Entry | undefined>;
  /** Replaces the lease if it is still exactly `expected`. */
  replaceLease(key: EntryKey, expected: Lease, lease: Lease): Promise<boolean>;
  /** Marks the entry settled if its lease is still `owner`'s, extended or not. */
  settle(key: EntryKey, owner: string): Promise<boolean>;

  // -- verdicts
  /** Writes the outcome if there is none and, where `ifDue` is given, if the item's due is that (undefined: none stored). Else returns what is there (an empty item when that is nothing). */
  putVerdict(
    key: EntryKey,
    verdict: { outcome: Packed; reportId: string; at: number },
    ifDue?: { due: number | undefined },
  ): Promise<VerdictItem | undefined>;
  readVerdict(key: EntryKey): Promise<VerdictItem | undefined>;
  /** Moves the due time if there is no outcome; else returns the item. */
  moveDue(key: EntryKey, due: number): Promise<VerdictItem | undefined>;

  // -- joins
  /** Adds an index to the set of finished branches; returns the join after it. */
  addDone(key: EntryKey, index: number): Promise<JoinItem>;
  /** Writes the failure if there is none; returns the join after it. */
  putFailure(key: EntryKey, failure: NonNullable<JoinItem["failure"]>): Promise<JoinItem>;
  /** Joins in the order of the keys; undefined where nothing was written yet. */
  readJoins(keys: readonly EntryKey[]): Promise<readonly (JoinItem | undefined)[]>;
  putOutput(key: EntryKey, output: OutputItem): Promise<void>;
  /** All chunks of all branches of a fork, by index, then chunk. */
  readOutputs(key: EntryKey): Promise<readonly OutputItem[]>;

  // -- executions
  /** Writes a header if the name is free, else returns the one that is there. */
  putHeader(header: Header): Promise<Header | undefined>;
  readHeader(ref: ExecutionRef): Promise<Header | undefined>;
  /** Ends a running execution with that start id; returns the header after it (as it was when the condition did not hold; undefined: none). */
  endHeader(ref: ExecutionRef, startId: string, end: End): Promise<Header | undefined>;
  /** Marks an execution parked or not; keeps the parked message for an operator. */
  park(ref: ExecutionRef, startId: string, message: string): Promise<void>;
  /** Takes the parked messages of an execution back and clears the mark. */
  unpark(ref: ExecutionRef, startId: string): Promise<readonly string[]>;
  /** Written before the header; kept by start id, so that the loser of a start race changes nothing of the winner's. */
  putInput(ref: ExecutionRef, startId: string, input: Packed): Promise<void>;
  /** Written before the header says Succeeded. */
  putResult(ref: ExecutionRef, startId: string, output: Packed): Promise<void>;
  readData(ref: ExecutionRef, startId: string): Promise<{ input?: Packed; output?: Packed }>;
  /** The whole journal of an Express run, compressed, written once at its end. */
  putArchive(ref: ExecutionRef, startId: string, archive: string): Promise<void>;
  readArchive(ref: ExecutionRef, startId: string): Promise<string | undefined>;
  /** Newest first. May lag behind. */
  listExecutions(flowId: string, filter: ExecutionFilter, cursor?: string): Promise<Page<Header>>;
  /** Running executions, for the sweeper. May lag behind. */
  listRunning(cursor?: string): Promise<Page<Header>>;

  // -- flows
  /** Creates the flow with its first revision, or returns the one that has the name. */
  createFlow(flow: FlowItem, definition: string): Promise<FlowItem | undefined>;
  readFlow(name: string): Promise<FlowItem | undefined>;
  /** Adds revision `flow.revision` if the current one is one less; false: somebody else was faster. */
  updateFlow(flow: FlowItem, definition: string): Promise<boolean>;
  deleteFlow(name: string, flowId: string): Promise<boolean>;
  readRevision(flowId: string, revision: number): Promise<string | undefined>;
  listFlows(cursor?: string): Promise<Page<FlowItem>>;

  // -- sweeper
  /** The backlog probe: written when a probe is sent and when it arrives. */
  putProbe(probe: Probe): Promise<void>;
  readProbe(): Promise<Probe | undefined>;
}

export interface Probe {
  readonly id: string;
  readonly sentAt: number;
  readonly arrivedAt?: number;
}

export interface ExecutionFilter {
  readonly limit: number;
  readonly status?: Status;
  readonly namePrefix?: string;
  /** Both inclusive. */
  readonly startedFrom?: number;
  readonly startedTo?: number;
}
