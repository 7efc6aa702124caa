/** A run with a stop: the server is stopped (SIGSTOP) for longer than every lease while executions of all kinds are under way, then goes on. */
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

export interface StopOptions {
  /** Of the server (server-bundle.ts). */
  readonly program: string;
  readonly seed: number;
  readonly executions: number;
  readonly seconds: number;
}

/** Tasks are slow enough to be under way at the stop, ms. */
const TASK_MS = 1_000;
/** From the last start to the stop, ms. */
const BEFORE_MS = 400;

export async function runStop({ program, seed, executions, seconds }: StopOptions): Promise<Ran> {
  const home = freshDirectory();
  const [directory, notes] = [join(home.path, "store"), join(home.path, "tasks")];
  const log = taskLog(notes);
  const server = lives({ program, directory, port: await freePort(), taskLog: notes, taskMs: TASK_MS });
  const caller = client(server, log, dice(seed));
  try {
    await server.begin();
    const before = Math.ceil(executions * 0.8);
    for (let n = 0; n < before; n++) await caller.start(workOf(n));
    await sleep(BEFORE_MS);
    server.signal("SIGSTOP");
    // What is asked of a server that is stopped waits for it.
    const during = Array.from({ length: executions - before }, (_, index) => caller.start(workOf(before + index)));
    await sleep(seconds * 1000);
    server.signal("SIGCONT");
    await Promise.all(during);
    const ran = await judged({ caller, server, log, directory });
    const { reruns } = ran.attempts;
    const twice = reruns === 0 ? [] : [`${reruns} attempts ran again, though nobody was killed`];
    return { kills: 0, ...ran, violations: [...ran.violations, ...twice] };
  } finally {
    caller.close();
    await server.end();
    home.remove();
  }
}
