/** How long to wait before a call is sent again. */
import type { IncomingHttpHeaders } from "node:http";

const FIRST_MS = 200;
const MAX_MS = 5_000;

/** What a server asks for is believed so far. */
const MAX_ASKED_MS = 30_000;

/**
 * Milliseconds before repetition `n` (from 0): doubling, bounded, and of random length from the half up, so that many
 * clients that failed together do not come back together. What the server asked for is the least.
 */
export function backoffMs(n: number, random: number, askedMs = 0): number {
  const most = Math.min(MAX_MS, FIRST_MS * 2 ** n);
  return Math.max(Math.round(most * (0.5 + random / 2)), Math.min(askedMs, MAX_ASKED_MS));
}

/** What an answer asks for: `x-acs-retry-after` in ms (api.md §4), else `Retry-After` in seconds or as a date. */
export function askedMs(headers: IncomingHttpHeaders, now: number): number {
  const acs = headers["x-acs-retry-after"];
  if (typeof acs === "string" && /^\d+$/.test(acs)) return Number(acs);
  const after = headers["retry-after"];
  if (after === undefined) return 0;
  if (/^\d+$/.test(after)) return Number(after) * 1_000;
  const date = Date.parse(after);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
