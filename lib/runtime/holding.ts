/**
 * Holding a lease while a call runs: every 30 s the message's visibility and then the lease are extended, so that a lease
 * always ends before its message comes back (architecture §3, Visibility).
 */
import type { EntryKey, Lease } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import { stopper } from "./stopper.ts";
import type { Work } from "./work.ts";

/** True while the lease is this worker's and enough of it is left to begin a call: else somebody may take the entry over while it runs. */
export type IsHeld = () => boolean;

/** The call's result; undefined when an extension was refused: another worker has taken the entry over. */
export async function holding<T>(
  runtime: Runtime,
  work: Work,
  key: EntryKey,
  lease: Lease,
  call: (isHeld: IsHeld) => Promise<T>,
): Promise<T | undefined> {
  const { clock, journal } = runtime.ports;
  const { settings } = runtime;
  const done = stopper();
  let held: Lease | undefined = lease;

  /** Resolves (with undefined) only when an extension is refused. */
  async function refusal(): Promise<undefined> {
    while (held !== undefined) {
      await clock.sleep(settings.extendEveryMs, done.signal);
      if (done.signal.aborted) return new Promise(() => {});
      const next: Lease = { owner: work.owner, until: clock.now() + settings.leaseMs };
      try {
        await work.extend(settings.visibilitySeconds);
        held = (await journal.replaceLease(key, held, next)) ? next : undefined;
      } catch (error) {
        // Not known whether it was extended: go on. Should the lease be over, the next append is the fence.
        const message = error instanceof Error ? error.message : error;
        settings.log(`lease of ${key.startId}/${key.branch}/${key.seq} not extended: ${message}`);
      }
    }
    return undefined;
  }

  try {
    const isHeld: IsHeld = () => held !== undefined && held.until - clock.now() >= settings.leaseMarginMs;
    return await Promise.race([call(isHeld), refusal()]);
  } finally {
    done.stop();
  }
}
