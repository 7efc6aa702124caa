/** What the embedded runtime does from time to time: forgets what is past its retention, looks for executions that are stuck. */
import { type Runtime, sweep } from "../../runtime/index.ts";
import type { FileBlobs } from "../store/blobs.ts";
import type { Store } from "../store/store.ts";
import { sweepStore } from "../store/sweep.ts";

export interface HousekeepingOptions {
  readonly runtime: Runtime;
  readonly store: Store;
  readonly blobs: FileBlobs;
  readonly retentionMs: number;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

const EVERY_MS = 3_600_000;
/** Between executions that are looked at, ms: the work that is there goes before. */
const PAUSE_MS = 2;

/** Every hour until `signal` aborts. Keeps no process alive. */
export function housekeeping({ runtime, store, blobs, retentionMs, log, signal }: HousekeepingOptions): void {
  let busy = false;

  async function round(): Promise<void> {
    await sweepStore(store, { now: runtime.ports.clock.now(), retentionMs, blobs, forget: runtime.claims.forget });
    let cursor: string | undefined;
    do {
      const page = await sweep(runtime, { pauseMs: PAUSE_MS, ...(cursor === undefined ? {} : { cursor }) });
      for (const [rule, count] of Object.entries(page.sent)) log(`recovered ${count}: ${rule}`);
      cursor = page.cursor;
    } while (cursor !== undefined && !signal.aborted);
  }

  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    try {
      await round();
    } catch (error) {
      if (!signal.aborted) log(`housekeeping: ${error instanceof Error ? error.message : error}`);
    } finally {
      busy = false;
    }
  }, EVERY_MS).unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
