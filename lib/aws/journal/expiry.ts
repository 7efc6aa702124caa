/**
 * When items may go (architecture §7): DynamoDB removes an item some time after its `expiresAt`. An item that something may
 * still wait for is kept as long as an execution may take, and the retention on top.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { Entry, Header } from "../../runtime/ports/journal.ts";

export interface Expiry {
  /** Of an entry. */
  entry(entry: Entry): AttributeValue;
  /** Of a header; a running one has none. */
  header(header: Pick<Header, "endedAt">): AttributeValue | undefined;
  /** Of what is written at the end of its execution. */
  afterEnd(): AttributeValue;
  /** Of what is needed until an execution ends that may only have begun. */
  whileItRuns(): AttributeValue;
}

export interface ExpiryOptions {
  readonly clock: Pick<Clock, "now">;
  readonly retentionMs: number;
  readonly maxExecutionMs: number;
}

export function expiry({ clock, retentionMs, maxExecutionMs }: ExpiryOptions): Expiry {
  const after = (ms: number): AttributeValue => ({ N: String(Math.ceil((ms + retentionMs) / 1000)) });
  return {
    entry({ at, due, effect, lease }) {
      // The due time of an `awaitVerdict` is moved by heartbeats, and a fork waits for as long as its branches take.
      if ((effect === "timer" || effect === "submit") && due !== undefined) return after(Math.max(at, due));
      const waitedFor = lease === undefined || effect === "submit";
      return after(waitedFor ? at + maxExecutionMs : at);
    },
    header: ({ endedAt }) => (endedAt === undefined ? undefined : after(endedAt)),
    afterEnd: () => after(clock.now()),
    whileItRuns: () => after(clock.now() + maxExecutionMs),
  };
}
