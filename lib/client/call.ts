/** A call: attempts, each signed anew, until one is answered or may not be repeated. */
import { backoffMs } from "./backoff.ts";
import type { Fields } from "./fields.ts";
import { type Params, type SigningKey, signedForm } from "./form.ts";
import { sleep, type Time } from "./time.ts";
import type { Transport } from "./transport.ts";
import { judge } from "./verdict.ts";

export interface CallOptions {
  /** Gives the call up; it rejects with the signal's reason. The server may carry it out all the same. */
  readonly signal?: AbortSignal | undefined;
}

export interface Caller {
  readonly endpoint: string;
  readonly key: SigningKey | undefined;
  readonly transport: Transport;
  readonly time: Time;
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** How often a call is repeated at most. */
  readonly retries: number;
  /** Aborts when the client closes. */
  readonly closing: AbortSignal;
}

/**
 * Calls an action. What surely was not carried out (no connection, 429) is repeated for any action; what perhaps was (5xx,
 * lost answers, time-outs) only if `repeatable`. Throws StepwellApiError, or the reason of an abort.
 */
export async function call(
  { endpoint, key, transport, time, timeoutMs, retries, closing }: Caller,
  action: string,
  params: Params,
  { repeatable, signal }: CallOptions & { readonly repeatable: boolean },
): Promise<Fields> {
  const signals = signal === undefined ? [closing] : [closing, signal];
  let maybeDone = false;
  let fresh = false;
  for (let n = 0; ; ) {
    const body = signedForm(action, params, key, time.now());
    const outcome = await transport.post({ body, timeoutMs, signals, fresh });
    const verdict = judge(outcome, endpoint, timeoutMs, time.now());
    if (verdict.kind === "done") return verdict.fields;
    const { state, error } = verdict;
    if (state === "unknown") maybeDone = true;
    const again = state === "undone" || (state === "unknown" && repeatable);
    // A kept connection that the server closed meanwhile says nothing about the server: no wait, and it does not count.
    if (again && !fresh && outcome.kind === "lost" && outcome.stale) {
      fresh = true;
      continue;
    }
    if (!again || n >= retries) throw error(maybeDone);
    await sleep(time, backoffMs(n, time.random(), verdict.askedMs), signals);
    n += 1;
  }
}
