/** Nothing is told before it is durable: a refusal as well may rest on what somebody else did a moment ago. */
import { type Refusal, refusalOrFault } from "./errors.ts";

/** Performs, waits until all that was done may be told, and returns what came of it. Never rejects: what goes wrong goes through `refuse`. */
export type Conclude = <T>(perform: () => Promise<T>, refuse: (refusal: Refusal) => T) => Promise<T>;

export function concludeAfter(settled: () => Promise<void>, onError: (error: unknown) => void): Conclude {
  return async <T>(perform: () => Promise<T>, refuse: (refusal: Refusal) => T) => {
    let outcome: T;
    try {
      outcome = await perform();
    } catch (error) {
      outcome = refuse(refusalOrFault(error, onError));
    }
    try {
      await settled();
    } catch (error) {
      outcome = refuse(refusalOrFault(error, onError));
    }
    return outcome;
  };
}
