/**
 * What really ran against what the journal recorded: an attempt whose result is recorded does not run again afterwards,
 * none runs twice in one life of the server, and what runs again does so under the same id.
 */
import { openStoreForReading } from "../../lib/local/store/read-store.ts";
import { type Execution, nameOf, readRecords } from "./invariants/records.ts";
import type { BeginNote, Note } from "./task-log.ts";

export interface Attempts {
  readonly attempts: number;
  /** Runs beyond the first of an attempt. */
  readonly reruns: number;
  readonly violations: readonly string[];
}

export async function checkAttempts(directory: string, notes: readonly Note[]): Promise<Attempts> {
  const store = openStoreForReading(directory);
  try {
    const { executions } = readRecords(store);
    const runs = notes.filter((note) => note.kind === "begin");
    const byAttempt = Map.groupBy(runs, ({ attemptId }) => attemptId);
    const violations = [...unlikeIds(runs)];
    for (const [attemptId, all] of byAttempt) violations.push(...runFaults(executions, attemptId, all));
    return { attempts: byAttempt.size, reruns: runs.length - byAttempt.size, violations };
  } finally {
    await store.close();
  }
}

function* runFaults(
  executions: ReadonlyMap<string, Execution>,
  attemptId: string,
  runs: readonly BeginNote[],
): Generator<string> {
  const [startId = "", branch = "", seq = ""] = attemptId.split(":");
  const execution = executions.get(startId);
  const what = `attempt ${attemptId} (${execution ? nameOf(execution.header) : "of no execution"}, ${runs[0]?.step})`;
  for (const [server, together] of Map.groupBy(runs, (run) => run.server)) {
    if (together.length > 1) yield `${what} ran ${together.length} times in server ${server}`;
  }
  // The entry after the one that invoked or submitted: its result, as it was recorded for good.
  const result = execution?.branches.get(branch)?.find((entry) => entry.seq === Number(seq) + 1);
  const late = result === undefined ? undefined : runs.find((run) => run.at > result.at);
  if (late !== undefined && result !== undefined)
    yield `${what} ran again ${late.at - result.at} ms after its result was recorded`;
}

/** The same step of the same execution, for the same input and retry, is one attempt. */
export function* unlikeIds(runs: readonly BeginNote[]): Generator<string> {
  const same = Map.groupBy(runs, ({ execution, step, n, retryCount }) => `${execution} ${step} ${n} ${retryCount}`);
  for (const [what, all] of same) {
    const ids = new Set(all.map(({ attemptId }) => attemptId));
    if (ids.size > 1) yield `${what} ran under ${ids.size} attempt ids: ${[...ids].join(", ")}`;
  }
}
