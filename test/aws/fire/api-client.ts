/** A client of the function URL that asks again until it is answered: requests and answers get lost on the way, and services fail. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../../chaos/lives.ts";
import type { Deployed } from "../deployed.ts";

export interface ApiClient {
  /** The answer to an action, a refusal or not. Rejects with `NoAnswer` when there is none until `until` (ms). */
  call(action: string, parameters: Readonly<Record<string, string>>): Promise<Answer>;
  /** Requests that had to be sent again. */
  readonly again: { count: number };
}

/** Between two requests, ms. */
const PAUSE_MS = 50;

export function apiClient({ call }: Pick<Deployed, "call">, until: number): ApiClient {
  const again = { count: 0 };

  async function once(action: string, parameters: Readonly<Record<string, string>>): Promise<Answer | undefined> {
    try {
      const { status, body } = await call(action, parameters);
      return status >= 500 ? undefined : body;
    } catch (error) {
      // fetch's word for a connection that was closed; what is no JSON is no answer of ours.
      if (error instanceof TypeError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  return {
    again,
    async call(action, parameters) {
      for (;;) {
        const answer = await once(action, parameters);
        if (answer !== undefined) return answer;
        if (Date.now() > until) throw new Error(`NoAnswer: ${action} ${JSON.stringify(parameters)}`);
        again.count++;
        await sleep(PAUSE_MS);
      }
    },
  };
}
