/** A run with kills: executions of all kinds, while the server is killed at random moments and started again at once. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freshDirectory } from "../../lib/local/store/testing/fresh-directory.ts";
import { dice } from "../../lib/sim/dice.ts";
import { client } from "./client.ts";
import { lives } from "./lives.ts";
import { judged, type Ran } from "./ran.ts";
import { freePort } from "./server-process.ts";
import { taskLog } from "./task-log.ts";
import { workOf } from "./work.ts";

export interface KillsOptions {
  /** Of the server (server-bundle.ts). */
  readonly program: string;
  readonly seed: number;
  readonly executions: number;
  readonly kills: number;
}

/** A life of the server that is killed once it was ready lasts this long after that, ms. */
const LIFE_MS = { least: 50, most: 1_600 };
/** One of so many lives is killed before it is ready, within this, ms. */
const STILLBORN = { oneOf: 7, within: 700 };

export async function runKills({ program, seed, executions, kills }: KillsOptions): Promise<Ran> {
  const chance = dice(seed);
  const home = freshDirectory();
  const [directory, notes] = [join(home.path, "store"), join(home.path, "tasks")];
  const log = taskLog(notes);
  const server = lives({ program, directory, port: await freePort(), taskLog: notes });
  const caller = client(server, log, dice(seed + 1));
  try {
    const starting: Promise<void>[] = [];
    for (let life = 0; life < kills; life++) {
      const begun = server.begin();
      const upTo = Math.ceil(((life + 1) * executions) / kills);
      while (starting.length < upTo) starting.push(caller.start(workOf(starting.length)));
      if (life > 0 && chance.below(STILLBORN.oneOf) === 0) await sleep(chance.below(STILLBORN.within));
      else {
        await begun;
        await sleep(LIFE_MS.least + chance.below(LIFE_MS.most - LIFE_MS.least));
      }
      await server.kill();
      await begun;
    }
    await server.begin();
    await Promise.all(starting);
    return { kills, ...(await judged({ caller, server, log, directory })) };
  } finally {
    caller.close();
    await server.end();
    home.remove();
  }
}
