/**
 * The world of a long run: the plain runtime over the memory adapters on a virtual clock. It has no witness, because a witness
 * keeps all that it saw, and a year of a million timers must not be kept: what an ended execution wrote is forgotten a
 * retention later, as the table's time-to-live does. Weather and faults are thin layers in front of the ports.
 */

import { memoryBlobs } from "../../lib/memory/blobs.ts";
import { recordingDestinations } from "../../lib/memory/destinations.ts";
import { countingIds } from "../../lib/memory/ids.ts";
import { memoryQueue } from "../../lib/memory/queue.ts";
import { type ScriptedFunction, scriptedFunctions } from "../../lib/memory/scripted.ts";
import { memoryTimers } from "../../lib/memory/timers.ts";
import { createRuntime, type Ports, type Runtime, type Settings, work } from "../../lib/runtime/index.ts";
import type { Clock } from "../../lib/runtime/ports/clock.ts";
import type { Queue } from "../../lib/runtime/ports/queue.ts";
import { turn, type VirtualClock, virtualClock } from "../../lib/sim/clock.ts";
import type { Dice } from "../../lib/sim/dice.ts";
import { simulatedKeys } from "../../lib/sim/keys.ts";
import { lateTimers, CALM as STILL } from "../../lib/sim/weather.ts";
import { type ForgetfulJournal, type ForgetfulOptions, forgetfulJournal } from "./long-journal.ts";

/** When the year begins, ms. */
export const NEW_YEAR = Date.UTC(2030, 0, 1);

/** How a year goes. */
export interface Climate {
  /** Far timers fire up to so much late, ms: less than the runtime's margin for them. */
  readonly timersLateMs: number;
  readonly timersTwice: boolean;
  /** A message may come so much later than it should, ms. */
  readonly lagMs: number;
  /** Of so many messages in a thousand a copy comes, at most `copyMs` later. */
  readonly copiedPerMille: number;
  readonly copyMs: number;
  /** Clocks of the workers, each one's distance from the true time, ms. */
  readonly skewMs: readonly [number, ...number[]];
  /** One in so many of the workers' port calls fails, before its effect or after it; 0: none. */
  readonly failsOneIn: number;
  /** One in so many messages and far timers is lost; 0: none. */
  readonly lostOneIn: number;
}

export const CALM: Climate = {
  timersLateMs: 0,
  timersTwice: false,
  lagMs: 0,
  copiedPerMille: 0,
  copyMs: 0,
  skewMs: [0],
  failsOneIn: 0,
  lostOneIn: 0,
};

export const ROUGH: Climate = {
  timersLateMs: 60_000,
  timersTwice: true,
  lagMs: 5_000,
  copiedPerMille: 20,
  copyMs: 600_000,
  skewMs: [0, 2_000, -2_000],
  failsOneIn: 10_000,
  lostOneIn: 20_000,
};

/** What befell one execution that was not the weather: each of it delays its end. */
export type Mishap = "failed" | "lost";

/** An execution by its start id, with its parent's token where it is only about to start; neither: a message of no execution. */
export interface Whom {
  readonly startId?: string | undefined;
  readonly parentToken?: string | undefined;
}

export interface LongWorld {
  readonly clock: VirtualClock;
  readonly journal: ForgetfulJournal;
  /** The runtime of callers and of the sweeper: nothing befalls them, and their clock is right. */
  readonly runtime: Runtime;
  /** Nothing is on the queue, on its way to it or waiting for a far time. */
  idle(): boolean;
  /** What keeps it from being idle, in words. */
  left(): string;
  /** Lets time pass until `done`; false: it is `until` (ms), or nobody sleeps any more, and it is not. */
  run(done: () => boolean, until: number): Promise<boolean>;
  /** Ends the workers. */
  close(): void;
}

export interface LongWorldOptions {
  readonly climate: Climate;
  readonly dice: Dice;
  readonly functions: (clock: Clock) => { readonly [name: string]: ScriptedFunction };
  readonly settings: Partial<Settings>;
  /** Hears of each mishap, and whom it befell. */
  readonly onMishap: (kind: Mishap, whom: Whom) => void;
  /** Hears of what a worker's handler threw that was no fault of this world's making. */
  readonly onError: (error: unknown) => void;
  readonly onStart: ForgetfulOptions["onStart"];
  readonly onEnd: ForgetfulOptions["onEnd"];
}

/** A failure of a port of this world's making. */
class Failure extends Error {
  override readonly name = "Failure";
}

export function longWorld(options: LongWorldOptions): LongWorld {
  const { climate, dice, functions, settings, onMishap, onError, onStart, onEnd } = options;
  const clock = virtualClock(NEW_YEAR);
  const journal = forgetfulJournal({ clock, onStart, onEnd });
  const inner = memoryQueue({ clock, ids: countingIds("delivery") });
  const closed = new AbortController();
  let coming = 0;

  async function later(body: string, sending: Parameters<Queue["send"]>[1], ms: number): Promise<void> {
    coming++;
    await clock.sleep(ms);
    coming--;
    await inner.send(body, sending);
  }

  const queue: Queue = {
    async send(body, sending) {
      if (oneIn(dice, climate.lostOneIn)) return onMishap("lost", whomOf(body));
      const lag = climate.lagMs === 0 ? 0 : dice.below(climate.lagMs + 1);
      if (dice.below(1_000) < climate.copiedPerMille) void later(body, sending, dice.below(climate.copyMs + 1));
      if (lag > 0) void later(body, sending, lag);
      else await inner.send(body, sending);
    },
    receive: inner.receive,
  };
  const timers = memoryTimers({ clock, queue });
  const ports: Ports = {
    journal,
    queue,
    timers: lateTimers(timers, { ...STILL, ...climate }, dice),
    functions: scriptedFunctions({ clock, functions: functions(clock) }),
    destinations: recordingDestinations(),
    blobs: memoryBlobs(),
    clock,
    ids: countingIds("id"),
    keys: simulatedKeys(),
  };

  /** Fails now and then, half of the times after the effect. */
  async function risk<T>(whom: () => Whom, effect: () => Promise<T>): Promise<T> {
    if (!oneIn(dice, climate.failsOneIn)) return effect();
    onMishap("failed", whom());
    if (dice.below(2) === 0) await effect();
    throw new Failure("a port failed");
  }

  function risky(clockOfWorker: Clock): Ports {
    if (climate.failsOneIn === 0) return { ...ports, clock: clockOfWorker };
    return {
      ...ports,
      clock: clockOfWorker,
      journal: {
        ...journal,
        append: (entry) =>
          risk(
            () => entry,
            () => journal.append(entry),
          ),
      },
      queue: {
        ...queue,
        send: (body, sending) =>
          risk(
            () => whomOf(body),
            () => queue.send(body, sending),
          ),
      },
      timers: {
        schedule: (name, due, body) =>
          risk(
            () => whomOf(body),
            () => ports.timers.schedule(name, due, body),
          ),
      },
    };
  }

  for (const skew of climate.skewMs) {
    const own: Clock = skew === 0 ? clock : { now: () => clock.now() + skew, sleep: clock.sleep };
    void work(createRuntime(risky(own), settings), {
      concurrency: 1_000,
      signal: closed.signal,
      onError(error) {
        if (!(error instanceof Failure)) onError(error);
      },
    });
  }

  return {
    clock,
    journal,
    runtime: createRuntime(ports, settings),
    idle: () => inner.idle() && coming === 0 && timers.pending() === 0,
    left: () => `${inner.size() + coming} messages and ${timers.pending()} timers are left`,
    async run(done, until) {
      for (;;) {
        await turn();
        if (done()) return true;
        if (clock.now() > until || !clock.advance()) return false;
      }
    },
    close: () => closed.abort("over"),
  };
}

function oneIn(dice: Dice, many: number): boolean {
  return many > 0 && dice.below(many) === 0;
}

/** Whose message it is, read from its head without parsing it. */
function whomOf(body: string): Whom {
  return {
    startId: /"startId":"([^"]+)"/.exec(body)?.[1],
    parentToken: /"parentToken":"([^"]+)"/.exec(body)?.[1],
  };
}
