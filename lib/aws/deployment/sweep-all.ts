/** One invocation by the sweeper's schedule: all running executions, page by page, as long as the invocation lasts (architecture §6). */
import { sweep } from "../../runtime/index.ts";
import type { Invocation } from "./invocation.ts";
import type { Deployment } from "./ports.ts";

/** A page is begun only with this much of the invocation left, ms. */
const PAGE_MS = 60_000;
/** Between executions, ms: the work that is there goes before. */
const PAUSE_MS = 2;

export interface SweepEvent {
  /** Where to go on. EventBridge's own events have none: from the beginning. */
  readonly cursor?: string;
}

/** Sweeps from the event's cursor on; when the time is up, the next invocation goes on where this one ends. Rejects when a port fails: the next round begins again. */
export async function sweepAll(
  { runtime, invokeAgain }: Deployment,
  event: SweepEvent,
  invocation: Invocation,
): Promise<void> {
  let cursor = event.cursor;
  do {
    const page = await sweep(runtime, { pauseMs: PAUSE_MS, ...(cursor === undefined ? {} : { cursor }) });
    for (const [rule, count] of Object.entries(page.sent)) runtime.settings.log(`recovered ${count}: ${rule}`);
    cursor = page.cursor;
  } while (cursor !== undefined && invocation.getRemainingTimeInMillis() > PAGE_MS);
  if (cursor !== undefined) await invokeAgain({ cursor } satisfies SweepEvent);
}
