/**
 * The processes of some functions: as many as there is work for, each running one attempt at a time, so that one that
 * dies takes nothing else with it. More of them than processors are started only when the attempts that run are long:
 * a thousand short ones share a few processes, while long ones get one each.
 */
import { availableParallelism } from "node:os";
import { type ChildObserver, type ChildOptions, type ChildProcess, type Exit, startChild } from "./child-process.ts";
import { broken, endlessLoading, exitFailure, exitWhileLoading } from "./death.ts";
import { endWithProcess } from "./end-with-process.ts";
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

interface Running {
  readonly job: Job;
  readonly attempt: AttemptMessage;
  readonly since: number;
  cancelled: boolean;
}

interface Slot {
  readonly child: ChildProcess;
  /** Undefined until the functions are loaded. */
  loaded: LoadedFunctions | undefined;
  problem: LoadProblem | undefined;
  /** Told to end: takes no more jobs. */
  doomed: boolean;
  running: Running | undefined;
  lastAttempt: AttemptMessage | undefined;
  idleSince: number;
  /** Its timer runs to find out whether it is idle. */
  watched: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** How often an attempt that never began is given to another process. */
const MAX_HANDOVERS = 3;
/** An attempt that runs longer, ms, waits for something most likely, and leaves its processor to others. */
const QUICK_MS = 10;

export function startPool(options: PoolOptions): Pool {
  const slots = new Set<Slot>();
  const queue: Job[] = [];
  const handovers = new WeakMap<Job, number>();
  const first = Promise.withResolvers<LoadedFunctions | { readonly problem: LoadProblem }>();
  const closing = Promise.withResolvers<void>();
  const processors = availableParallelism();
  let growing: NodeJS.Timeout | undefined;
  let stale = false;
  let closed = false;
  let lastId = 0;
  /** Attempts that have ended by themselves. */
  let ended = 0;

  /** Starts processes while attempts wait and processors have nothing to do; looks again while attempts wait. */
  function grow(endedMeanwhile = 0): void {
    if (closed || growing !== undefined || queue.length === 0 || (stale && hasLoaded())) return;
    const now = performance.now();
    let starting = 0;
    let quick = 0;
    for (const { loaded, running, doomed } of slots) {
      if (loaded === undefined) starting++;
      else if (running !== undefined && !doomed && now - running.since < QUICK_MS) quick++;
    }
    // Many ended: those that run long by the clock were only waiting for a processor.
    const busy = endedMeanwhile > 4 * processors;
    while (!busy && starting + quick < processors && starting < queue.length && slots.size < options.concurrency) {
      start();
      starting++;
    }
    if (slots.size >= options.concurrency) return;
    const before = ended;
    growing = setTimeout(() => {
      growing = undefined;
      grow(ended - before);
    }, QUICK_MS);
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
      running: undefined,
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
        const running = slot.running;
        if (running?.attempt.id !== message.id) return;
        slot.running = undefined;
        ended++;
        // First: the process has work while we look at its result.
        next(slot);
        running.job.end(running.cancelled ? { kind: "cancelled" } : message);
        return;
      }
      case "dying":
        return;
      default:
        message satisfies never;
    }
  }

  /** Gives the process, which has nothing to do, the next job. */
  function next(slot: Slot): void {
    const { loaded } = slot;
    if (slot.doomed || loaded === undefined) return;
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const attempt = job.message(++lastId, loaded);
      if (attempt.kind === "attempt") {
        slot.running = { job, attempt, since: performance.now(), cancelled: false };
        slot.lastAttempt = attempt;
        slot.child.run(attempt);
        return;
      }
      job.end(attempt);
    }
    slot.idleSince = performance.now();
    if (!slot.watched && (slots.size > 1 || options.mayBeEmpty === true)) watchIdle(slot, options.idleMs);
  }

  /** Ends the process, unless it is the last, when it has had nothing to do for a while. One timer, not one an attempt. */
  function watchIdle(slot: Slot, ms: number): void {
    slot.watched = true;
    slot.timer = setTimeout(() => {
      slot.watched = false;
      if (slot.running !== undefined || slot.doomed) return;
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
    else if (slot.running !== undefined) died(slot.running, exit);
    grow();
  }

  function notLoaded(problem: LoadProblem): void {
    first.resolve({ problem });
    // The code was broken while it is in use: those that have loaded it before take the work, no others are started.
    stale = true;
    if (hasLoaded()) return;
    queue.shift()?.end(broken(problem));
  }

  function died(running: Running, exit: Exit): void {
    const { job } = running;
    if (running.cancelled) {
      job.end({ kind: "cancelled" });
      return;
    }
    const tries = handovers.get(job) ?? 0;
    const began = !exit.unread && (exit.began === undefined || exit.began >= running.attempt.id);
    // It died of what an earlier attempt left behind.
    if (!began && tries < MAX_HANDOVERS) {
      handovers.set(job, tries + 1);
      queue.unshift(job);
      return;
    }
    job.end({ kind: "failed", ...exitFailure(exit, performance.now() - running.since) });
  }

  const survive = endWithProcess(() => {
    for (const slot of slots) slot.child.kill();
  });
  start();

  return {
    loaded: first.promise,
    submit(job) {
      queue.push(job);
      for (const slot of slots) {
        if (slot.loaded === undefined || slot.running !== undefined || slot.doomed) continue;
        next(slot);
        return;
      }
      grow();
    },
    cancel(job) {
      const waiting = queue.indexOf(job);
      if (waiting >= 0) {
        queue.splice(waiting, 1);
        job.end({ kind: "cancelled" });
      }
      for (const slot of slots) {
        if (slot.running?.job !== job) continue;
        slot.running.cancelled = true;
        kill(slot);
      }
    },
    async close() {
      if (!closed) {
        closed = true;
        survive();
        clearTimeout(growing);
        if (slots.size === 0) closing.resolve();
        for (const slot of slots) {
          clearTimeout(slot.timer);
          if (slot.loaded !== undefined && slot.running === undefined) retire(slot);
          else kill(slot);
        }
      }
      await closing.promise;
    },
  };
}
