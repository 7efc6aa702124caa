/** A gate that calls wait at until it is opened, once and for all. */

export interface Gate {
  open(): void;
  /** Resolves with true when it is open, with false when `timeoutMs` (absent: never) is over before. */
  passed(timeoutMs?: number): Promise<boolean>;
}

export function closedGate(): Gate {
  const opened = Promise.withResolvers<void>();
  return {
    open: () => opened.resolve(),
    async passed(timeoutMs) {
      if (timeoutMs === undefined) {
        await opened.promise;
        return true;
      }
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), timeoutMs);
      });
      try {
        return await Promise.race([opened.promise.then(() => true), late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
