/**
 * The weather of a simulated world: what SQS, DynamoDB's indexes, Scheduler, networks and clocks do all the time without
 * being broken. What is left to chance comes from one seed, in the order in which it is asked for.
 */
import type { Journal } from "../runtime/ports/journal.ts";
import type { Timers } from "../runtime/ports/timers.ts";
import type { VirtualClock } from "./clock.ts";
import type { Dice } from "./dice.ts";
import type { Weather } from "./plan.ts";
import type { Hostility } from "./queue.ts";

/** Nothing takes time, nothing comes twice, all clocks are right. */
export const CALM: Weather = {
  latencyMs: 0,
  workers: 1,
  batch: 1_000,
  copiedPercent: 0,
  copies: 1,
  copyMs: 0,
  queueLagMs: 0,
  skewMs: [],
  timersLateMs: 0,
  timersTwice: false,
  listLagMs: 0,
  sweepMs: 0,
};

/** One call in so many takes time at all: most are over before anything else happens. */
const SLOW_ONE_IN = 3;

/** How long the next port call takes, ms. */
export function latency({ latencyMs }: Weather, dice: Dice): (() => number) | undefined {
  if (latencyMs === 0) return undefined;
  return () => (dice.below(SLOW_ONE_IN) === 0 ? dice.below(latencyMs + 1) : 0);
}

/** What the queue does to the next message. */
export function hostilityOf({ copiedPercent, copies, copyMs, queueLagMs }: Weather, dice: Dice): Hostility {
  return {
    ...(copiedPercent > 0 && {
      copies: () =>
        dice.below(100) < copiedPercent ? Array.from({ length: copies }, () => dice.below(copyMs + 1)) : [],
    }),
    ...(queueLagMs > 0 && { lag: () => dice.below(queueLagMs + 1) }),
  };
}

/** Timers that fire late, and where the weather wants it twice. */
export function lateTimers(timers: Timers, { timersLateMs, timersTwice }: Weather, dice: Dice): Timers {
  if (timersLateMs === 0 && !timersTwice) return timers;
  const late = (due: number) => due + dice.below(timersLateMs + 1);
  return {
    async schedule(name, due, body) {
      await timers.schedule(name, late(due), body);
      if (timersTwice) await timers.schedule(`${name} again`, late(due), body);
    },
  };
}

/** A journal whose list of running executions is that of some time ago: it lacks new ones and still has some that ended. */
export function laggingLists(journal: Journal, { listLagMs }: Weather, clock: VirtualClock): Journal {
  if (listLagMs === 0) return journal;
  /** Running executions by start id; those that ended remain until the list has caught up. */
  const listed = new Map<
    string,
    { readonly header: Parameters<Journal["putHeader"]>[0]; since: number; until: number }
  >();
  return {
    ...journal,
    async putHeader(header) {
      const existing = await journal.putHeader(header);
      if (existing === undefined && header.status === "Running")
        listed.set(header.startId, { header, since: clock.now(), until: Number.POSITIVE_INFINITY });
      return existing;
    },
    async endHeader(ref, startId, end) {
      const header = await journal.endHeader(ref, startId, end);
      const known = listed.get(startId);
      if (known !== undefined && header?.startId === startId && header.status !== "Running")
        known.until = Math.min(known.until, clock.now());
      return header;
    },
    async listRunning() {
      const shown = clock.now() - listLagMs;
      for (const [startId, { until }] of listed) if (until <= shown) listed.delete(startId);
      return { items: [...listed.values()].filter(({ since }) => since <= shown).map(({ header }) => header) };
    },
  };
}
