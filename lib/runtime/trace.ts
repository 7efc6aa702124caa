/** What happens to messages beside the journal: told to `Settings.trace`, shown by `stepwell explain`. */
import type { Runtime } from "./runtime.ts";
import type { Strand } from "./strand.ts";
import type { Work } from "./work.ts";

export type TraceKind =
  /** A message was received again. */
  | "redelivered"
  /** An append found the entry there. */
  | "refused"
  /** The lease was over: taken by this delivery. */
  | "takenOver"
  /** The effects of a suspended tip were redone. */
  | "resumed"
  /** Sent again to come back when the lease is over. */
  | "bounced"
  /** A later message is or was in flight. */
  | "dropped"
  /** The lease was taken by another delivery while the call ran. */
  | "leaseLost";

export interface Trace {
  readonly startId: string;
  readonly branch: string;
  readonly seq: number;
  /** ms */
  readonly at: number;
  /** Id of the delivery. */
  readonly delivery: string;
  readonly kind: TraceKind;
  /** Of `redelivered`. */
  readonly receiveCount?: number;
}

/** Tells of what became of a delivery at a strand's entry. */
export function trace(
  { settings, ports: { clock } }: Runtime,
  { owner }: Pick<Work, "owner">,
  { address: { startId }, branch, seq }: Pick<Strand, "address" | "branch" | "seq">,
  kind: TraceKind,
): void {
  settings.trace?.({ startId, branch, seq, at: clock.now(), delivery: owner, kind });
}
