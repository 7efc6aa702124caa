/**
 * The function processes of one module: as many as there is work for, each running one attempt at a time, so that one
 * that dies takes nothing else with it. They are started when attempts wait and as many at once as there are
 * processors, so that a thousand short attempts share a few processes while long ones get one each.
 */
import { availableParallelism } from "node:os";
import { type ChildObserver, type ChildOptions, type ChildProcess, type Exit, startChild } from "./child-process.ts";
import { failure } from "./failure.ts";
import type { LoadProblem } from "./load.ts";
import type { AttemptMessage, ChildMessage } from "./protocol.ts";

/** One attempt as the pool sees it. */
export interface Job {
  /** What to send to a child that has these functions; undefined: it has not got this one. */
  message(id: number, names: ReadonlySet<string>): AttemptMessage | undefined;
  end(outcome: JobEnd): void;
}

export type JobEnd =
  | { readonly kind: "done"; readonly output?: string }
  | { readonly kind: "failed"; readonly error: string; readonly cause: string }
  | { readonly kind: "notFound"; readonly names: ReadonlySet<string> }
  /** By `cancel`; nothing of it runs any more. */
  | { readonly kind: "cancelled" };

export interface PoolOptions extends ChildOptions {
  readonly concurrency: number;
  /** An idle process beyond the first ends after that long, ms. */
  readonly idleMs: number;
  /** A module that does not load in that time is broken, ms. */
  readonly loadMs: number;
  line(line: { readonly stream: "stdout" | "stderr"; readonly text: string; readonly key: string | undefined }): void;
}

export interface Pool {
  submit(job: Job): void;
  /** Drops a job that waits, or ends the process that runs it; the job ends as cancelled when it is gone. */
  cancel(job: Job): void;
  /** How the first process loaded the module. */
  readonly loaded: Promise<{ readonly names: ReadonlySet<string> } | { readonly problem: LoadProblem }>;
  /** Ends all processes. Their attempts get no answer. */
  close(): Promise<void>;
}

interface Running {
  readonly id: number;
  readonly job: Job;
  readonly key: string;
  readonly since: number;
  taken: boolean;
  cancelled: boolean;
}

interface Slot {
  readonly child: ChildProcess;
  /** Undefined until the module is loaded. */
  names: ReadonlySet<string> | undefined;
  problem: LoadProblem | undefined;
  /** Told to end: takes no more jobs. */
  doomed: boolean;
  running: Running | undefined;
  /** Of the attempt that runs, or ran last: what it leaves behind may still print. */
  lastKey: string | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** How often an attempt that never began is given to another process. */
const MAX_HANDOVERS = 3;

export function startPool(options: PoolOptions): Pool {
  const slots = new Set<Slot>();
  const queue: Job[] = [];
  const handovers = new WeakMap<Job, number>();
  const first = Promise.withResolvers<{ readonly names: ReadonlySet<string> } | { readonly problem: LoadProblem }>();
  const closing = Promise.withResolvers<void>();
  let closed = false;
  let lastId = 0;

  function grow(): void {
    const starting = [...slots].filter((slot) => slot.names === undefined).length;
    let more = Math.min(queue.length, availableParallelism()) - starting;
    while (!closed && more-- > 0 && slots.size < options.concurrency) start();
  }

  function start(): void {
    const observer: ChildObserver = {
      message: (message) => receive(slot, message),
      line: (stream, text) => options.line({ stream, text, key: slot.lastKey }),
      ended: (exit) => remove(slot, exit),
    };
    const child = startChild(options, observer);
    const slot: Slot = {
      child,
      names: undefined,
      problem: undefined,
      doomed: false,
      running: undefined,
      lastKey: undefined,
      timer: undefined,
    };
    slot.timer = setTimeout(() => {
      slot.problem = loadProblem(`the module did not finish loading within ${options.loadMs / 1000} s`);
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
        slot.names = new Set(message.names);
        first.resolve({ names: slot.names });
        next(slot);
        return;
      case "notLoaded":
        slot.problem = message;
        kill(slot);
        return;
      case "taken":
        if (slot.running?.id === message.id) slot.running.taken = true;
        return;
      case "done":
      case "failed": {
        const running = slot.running;
        if (running?.id !== message.id) return;
        slot.running = undefined;
        running.job.end(running.cancelled ? { kind: "cancelled" } : message);
        next(slot);
        return;
      }
      case "dying":
        return;
      default:
        message satisfies never;
    }
  }

  function next(slot: Slot): void {
    clearTimeout(slot.timer);
    const names = slot.names;
    if (slot.doomed || names === undefined) return;
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const message = job.message(++lastId, names);
      if (message !== undefined) {
        slot.running = {
          id: message.id,
          job,
          key: message.key,
          since: performance.now(),
          taken: false,
          cancelled: false,
        };
        slot.lastKey = message.key;
        slot.child.run(message);
        return;
      }
      job.end({ kind: "notFound", names });
    }
    slot.timer = setTimeout(() => {
      if (slots.size > 1) retire(slot);
    }, options.idleMs).unref();
  }

  function remove(slot: Slot, exit: Exit): void {
    clearTimeout(slot.timer);
    slots.delete(slot);
    if (closed) {
      if (slots.size === 0) closing.resolve();
      return;
    }
    if (slot.names === undefined)
      notLoaded(slot.problem ?? loadProblem(`the process ended while it loaded the module (${how(exit)})`));
    else if (slot.running !== undefined) died(slot.running, exit);
    grow();
  }

  function notLoaded(problem: LoadProblem): void {
    first.resolve({ problem });
    queue
      .shift()
      ?.end({ kind: "failed", ...failure("FC.Unknown", problem.errorMessage, problem.stackTrace, problem.errorType) });
  }

  function died(running: Running, exit: Exit): void {
    const { job } = running;
    if (running.cancelled) {
      job.end({ kind: "cancelled" });
      return;
    }
    const tries = handovers.get(job) ?? 0;
    // It died of what an earlier attempt left behind: this one never began.
    if (!running.taken && tries < MAX_HANDOVERS) {
      handovers.set(job, tries + 1);
      queue.unshift(job);
      return;
    }
    const duration = Math.round(performance.now() - running.since);
    const message = `Process exited unexpectedly before completing request (duration: ${duration}ms, ${how(exit)})`;
    job.end({
      kind: "failed",
      ...failure("FC.Unknown", message, [], exit.outOfMemory ? "Runtime.OutOfMemory" : "Runtime.ExitError"),
    });
  }

  const killAll = () => {
    for (const slot of slots) slot.child.kill();
  };
  process.once("exit", killAll);
  start();

  return {
    loaded: first.promise,
    submit(job) {
      queue.push(job);
      const idle = [...slots].find((slot) => slot.names !== undefined && slot.running === undefined && !slot.doomed);
      if (idle === undefined) grow();
      else next(idle);
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
        process.off("exit", killAll);
        if (slots.size === 0) closing.resolve();
        for (const slot of slots) {
          clearTimeout(slot.timer);
          if (slot.names !== undefined && slot.running === undefined) retire(slot);
          else kill(slot);
        }
      }
      await closing.promise;
    },
  };
}

function loadProblem(errorMessage: string): LoadProblem {
  return { errorType: "Runtime.ImportModuleError", errorMessage, stackTrace: [] };
}

function how(exit: Exit): string {
  if (exit.outOfMemory) return "out of memory";
  const end = exit.signal === null ? `exit code: ${exit.code ?? "none"}` : `signal: ${exit.signal}`;
  return exit.reason === undefined ? end : `${end}, uncaught ${exit.reason}`;
}
