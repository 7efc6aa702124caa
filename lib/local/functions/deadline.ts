/** A timer for any distance: the runtime's own wraps round at 24.8 days, a step's time-out may be a year. */
const LONGEST_MS = 2_147_483_647;

/** Calls `onTime` once, `ms` from now; returns what calls it off. */
export function after(ms: number, onTime: () => void): () => void {
  const due = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const arm = () => {
    const left = due - performance.now();
    timer = left > LONGEST_MS ? setTimeout(arm, LONGEST_MS) : setTimeout(onTime, Math.max(0, left));
  };
  arm();
  return () => clearTimeout(timer);
}
