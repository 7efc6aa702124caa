/** Ports to the outside that wait until all that their caller goes by is on disk. */
import type { Destinations } from "../../runtime/ports/destinations.ts";
import type { Functions } from "../../runtime/ports/functions.ts";

export interface AfterDurable {
  functions(inner: Functions): Functions;
  destinations(inner: Destinations): Destinations;
}

/**
 * Wraps ports so that each call is made after `durable`. Once `stopped` is aborted no call is made and none returns: the
 * process ends, the message that asked for it is still in the queue, and nobody may write any more.
 */
export function afterDurable(durable: () => Promise<void>, stopped: AbortSignal): AfterDurable {
  async function outside<T>(call: () => Promise<T>): Promise<T> {
    await durable();
    if (stopped.aborted) return never();
    try {
      const result = await call();
      return stopped.aborted ? await never() : result;
    } catch (error) {
      if (stopped.aborted) return never();
      throw error;
    }
  }

  return {
    functions: (inner) => ({
      invoke: (invocation) => outside(() => inner.invoke(invocation)),
      submit: (invocation, token) => outside(() => inner.submit(invocation, token)),
      resolveAlias: (resource) => inner.resolveAlias(resource),
    }),
    destinations: (inner) => ({
      send: (call, context) => outside(() => inner.send(call, context)),
    }),
  };
}

function never(): Promise<never> {
  return new Promise(() => {});
}
