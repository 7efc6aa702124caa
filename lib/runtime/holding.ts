/**
 * Holding a lease while a call runs: every 30 s the message's visibility and then the lease are extended, so that a lease
 * always ends before its message comes back (architecture §3, Visibility).
 */
import type { EntryKey, Lease } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import type { Work } from "./work.ts";

/** A reason of our own: without one, each abort makes an exception with a stack. */
const DONE = "done";

/** The call's result; undefined when an extension was refused: another worker has taken the entry over. */
export async function holding<T>(
  runtime: Runtime,
  work: Work,
  key: EntryKey,
  lease: Lease,
  call: Promise<T>,
): Promise<T | undefined> {
  const done = new AbortController();
  try {
    return await Promise.race([call, refusal(runtime, work, key, lease, done.signal)]);
  } finally {
    done.abort(DONE);
  }
}

/** Resolves (with undefined) only when an extension is refused. */
async function refusal(
  { ports: { clock, journal }, settings }: Runtime,
  work: Work,
  key: EntryKey,
  lease: Lease,
  done: AbortSignal,
): Promise<undefined> {
  let held = lease;
  for (;;) {
    await clock.sleep(settings.extendEveryMs, done);
    if (done.aborted) return new Promise(() => {});
    try {
      await work.extend(settings.visibilitySeconds);
      const next = { owner: work.owner, until: clock.now() + settings.leaseMs };
      if (!(await journal.replaceLease(key, held, next))) return undefined;
      held = next;
    } catch (error) {
      // Not known whether it was extended: go on. Should the lease be over, the next append is the fence.
      settings.log(
        `lease of ${key.startId}/${key.branch}/${key.seq} not extended: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
}
