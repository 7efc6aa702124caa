/** What a run came to: its executions' outputs, its attempts and the directory that it has left, all looked at. */
import { type Attempts, checkAttempts } from "./attempts.ts";
import type { Client } from "./client.ts";
import { checkDirectory, violationText } from "./invariants.ts";
import type { Lives } from "./lives.ts";
import type { TaskLog } from "./task-log.ts";

export interface Ran {
  readonly executions: number;
  readonly kills: number;
  readonly reports: number;
  readonly entries: number;
  readonly attempts: Attempts;
  /** From start to ready, ms. */
  readonly starts: readonly number[];
  readonly violations: readonly string[];
}

interface Run {
  readonly caller: Client;
  readonly server: Lives;
  readonly log: TaskLog;
  /** Of the server's store. */
  readonly directory: string;
}

/** Waits until all executions have ended, ends the server, and looks at what they and it have left. */
export async function judged({ caller, server, log, directory }: Run): Promise<Omit<Ran, "kills">> {
  await caller.allEnded();
  caller.close();
  await server.end();
  log.read();
  const checked = await checkDirectory(directory);
  const attempts = await checkAttempts(directory, log.notes);
  return {
    executions: caller.acknowledged.length,
    reports: caller.reported.length,
    entries: checked.entries,
    attempts,
    starts: server.starts,
    violations: [
      ...caller.violations,
      ...server.faults,
      ...checked.violations.map(violationText),
      ...attempts.violations,
    ],
  };
}
