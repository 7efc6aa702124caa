/** The end of a process that has left work where it was. */

/** What ends by itself in that time ends by itself, ms. */
const GRACE_MS = 50;

/**
 * To be called when all is closed and said: calls that were abandoned, and their timers, keep the process no longer than a
 * moment. The exit code is the one that is set by then.
 */
export function exitSoon(): void {
  setTimeout(() => process.exit(), GRACE_MS).unref();
}
