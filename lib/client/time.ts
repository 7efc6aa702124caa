/** Time and chance as the client needs them; tests bring their own. */

export interface Time {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once, after `ms`, unless cancelled before. Returns the cancelling. */
  after(ms: number, call: () => void): () => void;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export const systemTime: Time = {
  now: Date.now,
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Calls `stop` with the reason of the first of the signals that aborts; at once when one has. Returns the forgetting. */
export function onAbort(signals: readonly AbortSignal[], stop: (reason: unknown) => void): () => void {
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted !== undefined) {
    stop(aborted.reason);
    return () => {};
  }
  const listeners = signals.map((signal) => {
    const listener = (): void => stop(signal.reason);
    signal.addEventListener("abort", listener, { once: true });
    return () => signal.removeEventListener("abort", listener);
  });
  return () => {
    for (const forget of listeners) forget();
  };
}

/** Resolves after `ms`; rejects with the reason of a signal that aborts before. */
export function sleep(time: Time, ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let forget = (): void => {};
    const cancel = time.after(ms, () => {
      forget();
      resolve();
    });
    forget = onAbort(signals, (reason) => {
      cancel();
      reject(reason);
    });
  });
}
