/** An error that nothing in its branch catches: it fails the step, each step around it, and the branch (fdl.md §6.4, §10 row 52). */
import type { Effect } from "./effect.ts";
import { type Run, record, suspend } from "./run.ts";

/** An error as users see it (fdl.md §6.1). */
export interface Failure {
  readonly error: string;
  readonly cause: string;
}

/** Fails the current step and the branch with it. */
export function failBranch(run: Run, { error, cause }: Failure): Effect {
  const current = run.frames.toReversed().flatMap(({ steps, index }) => steps.slice(index, index + 1));
  for (const { name } of current) record(run, "StepFailed", name, { error, cause });
  if (run.before.lane !== undefined) return suspend(run, { kind: "ended" }, { kind: "branchFailed", error, cause });
  record(run, "ExecutionFailed", "", { error, cause });
  return suspend(run, { kind: "ended" }, { kind: "failed", error, cause });
}
