/**
 * A simulated process: a worker, or a caller of the API. It reaches the world only through its ports, so to kill it is to
 * never answer it again, and to stall it (a long garbage collection, a frozen container) is to let its answers wait.
 */
import type { Clock, StopSignal } from "../runtime/ports/clock.ts";
import { type Stopper, stopper } from "../runtime/stopper.ts";

export interface Process {
  readonly name: string;
  /** The world's clock as this process sees it: a dead one never wakes, a stalled one wakes late. */
  readonly clock: Clock;
  alive(): boolean;
  /** Neither dead nor stalled. */
  running(): boolean;
  /** Resolves when it is killed. */
  readonly death: Promise<void>;
  /** Ends the process: nothing that it waits for is ever answered. */
  kill(): void;
  /** Freezes the process for `ms`: what it waits for is answered after that. */
  stall(ms: number): void;
  /** The answer to something it asked for, when it is there to take it. */
  take<T>(answer: Promise<T>): Promise<T>;
  /** Resolves when it is not stalled; never when it is dead. */
  awake(): Promise<void>;
  /** Calls `stop` when the process is killed or stalled. */
  whenInterrupted(stop: () => void): void;
}

/** A running process on the world's clock, its own being `skewMs` before that; `onGone` is called when it dies or freezes. */
export function simulatedProcess(name: string, clock: Clock, onGone: () => void = () => {}, skewMs = 0): Process {
  let alive = true;
  let stalled: Promise<void> | undefined;
  let interrupted: (() => void) | undefined;
  let die: () => void = () => {};
  const death = new Promise<void>((resolve) => {
    die = resolve;
  });
  const sleeps = new Set<Stopper>();

  function interrupt(): void {
    interrupted?.();
    interrupted = undefined;
    onGone();
  }

  async function awake(): Promise<void> {
    if (!alive) return never();
    while (stalled !== undefined) await stalled;
    return alive ? undefined : never();
  }

  // One promise an answer: simulations spend a good part of their time on them.
  function take<T>(answer: Promise<T>): Promise<T> {
    return answer.then(
      (value) => (running() ? value : awake().then(() => value)),
      (error: unknown) => (running() ? Promise.reject(error) : awake().then(() => Promise.reject(error))),
    );
  }

  function running(): boolean {
    return alive && stalled === undefined;
  }

  async function sleep(ms: number, signal?: StopSignal): Promise<void> {
    if (!alive) return never();
    if (signal?.aborted) return;
    const stop = stopper();
    signal?.addEventListener("abort", stop.stop, { once: true });
    sleeps.add(stop);
    await clock.sleep(ms, stop.signal);
    sleeps.delete(stop);
    signal?.removeEventListener("abort", stop.stop);
    await awake();
  }

  return {
    name,
    clock: { now: () => clock.now() + skewMs, sleep },
    alive: () => alive,
    running,
    death,
    kill() {
      if (!alive) return;
      alive = false;
      die();
      for (const { stop } of sleeps) stop();
      interrupt();
    },
    stall(ms) {
      const pause = clock.sleep(ms).then(() => {
        if (stalled === pause) stalled = undefined;
      });
      stalled = pause;
      interrupt();
    },
    take,
    awake,
    whenInterrupted(stop) {
      interrupted = stop;
    },
  };
}

/** What a dead process waits for. */
export function never(): Promise<never> {
  return new Promise(() => {});
}
