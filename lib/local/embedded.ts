/**
 * The embedded runtime (architecture §8): the engine in one process over one directory. Its workers, its queue and its
 * store live and die together, and what one of them writes all of them see at once; only what leaves the process, a call
 * of a function, a message to a topic, an answer, waits until what it goes by is on disk.
 */
import { StepwellError } from "../fdl/errors.ts";
import { countingIds, randomIds } from "../memory/ids.ts";
import { noFunctions } from "../memory/no-functions.ts";
import { systemClock } from "../memory/system-clock.ts";
import { createRuntime, type Runtime, reportResult, revive, type Settings, work } from "../runtime/index.ts";
import type { Destinations } from "../runtime/ports/destinations.ts";
import type { CallResult, Functions } from "../runtime/ports/functions.ts";
import type { ExecutionRef, Header } from "../runtime/ports/journal.ts";
import { afterDurable } from "./embedded/after-durable.ts";
import { housekeeping } from "./embedded/housekeeping.ts";
import { pacedJournal } from "./embedded/paced-journal.ts";
import { storedKeys } from "./embedded/stored-keys.ts";
import { durableSubmissions } from "./embedded/submissions.ts";
import { storeTraces } from "./embedded/traces.ts";
import { watchEnds } from "./embedded/watch-ends.ts";
import { fileBlobs } from "./store/blobs.ts";
import { lmdbJournal } from "./store/journal.ts";
import { lmdbQueue } from "./store/queue.ts";
import { openStore, type Store } from "./store/store.ts";
import { lmdbTimers } from "./store/timers.ts";

export interface EmbeddedOptions {
  /** Of the store; made when there is none. */
  readonly directory: string;
  /** Absent: every call fails with `FC.FunctionNotFound`. */
  readonly functions?: Functions;
  readonly destinations: Destinations;
  /** Told of what a user may want to know. */
  readonly log: (line: string) => void;
  /** What the addresses of callbacks begin with; absent: there is no API. */
  readonly callbacks?: Settings["callbacks"];
  /** Told of each recorded transition. */
  readonly observe?: Settings["observe"];
  /** How long an execution is kept after its end, ms; 30 days when not given. */
  readonly retentionMs?: number;
  /** Messages in hand at a time, each running task holds one; 1,000 when not given. */
  readonly concurrency?: number;
}

export interface Embedded {
  readonly runtime: Runtime;
  readonly store: Store;
  /** Resolves when all that was done by now is on disk: comes before whatever is told to the outside. */
  durable(): Promise<void>;
  /** Resolves with its header when the execution with that start id runs no more. Rejects with the signal's reason, or with `ExecutionNotExists`. */
  ended(ref: ExecutionRef, startId: string, signal?: AbortSignal): Promise<Header>;
  /** Takes the end of a function that was submitted: what `functions` calls as their `report`. */
  finished(id: string, result: CallResult): Promise<void>;
  /** Rejects when the store cannot be written any more: the process has to end. Never resolves. */
  readonly broken: Promise<never>;
  /** Takes no more work, writes what there is to write, gives the directory free. Executions go on when it is opened again. */
  close(): Promise<void>;
}

const RETENTION_MS = 30 * 86_400_000;
/**
 * A message that was received this often is set aside for a while (dead-letters.ts): its handler fails, or it ends the
 * process. Not fewer: one that merely was there when the process was killed is counted as well.
 */
const MAX_RECEIVES = 20;
/** A message whose handler failed comes back after this, seconds, twice as long each time up to a bound. */
const FIRST_RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 60;

/**
 * Opens the directory and goes on with all that is unfinished there: what an earlier process had in hand is taken up at
 * once. Throws StepwellError `DirectoryInUse`, `StoreFormat`, `StoreDamaged`, `StoreWriteFailed`.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { destinations, log, retentionMs = RETENTION_MS } = options;
  const store = await openStore(options.directory);
  const stopping = new AbortController();
  const clock = systemClock();
  // A delivery's id begins with the store's opening: leases of earlier ones are over, since their process is gone.
  const queue = lmdbQueue(store, {
    clock,
    ids: countingIds(store.boot),
    maxReceiveCount: MAX_RECEIVES,
    onDead: async (body) => {
      const what = await revive(runtime, body);
      log(what === "sent" ? "a message failed repeatedly and is tried later" : "a message failed for a day: parked");
    },
  });
  const timers = lmdbTimers(store, { clock, queue });
  const blobs = fileBlobs(store.blobsFolder);
  const ends = watchEnds(
    pacedJournal(lmdbJournal(store, { isAlive: (owner) => owner.startsWith(store.boot) }), store.durable),
  );
  const outside = afterDurable(store.durable, stopping.signal);
  const functions = outside.functions(options.functions ?? noFunctions("There are no functions here."));
  const submissions = durableSubmissions({
    store,
    functions,
    report: (token, result) => reportResult(runtime, token, result),
    log,
  });
  const runtime = createRuntime(
    {
      journal: ends.journal,
      queue,
      timers,
      functions: { ...functions, submit: submissions.submit },
      destinations: outside.destinations(destinations),
      blobs,
      clock,
      ids: randomIds(),
      keys: await storedKeys(store),
    },
    {
      mode: "fused",
      fuseBudgetMs: Number.POSITIVE_INFINITY,
      maxCallMs: Number.POSITIVE_INFINITY,
      retentionMs,
      log,
      trace: storeTraces(store),
      ...(options.observe === undefined ? {} : { observe: options.observe }),
      ...(options.callbacks === undefined ? {} : { callbacks: options.callbacks }),
    },
  );
  submissions.resume();
  const working = work(runtime, {
    concurrency: options.concurrency ?? 1_000,
    signal: stopping.signal,
    onError(error, delivery) {
      if (stopping.signal.aborted) return;
      log(
        `a message could not be handled (${delivery.receiveCount}): ${error instanceof Error ? error.message : error}`,
      );
      const pause = Math.min(FIRST_RETRY_SECONDS * 2 ** (delivery.receiveCount - 1), LONGEST_RETRY_SECONDS);
      delivery.release(pause).catch(() => {});
    },
  });
  const broken = Promise.race([store.broken, working.then(() => new Promise<never>(() => {}))]);
  broken.catch(() => {});
  housekeeping({ runtime, store, blobs, retentionMs, log, signal: stopping.signal });
  let closing: Promise<void> | undefined;

  return {
    runtime,
    store,
    durable: store.durable,
    async ended(ref, startId, signal) {
      signal?.throwIfAborted();
      const header = await runtime.ports.journal.readHeader(ref);
      if (header?.startId !== startId) {
        throw new StepwellError("ExecutionNotExists", `Execution ${ref.name} does not exist.`);
      }
      return header.status === "Running" ? ends.wait(startId, signal) : header;
    },
    broken,
    finished: submissions.finished,
    close() {
      stopping.abort();
      clock.stop();
      timers.close();
      closing ??= store.close();
      return closing;
    },
  };
}
