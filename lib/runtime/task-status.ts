/** How a callback task stands, asked by its token: what a page or a program is told that may not, or not yet, report. Reads only. */
import { type State, stepOf, type Verdict } from "../engine/index.ts";
import { StepwellError } from "../fdl/errors.ts";
import { isDead } from "./look.ts";
import type { Entry } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";
import { entryKey } from "./strand.ts";
import { type Attempt, readToken } from "./token.ts";

/**
 * waiting: a report would be taken. completed: one was. expired: none was and none will be, because the attempt timed out, or
 * its execution ended or went on without it (`over`). unknown: this system made no such token.
 */
export type TaskStatus =
  | { readonly kind: "unknown" }
  | (TaskOf & { readonly kind: "waiting"; readonly step?: string })
  | (TaskOf & { readonly kind: "completed" })
  | (TaskOf & { readonly kind: "expired"; readonly why: "timedOut" | "over" });

interface TaskOf {
  readonly flow: string;
  readonly execution: string;
}

/** How the attempt of a token stands. */
export async function taskStatus(runtime: Runtime, token: string): Promise<TaskStatus> {
  const { journal, keys } = runtime.ports;
  const attempt = attemptOf(() => readToken(keys, token));
  if (attempt === undefined) return { kind: "unknown" };
  const { branch, seq } = attempt;
  const task: TaskOf = { flow: attempt.flow, execution: attempt.ref.name };
  // Before the verdict: one that comes in between, and ends the execution, must not look expired.
  const [dead, next] = await Promise.all([
    isDead(runtime, attempt, branch),
    journal.readEntry(entryKey(attempt, branch, seq + 1)),
  ]);
  // The call itself failed: a verdict, if there is one, was refused (report.ts).
  if (next !== undefined && next.effect !== "awaitVerdict") return { ...task, kind: "expired", why: "over" };
  const verdict = await journal.readVerdict(entryKey(attempt, branch, seq));
  if (verdict?.outcome !== undefined) {
    // Compared as it is stored: an output may be large, and gone from storage by now.
    const timedOut = verdict.outcome === (await runtime.claims.pack({ kind: "timedOut" } satisfies Verdict));
    return timedOut ? { ...task, kind: "expired", why: "timedOut" } : { ...task, kind: "completed" };
  }
  if (dead) return { ...task, kind: "expired", why: "over" };
  const step = await stepName(runtime, attempt, next);
  return { ...task, kind: "waiting", ...(step === undefined ? {} : { step }) };
}

function attemptOf(read: () => Attempt): Attempt | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof StepwellError && error.code === "InvalidArgument") return undefined;
    throw error;
  }
}

/** Undefined while the call of the attempt still runs (its entry holds no state), and when the flow was deleted. */
async function stepName(
  runtime: Runtime,
  { ref, revision }: Attempt,
  next: Entry | undefined,
): Promise<string | undefined> {
  if (next?.snapshot === undefined) return undefined;
  try {
    const flow = await runtime.definitions.load(ref.flowId, revision);
    return stepOf(flow, await runtime.claims.unpack<State>(next.snapshot))?.name;
  } catch (error) {
    if (error instanceof StepwellError && error.code === "FlowNotExists") return undefined;
    throw error;
  }
}
