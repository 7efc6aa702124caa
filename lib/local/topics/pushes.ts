/**
 * Pushes messages of topics to their subscriptions: at least once, each on its own, until it is delivered, its subscription is
 * gone, or an hour is over. What is not delivered yet is in the database, so a restart goes on with it.
 */
import type { Clock } from "../../runtime/ports/clock.ts";
import { aborted } from "./aborted.ts";
import type { Commits } from "./commits.ts";
import type { Push, PushTable } from "./push-table.ts";
import { LONGEST_MS, retryDelay } from "./retry-schedule.ts";

export type Delivery =
  | { readonly kind: "delivered" }
  /** Nobody wants it any more. */
  | { readonly kind: "dropped" }
  | { readonly kind: "failed"; readonly reason: string; readonly permanent?: boolean };

export interface PushesOptions {
  readonly table: PushTable;
  readonly commits: Commits;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Tries once. Must not reject; ends at once when aborted. */
  readonly deliver: (push: Push, signal: AbortSignal) => Promise<Delivery>;
}

export interface Pushes {
  /** Says that there may be pushes that are due. */
  wake(): void;
  /** Calls off what is under way: it is pushed again after the next start. */
  close(): Promise<void>;
}

/** Most pushes under way to one subscription: one whose receiver does not answer holds up no other. */
const CONCURRENCY = 16;

/** Tries at once all that the table holds. */
export function startPushes({ table, commits, clock, log, deliver }: PushesOptions): Pushes {
  const closing = new AbortController();
  const underWay = new Map<number, Promise<void>>();
  /** How many of them go to a subscription. */
  const load = new Map<string, number>();
  let awake = new AbortController();

  async function attempt(push: Push): Promise<void> {
    // Nothing leaves this process before it is on disk.
    await commits.settled();
    const delivery = await deliver(push, AbortSignal.any([closing.signal]));
    if (closing.signal.aborted && delivery.kind === "failed") return;
    const committed = commits.begin();
    settle(push, delivery);
    await committed;
  }

  function settle(push: Push, delivery: Delivery): void {
    if (delivery.kind !== "failed") {
      table.remove(push.id);
      return;
    }
    const tries = push.tries + 1;
    const due = clock.now() + retryDelay(tries);
    const what = `message ${push.pushed.messageId} of ${push.pushed.topicArn.split(":").at(-1)}`;
    if (delivery.permanent === true || due > push.since + LONGEST_MS) {
      table.remove(push.id);
      log(`${what} could not be pushed, and will not be tried again: ${delivery.reason}`);
    } else {
      table.retry(push.id, tries, due);
      if (tries === 1) log(`${what} could not be pushed, and will be tried again: ${delivery.reason}`);
    }
  }

  function begin(push: Push): void {
    const arn = push.subscriptionArn;
    load.set(arn, (load.get(arn) ?? 0) + 1);
    const run = attempt(push)
      // The database refused: that has been said, and no push is lost.
      .catch(() => closing.abort())
      .finally(() => {
        underWay.delete(push.id);
        load.set(arn, (load.get(arn) ?? 1) - 1);
        awake.abort();
      });
    underWay.set(push.id, run);
  }

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      awake = new AbortController();
      const now = clock.now();
      for (const arn of table.subscriptions()) {
        for (const push of table.due(arn, now, CONCURRENCY)) {
          if (!underWay.has(push.id) && (load.get(arn) ?? 0) < CONCURRENCY) begin(push);
        }
      }
      const next = table.nextDue(now);
      const signal = AbortSignal.any([awake.signal, closing.signal]);
      if (next === undefined) await aborted(signal);
      else await clock.sleep(next - now, signal);
    }
  }

  table.makeDue(clock.now());
  const looping = loop();
  return {
    wake: () => awake.abort(),
    async close() {
      closing.abort();
      await looping;
      await Promise.all(underWay.values());
    },
  };
}
