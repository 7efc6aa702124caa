/** The ids port: counted for runs that must be the same each time, random for all others. */
import { randomUUID } from "node:crypto";
import type { Ids } from "../runtime/ports/clock.ts";

/** `prefix-1`, `prefix-2`, …: unique as long as no two sources in one world share a prefix. */
export function countingIds(prefix: string): Ids {
  let last = 0;
  return { next: () => `${prefix}-${++last}` };
}

/** Random UUIDs. */
export function randomIds(): Ids {
  return { next: () => randomUUID() };
}
