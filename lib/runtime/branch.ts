/**
 * Branch ids. The root is ""; a child is its parent's id, the seq of the fork and its index ("3.0", "3.0.7.2"), so a fork
 * that is run again has other branches (architecture §1).
 */
import type { EntryKey } from "./ports/journal.ts";

export const ROOT = "";

/** Id of branch `index` of the fork that entry `seq` of `parent` made. */
export function childBranch(parent: string, seq: number, index: number): string {
  return parent === ROOT ? `${seq}.${index}` : `${parent}.${seq}.${index}`;
}

/** The fork that a branch hangs on, and its index there; undefined for the root. */
export function forkOf(startId: string, branch: string): { fork: EntryKey; index: number } | undefined {
  if (branch === ROOT) return undefined;
  const last = branch.lastIndexOf(".");
  const before = branch.lastIndexOf(".", last - 1);
  const fork = {
    startId,
    branch: before < 0 ? ROOT : branch.slice(0, before),
    seq: Number(branch.slice(before + 1, last)),
  };
  return { fork, index: Number(branch.slice(last + 1)) };
}

/** The forks above a branch, nearest first: a failed join of any of them means that the branch is dead. */
export function ancestorForks(startId: string, branch: string): readonly EntryKey[] {
  const forks: EntryKey[] = [];
  for (let up = forkOf(startId, branch); up; up = forkOf(startId, up.fork.branch)) forks.push(up.fork);
  return forks;
}
