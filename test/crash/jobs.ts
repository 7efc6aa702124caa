/** Other processes of this program that share the work, each of which prints its results as JSON, one a line. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Share } from "./explore.ts";

export interface Job<Result> {
  /** Its next result, in the order in which it prints them; rejects when there is none. */
  next(): Promise<Result>;
  stop(): void;
}

/** Starts this program with the same arguments and `--part job/jobs`. */
export function startJob<Result>({ job, jobs }: Share): Job<Result> {
  const part = `${job}/${jobs}`;
  const args = [...process.execArgv, process.argv[1] ?? "", ...process.argv.slice(2), "--part", part];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      const line = await lines.next();
      if (line.done) throw new Error(`part ${part} of the work ended too early`);
      return JSON.parse(line.value) as Result;
    },
    stop: () => void child.kill(),
  };
}

/** The share that `--part` tells of. */
export function parseShare(text: string): Share {
  const [, job, jobs] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (job === undefined || jobs === undefined || Number(job) >= Number(jobs)) throw new Error(`no part: ${text}`);
  return { job: Number(job), jobs: Number(jobs) };
}
