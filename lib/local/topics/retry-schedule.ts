/** When a push that failed is tried again. */

/** SNS's longest delivery policy for HTTP: an hour after the publication nobody is waited for any more, ms. */
export const LONGEST_MS = 3_600_000;

/** Retries without a delay. */
const AT_ONCE = 3;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 20_000;

/**
 * Milliseconds until the next try after `tries` (1 or more) that failed: three at once, then after 1, 2, 4, 8, 16 and always
 * 20 seconds. That is quicker than SNS's own default (three, 20 seconds apart) and goes on for longer: a receiver that is being
 * worked on is soon back.
 */
export function retryDelay(tries: number): number {
  if (tries <= AT_ONCE) return 0;
  return Math.min(FIRST_DELAY_MS * 2 ** Math.min(tries - AT_ONCE - 1, 10), LONGEST_DELAY_MS);
}
