/**
 * The processes of some functions: as many as there is work for (growth.ts), each running one attempt at a time, so that
 * one that dies takes nothing else with it.
 *
 * A process whose attempts are all quick is given some ahead, so that it need not wait for us between them. They are
 * still run one after another, and taken back when the one before them turns out to take long.
 */
import { type ChildObserver, type ChildOptions, type ChildProcess, type Exit, startChild } from "./child-process.ts";
import { broken, endlessLoading, exitFailure, exitWhileLoading } from "./death.ts";
import { endWithProcess } from "./end-with-process.ts";
import { type Census, growth, QUICK_MS } from "./growth.ts";
import type { AttemptMessage, ChildMessage, LoadProblem } from "./protocol.ts";

/** One attempt as the pool sees it. */
export interface Job {
  /** What to send to a process that has loaded this; or how the job ends without one. */
  message(id: number, loaded: LoadedFunctions): AttemptMessage | JobEnd;
  end(outcome: JobEnd): void;
}

export type LoadedFunctions = Extract<ChildMessage, { kind: "loaded" }>;

export type JobEnd =
  | { readonly kind: "done"; readonly output?: string }
  | { readonly kind: "failed"; readonly error: string; readonly cause: string }
  /** By `cancel`; nothing of it runs any more. */
  | { readonly kind: "cancelled" };

export interface PoolOptions extends ChildOptions {
  readonly concurrency: number;
  /** An idle process beyond the first ends after that long, ms. */
  readonly idleMs: number;
  /** The last one ends as well then. */
  readonly mayBeEmpty?: boolean;
  /** Functions that do not load in that time are broken, ms. */
  readonly loadMs: number;
  /** `attempt`: the one that runs in that process, or ran last: what it leaves behind may still print. */
  line(line: {
    readonly stream: "stdout" | "stderr";
    readonly text: string;
    readonly attempt: AttemptMessage | undefined;
  }): void;
  /** A process has read a file of the user's. */
  file?(path: string, stamp: string): void;
}

export interface Pool {
  submit(job: Job): void;
  /** Drops a job that waits, or ends the process that runs it; the job ends as cancelled when it is gone. */
  cancel(job: Job): void;
  /** How the first process loaded the functions. */
  readonly loaded: Promise<LoadedFunctions | { readonly problem: LoadProblem }>;
  /** Ends all processes. Their attempts get no answer. */
  close(): Promise<void>;
}

/** An attempt that a process has been given. */
interface Given {
  readonly job: Job;
  readonly attempt: AttemptMessage;
  /** Since when it is the first of its process. */
  since: number;
  cancelled: boolean;
}

interface Slot {
  readonly child: ChildProcess;
  /** Undefined until the functions are loaded. */
  loaded: LoadedFunctions | undefined;
  problem: LoadProblem | undefined;
  /** Told to end: takes no more jobs. */
  doomed: boolean;
  /** In the order in which they run; the first one has begun, or does so any moment. */
  hand: Given[];
  /** Quick attempts in a row. */
  quick: number;
  /** It is asked to give back those that have not begun: since when it can read that. */
  recalled: number | undefined;
  lastAttempt: AttemptMessage | undefined;
  idleSince: number;
  /** Its timer runs to find out whether it is idle. */
  watched: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** How often an attempt that never began is given to another process. */
const MAX_HANDOVERS = 3;
/** A process is given this many attempts ahead, once so many in a row were quick. */
const AHEAD = 12;
const TRUST_AFTER = 4;
/** A process that is asked for attempts and does not answer for this long, ms, is busy: they run elsewhere. */
const ANSWER_MS = 1_000;

export function startPool(options: PoolOptions): Pool {
  const slots = new Set<Slot>();
  const queue: Job[] = [];
  const handovers = new WeakMap<Job, number>();
  const first = Promise.withResolvers<LoadedFunctions | { readonly problem: LoadProblem }>();
  const closing = Promise.withResolvers<void>();
  let watching: NodeJS.Timeout | undefined;
  let stale = false;
  let closed = false;
  let lastId = 0;
  /** Attempts that have ended by themselves. */
  let ended = 0;

  const { look: grow, close: stopGrowing } = growth({
    concurrency: options.concurrency,
    waiting: () => queue.length,
    census,
    ended: () => ended,
    mayStart: () => !closed && !(stale && hasLoaded()),
    start,
  });

  function census(): Census {
    const now = performance.now();
    let [starting, quick] = [0, 0];
    for (const { loaded, hand, doomed } of slots) {
      if (loaded === undefined) starting++;
      else if (hand[0] !== undefined && !doomed && now - hand[0].since < QUICK_MS) quick++;
    }
    return { all: slots.size, starting, quick };
  }

  function hasLoaded(): boolean {
    for (const { loaded, doomed } of slots) if (loaded !== undefined && !doomed) return true;
    return false;
  }

  function start(): void {
    const observer: ChildObserver = {
      message: (message) => receive(slot, message),
      line: (stream, text) => options.line({ stream, text, attempt: slot.lastAttempt }),
      leaving() {
        slot.doomed = true;
      },
      ended: (exit) => remove(slot, exit),
    };
    const child = startChild(options, observer);
    const slot: Slot = {
      child,
      loaded: undefined,
      problem: undefined,
      doomed: false,
      hand: [],
      quick: 0,
      recalled: undefined,
      lastAttempt: undefined,
      idleSince: 0,
      watched: false,
      timer: undefined,
    };
    slot.timer = setTimeout(() => {
      slot.problem = endlessLoading(options.loadMs);
      kill(slot);
    }, options.loadMs);
    slots.add(slot);
  }

  function kill(slot: Slot): void {
    slot.doomed = true;
    slot.child.kill();
  }

  function retire(slot: Slot): void {
    slot.doomed = true;
    slot.child.retire();
  }

  function receive(slot: Slot, message: ChildMessage): void {
    switch (message.kind) {
      case "loaded":
        clearTimeout(slot.timer);
        slot.loaded = message;
        stale = false;
        first.resolve(message);
        next(slot);
        return;
      case "notLoaded":
        slot.problem = message;
        kill(slot);
        return;
      case "file":
        options.file?.(message.path, message.stamp);
        return;
      case "done":
      case "failed": {
        const at = slot.hand.findIndex(({ attempt }) => attempt.id === message.id);
        const [given] = at < 0 ? [] : slot.hand.splice(at, 1);
        if (given === undefined) return;
        const now = performance.now();
        if (at === 0) {
          // What prints is not trusted: a line is told from the next attempt's by when it comes.
          slot.quick = now - given.since < QUICK_MS && !message.printed ? slot.quick + 1 : 0;
          begins(slot, now);
        }
        ended++;
        // First: the process has work while we look at its result.
        next(slot);
        if (slot.hand[0]?.cancelled) kill(slot);
        given.job.end(given.cancelled ? { kind: "cancelled" } : message);
        return;
      }
      case "returned":
        slot.recalled = undefined;
        takeBack(slot, (id) => message.ids.includes(id));
        next(slot);
        return;
      case "dying":
        return;
      default:
        message satisfies never;
    }
  }

  /** How many attempts the process may have in hand. */
  function room({ quick, recalled, loaded, doomed }: Slot): number {
    if (doomed || loaded === undefined || recalled !== undefined) return 0;
    return quick >= TRUST_AFTER ? 1 + AHEAD : 1;
  }

  /** Gives the process, which has little to do, the next jobs; notes that it has nothing to do. */
  function next(slot: Slot): void {
    if (slot.doomed || slot.loaded === undefined) return;
    // Several at once: one write for all of them.
    if (slot.hand.length <= AHEAD / 2) {
      for (let most = room(slot); slot.hand.length < most; ) {
        const job = queue.shift();
        if (job === undefined) break;
        give(slot, job);
      }
    }
    if (slot.hand.length > 0) return;
    slot.idleSince = performance.now();
    if (!slot.watched && (slots.size > 1 || options.mayBeEmpty === true)) watchIdle(slot, options.idleMs);
  }

  /** Hands a job to the process; ends it here when it cannot run there. */
  function give(slot: Slot, job: Job): void {
    if (slot.loaded === undefined) return;
    const attempt = job.message(++lastId, slot.loaded);
    if (attempt.kind !== "attempt") {
      job.end(attempt);
      return;
    }
    const now = performance.now();
    slot.hand.push({ job, attempt, since: now, cancelled: false });
    if (slot.hand.length === 1) begins(slot, now);
    else watchAhead();
    slot.child.run(attempt, slot.hand.length > 1);
  }

  /** The first attempt in hand is the one that runs. */
  function begins(slot: Slot, now: number): void {
    const [first] = slot.hand;
    if (first === undefined) return;
    first.since = now;
    slot.lastAttempt = first.attempt;
  }

  /** Takes attempts that have not begun out of the process's hand: back into the queue, in their order. */
  function takeBack(slot: Slot, isReturned: (id: number) => boolean): void {
    const returned = slot.hand.filter(({ attempt }) => isReturned(attempt.id));
    slot.hand = slot.hand.filter((given) => !returned.includes(given));
    for (const { job, cancelled } of returned) if (cancelled) job.end({ kind: "cancelled" });
    queue.unshift(...returned.filter(({ cancelled }) => !cancelled).map(({ job }) => job));
    for (const other of slots) next(other);
    grow();
  }

  function recall(slot: Slot): void {
    slot.recalled = Number.POSITIVE_INFINITY;
    slot.quick = 0;
    slot.child.recall(() => {
      if (slot.recalled !== undefined) slot.recalled = performance.now();
    });
  }

  /** Looks after attempts that wait in a process, as long as there are some. */
  function watchAhead(): void {
    watching ??= setTimeout(() => {
      watching = undefined;
      const now = performance.now();
      for (const slot of [...slots]) {
        const [first, second] = slot.hand;
        if (first === undefined || second === undefined) continue;
        if (slot.recalled === undefined && now - first.since > QUICK_MS) recall(slot);
        // It reads our question before it begins another one (attempt-line.ts).
        else if (slot.recalled !== undefined && now - slot.recalled > ANSWER_MS && now - first.since > ANSWER_MS)
          takeBack(slot, (id) => id !== first.attempt.id);
        if (slot.hand.length > 1) watchAhead();
      }
    }, QUICK_MS);
  }

  /** Ends the process, unless it is the last, when it has had nothing to do for a while. One timer, not one an attempt. */
  function watchIdle(slot: Slot, ms: number): void {
    slot.watched = true;
    slot.timer = setTimeout(() => {
      slot.watched = false;
      if (slot.hand.length > 0 || slot.doomed) return;
      const left = slot.idleSince + options.idleMs - performance.now();
      if (left > 0) watchIdle(slot, left);
      else if (options.mayBeEmpty === true || [...slots].some((other) => other !== slot && !other.doomed)) retire(slot);
    }, ms).unref();
  }

  function remove(slot: Slot, exit: Exit): void {
    clearTimeout(slot.timer);
    slots.delete(slot);
    if (closed) {
      if (slots.size === 0) closing.resolve();
      return;
    }
    if (slot.loaded === undefined) notLoaded(slot.problem ?? exitWhileLoading(exit));
    else died(slot, exit);
    grow();
  }

  function notLoaded(problem: LoadProblem): void {
    first.resolve({ problem });
    // The code was broken while it is in use: those that have loaded it before take the work, no others are started.
    stale = true;
    if (hasLoaded()) return;
    queue.shift()?.end(broken(problem));
  }

  /** The first of its attempts fails with the process, unless it had not begun; those behind it go to others. */
  function died({ hand }: Slot, exit: Exit): void {
    const [first, ...behind] = hand;
    if (first === undefined) return;
    for (const { job, cancelled } of behind) if (cancelled) job.end({ kind: "cancelled" });
    queue.unshift(...behind.filter(({ cancelled }) => !cancelled).map(({ job }) => job));
    const { job, attempt } = first;
    if (first.cancelled) {
      job.end({ kind: "cancelled" });
      return;
    }
    const tries = handovers.get(job) ?? 0;
    // That something was not read may be true of one behind it.
    const unread = exit.unread && behind.length === 0;
    const began = !unread && (exit.began === undefined || exit.began >= attempt.id);
    // It died of what an earlier attempt left behind.
    if (!began && tries < MAX_HANDOVERS) {
      handovers.set(job, tries + 1);
      queue.unshift(job);
      return;
    }
    job.end({ kind: "failed", ...exitFailure(exit, performance.now() - first.since) });
  }

  const survive = endWithProcess(() => {
    for (const slot of slots) slot.child.kill();
  });
  start();

  return {
    loaded: first.promise,
    submit(job) {
      let best: Slot | undefined;
      for (const slot of slots) {
        const { length } = slot.hand;
        if (queue.length === 0 && length < room(slot) && (best === undefined || length < best.hand.length)) best = slot;
        if (best?.hand.length === 0) break;
      }
      if (best === undefined) queue.push(job);
      else give(best, job);
      if (best === undefined) grow();
      else if (best.hand.length > 1) grow(true);
    },
    cancel(job) {
      const waiting = queue.indexOf(job);
      if (waiting >= 0) {
        queue.splice(waiting, 1);
        job.end({ kind: "cancelled" });
      }
      for (const slot of slots) {
        const at = slot.hand.findIndex((given) => given.job === job);
        const given = slot.hand[at];
        if (given === undefined) continue;
        given.cancelled = true;
        // One that waits behind another is given back, or ends when its turn comes.
        if (at === 0) kill(slot);
        else if (slot.recalled === undefined) recall(slot);
      }
    },
    async close() {
      if (!closed) {
        closed = true;
        survive();
        stopGrowing();
        clearTimeout(watching);
        if (slots.size === 0) closing.resolve();
        for (const slot of slots) {
          clearTimeout(slot.timer);
          if (slot.loaded !== undefined && slot.hand.length === 0) retire(slot);
          else kill(slot);
        }
      }
      await closing.promise;
    },
  };
}
