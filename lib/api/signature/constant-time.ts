/** Comparing secrets without telling, by the time it takes, how much of a guess was right. */
import { timingSafeEqual } from "node:crypto";

/** Whether two texts are the same; the time depends on their lengths alone. */
export function sameSecret(given: string, held: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(held)];
  return a.length === b.length && timingSafeEqual(a, b);
}
