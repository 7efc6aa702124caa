/**
 * How many function processes there are: as many as processors while attempts wait, and more of them only when the
 * attempts that run are long. A thousand short ones share a few processes, long ones get one each.
 */
import { availableParallelism } from "node:os";

/** An attempt that runs longer, ms, waits for something most likely, and leaves its processor to others. */
export const QUICK_MS = 10;

/** The processes of a pool as they are now. */
export interface Census {
  readonly all: number;
  /** Not ready yet. */
  readonly starting: number;
  /** Busy with an attempt that has run for less than QUICK_MS. */
  readonly quick: number;
}

export interface GrowthOptions {
  /** Most processes. */
  readonly concurrency: number;
  /** How many attempts wait for a process. */
  waiting(): number;
  census(): Census;
  /** How many attempts have ended by themselves, ever. */
  ended(): number;
  /** Whether another process would be of use. */
  mayStart(): boolean;
  start(): void;
}

export interface Growth {
  /** An attempt waits for a process; `ahead`: or in one that is busy, which is a reason for no more of them than processors. */
  look(ahead?: boolean): void;
  close(): void;
}

export function growth({ concurrency, waiting, census, ended, mayStart, start }: GrowthOptions): Growth {
  const processors = availableParallelism();
  let timer: NodeJS.Timeout | undefined;

  /** Looks whether processors have nothing to do while attempts wait, as long as some do. */
  function lookLater(): void {
    if (timer !== undefined || census().all >= concurrency) return;
    const before = ended();
    timer = setTimeout(() => {
      timer = undefined;
      if (waiting() === 0 || !mayStart()) return;
      // Many ended: those that run long by the clock were only waiting for a processor.
      if (ended() - before <= 4 * processors) startMore();
      lookLater();
    }, QUICK_MS);
  }

  function startMore(): void {
    let { all, starting, quick } = census();
    for (; starting + quick < processors && starting < waiting() && all < concurrency; starting++, all++) start();
  }

  return {
    look(ahead = false) {
      const wanted = waiting() + (ahead ? 1 : 0);
      if (wanted === 0 || !mayStart()) return;
      const most = Math.min(processors, concurrency);
      let { all, starting } = census();
      for (; all < most && starting < wanted; starting++, all++) start();
      if (waiting() > 0) lookLater();
    },
    close: () => clearTimeout(timer),
  };
}
