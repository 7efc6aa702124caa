/**
 * Rounds of power cuts: a server works on a disk that forgets, is killed at a random moment, what was not synced is taken
 * back, and all that was acknowledged before must be there; then the server goes on with it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Dice, dice } from "../../lib/sim/dice.ts";
import { type Client, client } from "../chaos/client.ts";
import { type Lives, lives } from "../chaos/lives.ts";
import { freePort } from "../chaos/server-process.ts";
import { type TaskLog, taskLog } from "../chaos/task-log.ts";
import { workOf } from "../chaos/work.ts";
import { type Acknowledged, countOf, type Held } from "./acknowledged.ts";
import { type Checker, checker } from "./checker-process.ts";
import type { Cut } from "./cut.ts";
import { type ForgetfulDisk, forgetfulDisk, type Lie } from "./disk.ts";

export interface CutsOptions {
  /** Of the server (test/chaos/server-bundle.ts). */
  readonly program: string;
  readonly seed: number;
  readonly rounds: number;
  /** A sync takes up to this, microseconds; 10,000 when not given. */
  readonly syncMicros?: number;
  /** Sabotage: what the disk pretends to sync. */
  readonly lies?: readonly Lie[];
  /** Sabotage: the server answers before it is on disk. */
  readonly unsettled?: boolean;
}

export interface CutsRan {
  /** Kills, most of them with a power cut. */
  rounds: number;
  /** Starts, ends and reports that were answered, and attempts that were begun. */
  acknowledgements: number;
  /** Sectors and names that the cuts took back, and how many cuts took something. */
  sectors: number;
  names: number;
  biting: number;
  /** Acknowledgements that did not hold. */
  lost: number;
  readonly losses: string[];
  readonly violations: string[];
  /** From start to ready, ms. */
  readonly starts: number[];
}

/** A disk is used for so many rounds; then what was started on it must end right. */
const ROUNDS_A_DISK = 20;
/** Executions that are started in a round. */
const STARTS = 8;
/** A life of the server lasts this long after it is ready, ms: while it is busy with what was started. */
const LIFE_MS = { least: 10, most: 250 };
/** One of so many lasts long enough, with so many executions that write much, for the store to bring its log into LMDB and to begin its log again (log.ts). */
const LONG_LIFE = { oneOf: 6, ms: 1_000, starts: 24 };
/** One of so many is killed before it is ready, within this, ms: over its recovery. */
const STILLBORN = { oneOf: 5, within: 400 };
/** After one of so many kills the power is not cut. */
const KEPT_ON = 4;

/** With a sabotage it ends at the first loss. */
export async function runCuts(options: CutsOptions): Promise<CutsRan> {
  const { seed, rounds, lies = [], unsettled = false } = options;
  const sabotaged = lies.length > 0 || unsettled;
  const chance = dice(seed);
  const watching = checker();
  const ran = noCuts();
  try {
    while (ran.rounds < rounds && !(sabotaged && ran.lost > 0)) {
      await useDisk(options, chance, watching, ran, Math.min(ROUNDS_A_DISK, rounds - ran.rounds));
    }
    return ran;
  } finally {
    watching.close();
  }
}

/** One disk's rounds. A disk that lost something is not used any more. */
async function useDisk(
  { program, seed, syncMicros = 10_000, lies = [], unsettled = false }: CutsOptions,
  chance: Dice,
  watching: Checker,
  ran: CutsRan,
  rounds: number,
): Promise<void> {
  const disk = forgetfulDisk({ syncMicros, lies });
  const notes = mkdtempSync(join(tmpdir(), "stepwell-tasks-"));
  const log = taskLog(join(notes, "tasks"));
  const server = lives({
    program,
    directory: disk.path,
    port: await freePort(),
    taskLog: join(notes, "tasks"),
    env: disk.env,
    args: unsettled ? ["--unsettled"] : [],
  });
  const caller = client(server, log, dice(seed + ran.rounds));
  const starting: Promise<void>[] = [];
  let whole = true;
  try {
    for (let round = 0; round < rounds && whole; round++) {
      ran.rounds += 1;
      await liveAndDie(server, chance, (long) => {
        for (let n = 0; n < STARTS; n++) starting.push(caller.start(workOf(starting.length)));
        for (let n = 0; long && n < LONG_LIFE.starts; n++)
          starting.push(caller.start(workOf(starting.length, "heavy")));
      });
      // Now and then the power stays on: the next process builds on what it finds, and nobody has synced that yet.
      if (chance.below(KEPT_ON) === 0 && round < rounds - 1) disk.goOn();
      else whole = await cutAndCheck(disk, caller, log, watching, chance, ran);
    }
    if (whole) whole = await endAll(server, caller, starting);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    lose(ran, countOf(acknowledgedOf(disk, caller, log)), `round ${ran.rounds}: ${reason}`);
  } finally {
    caller.close();
    await server.end();
    await Promise.allSettled(starting);
    ran.acknowledgements += countOf(acknowledgedOf(disk, caller, log));
    ran.starts.push(...server.starts);
    if (whole) ran.violations.push(...caller.violations, ...server.faults);
    disk.remove();
    rmSync(notes, { recursive: true });
  }
}

/** `busy` gives it something to do once it is ready. */
async function liveAndDie(server: Lives, chance: Dice, busy: (long: boolean) => void): Promise<void> {
  const begun = server.begin();
  if (chance.below(STILLBORN.oneOf) === 0) await sleep(chance.below(STILLBORN.within));
  else {
    await begun;
    const long = chance.below(LONG_LIFE.oneOf) === 0;
    busy(long);
    await sleep((long ? LONG_LIFE.ms : 0) + LIFE_MS.least + chance.below(LIFE_MS.most - LIFE_MS.least));
  }
  await server.kill();
  await begun;
}

async function endAll(server: Lives, caller: Client, starting: readonly Promise<void>[]): Promise<true> {
  await server.begin();
  await Promise.all(starting);
  await caller.allEnded();
  return true;
}

/** Cuts the power under the dead server; false when something was lost or is not in order. */
async function cutAndCheck(
  disk: ForgetfulDisk,
  caller: Client,
  log: TaskLog,
  watching: Checker,
  chance: Dice,
  ran: CutsRan,
): Promise<boolean> {
  // Every third cut takes all that was not synced, the others a part.
  const cut = disk.cut(chance.below(3) === 0 ? undefined : chance);
  const acknowledged = acknowledgedOf(disk, caller, log);
  return judge(ran, cut, acknowledged, await watching.check(acknowledged), `round ${ran.rounds}`);
}

/** Counts what a cut came to; false when something was lost or is not in order. */
export function judge(ran: CutsRan, cut: Cut, acknowledged: Acknowledged, held: Held, when: string): boolean {
  const { lost, unreadable, violations } = held;
  ran.sectors += cut.sectors;
  ran.names += cut.names;
  if (cut.sectors + cut.names > 0) ran.biting += 1;
  if (unreadable !== undefined) lose(ran, countOf(acknowledged), `${when}: the store cannot be read: ${unreadable}`);
  for (const text of lost) lose(ran, 1, `${when}: ${text}`);
  ran.violations.push(...violations.map((text) => `${when}: ${text}`));
  return unreadable === undefined && lost.length + violations.length === 0;
}

/** Nothing yet. */
export function noCuts(): CutsRan {
  const counts = { rounds: 0, acknowledgements: 0, sectors: 0, names: 0, biting: 0, lost: 0 };
  return { ...counts, losses: [], violations: [], starts: [] };
}

/** A server that cannot go on has lost all that was acknowledged, and be it nothing. */
export function lose(ran: CutsRan, count: number, text: string): void {
  ran.lost += Math.max(count, 1);
  ran.losses.push(text);
}

export function acknowledgedOf(
  disk: ForgetfulDisk,
  { acknowledged, ends, reported }: Client,
  log: TaskLog,
): Acknowledged {
  return {
    directory: disk.path,
    starts: acknowledged.map(({ flow, name }) => `${flow}/${name}`),
    ends: [...ends].map(([{ flow, name }, { Status, Output }]) => ({
      name: `${flow}/${name}`,
      status: String(Status),
      output: String(Output),
    })),
    reported,
    called: begun(log),
  };
}

function begun(log: TaskLog): readonly string[] {
  return [...new Set(log.notes.filter((note) => note.kind === "begin").map(({ attemptId }) => attemptId))];
}
