/**
 * Retention on one machine: what TTL does for a table in the cloud. Run it from time to time; it works in small
 * transactions beside everything else, and goes on where an earlier run was interrupted.
 */
import type { FileBlobs } from "./blobs.ts";
import type { Store } from "./store.ts";
import { removeLeftovers } from "./sweep/by-start-id.ts";
import { forgetEnded } from "./sweep/executions.ts";
import { referencedHashes } from "./sweep/mark.ts";
import { forgetNonces } from "./sweep/nonces.ts";
import { forgetOrphans } from "./sweep/orphans.ts";

export interface SweepOptions {
  /** ms */
  readonly now: number;
  /** How long an execution is kept after its end, ms. */
  readonly retentionMs: number;
  /** The blobs that the store's texts refer to; absent: blobs are left alone. */
  readonly blobs?: FileBlobs;
  /** Whether a blob may go: no cache will write its hash again (ClaimCheck.forget). Absent: it may. */
  readonly forget?: (hash: string) => boolean;
}

/** How much a sweep removed. */
export interface Swept {
  readonly executions: number;
  /** Journals without an execution. */
  readonly orphans: number;
  readonly blobs: number;
}

/**
 * Removes executions that ended `retentionMs` ago or earlier with all that hangs on them, what has hung on nothing for
 * as long, and blobs that nothing refers to and nobody has used for as long; and nonces that have expired by `now`.
 */
export async function sweepStore(
  store: Store,
  { now, retentionMs, blobs, forget = () => true }: SweepOptions,
): Promise<Swept> {
  const before = now - retentionMs;
  const executions = await forgetEnded(store, before);
  const orphans = await forgetOrphans(store, now, before);
  await removeLeftovers(store);
  await forgetNonces(store, now);
  // What refers to a blob is gone for sure before the blob is.
  await store.durable();
  if (blobs === undefined) return { executions, orphans, blobs: 0 };
  const referenced = await referencedHashes(store);
  return { executions, orphans, blobs: await blobs.sweep(before, (hash) => referenced.has(hash), forget) };
}
