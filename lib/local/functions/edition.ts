/**
 * The functions in one state of their code: the processes that have loaded it, and which function a task means in it.
 * A change of the code makes a new edition; attempts end in the one that they began in.
 */
import type { CallResult, Invocation } from "../../runtime/ports/functions.ts";
import { type Place, runAttempt } from "./attempt.ts";
import type { Catalog, Found } from "./catalog.ts";
import { broken } from "./death.ts";
import { failure } from "./failure.ts";
import type { FunctionResource } from "./names.ts";
import type { LoadedFunctions, Pool } from "./pool.ts";
import type { LoadProblem } from "./protocol.ts";

/** Functions that cannot be called, by what they are called in the source; "" stands for all. */
export type Problems = ReadonlyMap<string, LoadProblem>;

export interface Edition {
  /** Resolves when all that there is was loaded once. */
  readonly loaded: Promise<{ readonly catalog: Catalog | undefined; readonly problems: Problems }>;
  /** Names for the user; empty until they are loaded. */
  names(): readonly string[];
  /** Calls `settle` once, never when the edition is closed before. */
  run(invocation: Invocation, event: string, settle: (result: CallResult) => void): void;
  /** Resolves when no attempt waits or runs here. */
  drained(): Promise<void>;
  /** Ends the processes. Their attempts get no answer. */
  close(): Promise<void>;
}

export interface EditionParts {
  readonly loaded: Edition["loaded"];
  readonly pools: readonly Pool[];
  names(): readonly string[];
  /** Where the function runs; or how its call ends without running. */
  placeOf(resource: FunctionResource): Place | CallResult;
}

export function editionOf({ loaded, pools, names, placeOf }: EditionParts): Edition {
  let attempts = 0;
  let drained: (() => void) | undefined;
  return {
    loaded,
    names,
    run(invocation, event, settle) {
      const place = placeOf(invocation.resource);
      if ("kind" in place) {
        settle(place);
        return;
      }
      attempts++;
      runAttempt(place, invocation, event, (result) => {
        settle(result);
        if (--attempts === 0) drained?.();
      });
    },
    drained() {
      if (attempts === 0) return Promise.resolve();
      return new Promise((resolve) => {
        drained = resolve;
      });
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.close()));
    },
  };
}

export function notFound(message: string): Extract<CallResult, { kind: "failed" }> {
  return { kind: "failed", ...failure("FC.FunctionNotFound", message, [], "FunctionNotFound") };
}

/** The choice of a function from what a process has loaded. */
export function pickIn(found: Found, { problems }: LoadedFunctions): Found | Extract<CallResult, { kind: "failed" }> {
  const problem = Object.hasOwn(problems, found.key) ? problems[found.key] : undefined;
  return problem === undefined ? found : broken(problem);
}
