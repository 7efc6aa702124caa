/** Waiting for the end of an execution, by long polls. */
import type { Caller, CallOptions } from "./call.ts";
import { clientError } from "./errors.ts";
import { describeExecution } from "./executions.ts";
import { onAbort, sleep } from "./time.ts";
import type { Execution, ExecutionId } from "./types.ts";

export interface WaitOptions extends CallOptions {
  /** Absent: as long as it takes. */
  readonly timeoutMs?: number | undefined;
}

/** Gateways in front of a server give up at about 30 s. */
const MOST_SECONDS = 20;

/** So much sooner than the client's time-out a poll must be answered. */
const MARGIN_MS = 1_000;

/** Between polls that came back early: a server that stops answers those who wait, and one may not wait at all. */
const PAUSE_MS = 500;

/**
 * The execution once it has ended, whichever way: look at its status. Throws StepwellApiError `WaitTimedOut`, and what
 * `describeExecution` throws.
 */
export async function waitForExecution(
  caller: Caller,
  id: ExecutionId,
  { signal, timeoutMs }: WaitOptions = {},
): Promise<Execution> {
  const { time } = caller;
  const giveUp = new AbortController();
  const forget = signal === undefined ? undefined : onAbort([signal], (reason) => giveUp.abort(reason));
  const cancel =
    timeoutMs === undefined ? undefined : time.after(timeoutMs, () => giveUp.abort(timedOut(id, timeoutMs)));
  try {
    const waitSeconds = Math.max(0, Math.min(MOST_SECONDS, Math.floor((caller.timeoutMs - MARGIN_MS) / 1_000)));
    for (;;) {
      const asked = time.now();
      const execution = await describeExecution(caller, id, { signal: giveUp.signal, waitSeconds });
      if (execution.stoppedAt !== undefined) return execution;
      const early = waitSeconds === 0 || time.now() - asked < waitSeconds * 500;
      if (early) await sleep(time, PAUSE_MS, [caller.closing, giveUp.signal]);
    }
  } finally {
    cancel?.();
    forget?.();
  }
}

function timedOut({ flow, name }: ExecutionId, timeoutMs: number) {
  return clientError("WaitTimedOut", `Execution ${name} of flow ${flow} has not ended within ${timeoutMs} ms.`);
}
