/**
 * Functions that run without being waited for (`InvocationType: Async`), durable as Lambda's own queue of asynchronous
 * calls is: a submission that was accepted runs to its end, in the next process if this one dies.
 */
import type { CallResult, Functions, Invocation } from "../../runtime/ports/functions.ts";
import { keyText } from "../store/keys.ts";
import type { Store } from "../store/store.ts";

export interface Submission {
  readonly invocation: Invocation;
  /** The task token that its end is reported to. */
  readonly token?: string;
}

export interface Submissions {
  readonly submit: Functions["submit"];
  /** Takes the end of a submission from `functions`; `id` is what they were given as its token. */
  finished(id: string, result: CallResult): Promise<void>;
  /** Runs again what an earlier process had accepted and not finished. */
  resume(): void;
}

export interface SubmissionsOptions {
  readonly store: Store;
  /** Called when what was written before is on disk (after-durable.ts): a submission is kept before it runs. */
  readonly functions: Functions;
  /** Reports to a task token. An attempt that is over is no error. */
  report(token: string, result: CallResult): Promise<void>;
  log(line: string): void;
}

/** Submissions that are kept in the store until they have ended. Each runs under the id of its attempt. */
export function durableSubmissions({ store, functions, report, log }: SubmissionsOptions): Submissions {
  const { submissions } = store.tables;
  /** Handed to `functions` by this process. */
  const running = new Set<string>();
  /** Taken over from an earlier process: their attempts may be redone at any time, also after their end. */
  const resumed = new Set<string>();

  async function hand(id: string, invocation: Invocation): Promise<CallResult> {
    running.add(id);
    const result = await functions.submit(invocation, id);
    if (result.kind !== "succeeded") forget(id);
    return result;
  }

  function forget(id: string): void {
    running.delete(id);
    store.write(() => submissions.remove([keyText(id)]));
  }

  async function finished(id: string, result: CallResult): Promise<void> {
    const { token } = submissions.get([keyText(id)]) ?? {};
    try {
      if (token !== undefined) await report(token, result);
      forget(id);
    } catch (error) {
      log(`the end of a submitted function could not be reported: ${error instanceof Error ? error.message : error}`);
    }
  }

  return {
    async submit(invocation, token) {
      const id = invocation.context.attemptId;
      // The attempt is redone; its function has been accepted and runs.
      if (running.has(id) || resumed.has(id)) return { kind: "succeeded" };
      store.write(() => submissions.put([keyText(id)], { invocation, ...(token === undefined ? {} : { token }) }));
      return hand(id, invocation);
    },
    finished,
    resume() {
      for (const { value } of [...submissions.rows({})]) {
        const id = value.invocation.context.attemptId;
        resumed.add(id);
        hand(id, value.invocation)
          .then((result) => (result.kind === "succeeded" ? undefined : finished(id, result)))
          .catch(() => {});
      }
    },
  };
}
