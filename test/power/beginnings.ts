/**
 * The first moments of a store, one after the other: the first server on a new disk dies over its first sync, its second
 * one, and so on, until it is ready. Whether the power goes then, with all or a part of what is not synced, or stays on: the
 * next server must be able to begin, and what it acknowledges must outlast its own power cut.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Dice, dice } from "../../lib/sim/dice.ts";
import { client } from "../chaos/client.ts";
import { lives } from "../chaos/lives.ts";
import { freePort, startServer } from "../chaos/server-process.ts";
import { taskLog } from "../chaos/task-log.ts";
import { workOf } from "../chaos/work.ts";
import { countOf } from "./acknowledged.ts";
import { type Checker, checker } from "./checker-process.ts";
import { acknowledgedOf, type CutsRan, judge, lose, noCuts } from "./cuts.ts";
import { forgetfulDisk } from "./disk.ts";

export interface BeginningsOptions {
  /** Of the server (test/chaos/server-bundle.ts). */
  readonly program: string;
  readonly seed: number;
}

/** What becomes of the power when the first server dies; with dice a part of what is not synced is lost. */
type Power = "gone" | "on" | Dice;

/** So many ways of losing a part over the first sync. */
const FIRST_PARTS = 6;
/** Executions that the second server is asked to start. */
const STARTS = 9;
/** How long it is left to work on them, ms. */
const BUSY_MS = 200;
/** No start has so many syncs. */
const MOST_SYNCS = 100;

/** Some rounds for each sync of the first start. */
export async function runBeginnings({ program, seed }: BeginningsOptions): Promise<CutsRan> {
  const ran = noCuts();
  const watching = checker();
  try {
    for (let sync = 1; sync <= MOST_SYNCS; sync++) {
      const dead: boolean[] = [];
      // Over the first one the journal's very first pages may be torn, in many ways.
      const parts = Array.from({ length: sync === 1 ? FIRST_PARTS : 1 }, (_, part) => dice(seed + 100 * sync + part));
      for (const power of ["gone", "on", ...parts] as const) {
        dead.push(await beginTwice(program, seed, sync, power, watching, ran));
      }
      if (!dead.includes(true)) return ran;
    }
    throw new Error(`a start has more than ${MOST_SYNCS} syncs`);
  } finally {
    watching.close();
  }
}

/** True when the first server died over that sync; false: it was ready before. */
async function beginTwice(
  program: string,
  seed: number,
  sync: number,
  power: Power,
  watching: Checker,
  ran: CutsRan,
): Promise<boolean> {
  const disk = forgetfulDisk();
  const notes = mkdtempSync(join(tmpdir(), "stepwell-tasks-"));
  const options = { program, directory: disk.path, port: await freePort(), taskLog: join(notes, "tasks") };
  const log = taskLog(options.taskLog);
  const server = lives({ ...options, env: disk.env });
  const caller = client(server, log, dice(seed));
  const when = `the first server died over sync ${sync}, the power was ${typeof power === "string" ? power : "partly gone"}`;
  ran.rounds += 1;
  try {
    const first = startServer({ ...options, env: { ...disk.env, STEPWELL_POWER_DIE: String(sync) } });
    const died = await first.ready.then(
      () => false,
      () => true,
    );
    first.signal("SIGKILL");
    await first.gone;
    if (power === "on") disk.goOn();
    else disk.cut(power === "gone" ? undefined : power);
    await server.begin();
    await Promise.all(Array.from({ length: STARTS }, (_, n) => caller.start(workOf(n))));
    await sleep(BUSY_MS);
    await server.kill();
    const taken = disk.cut();
    const acknowledged = acknowledgedOf(disk, caller, log);
    ran.acknowledgements += countOf(acknowledged);
    judge(ran, taken, acknowledged, await watching.check(acknowledged), when);
    return died;
  } catch (error) {
    lose(ran, 1, `${when}: ${error instanceof Error ? error.message : String(error)}`);
    return true;
  } finally {
    caller.close();
    await server.end();
    disk.remove();
    rmSync(notes, { recursive: true });
  }
}
