/** Retries and catches of tasks and forks. */
import * as fc from "fast-check";
import type { JsonObject } from "../../../lib/fdl/json.ts";
import { caughtOutputs } from "./data.ts";
import { pick } from "./pick.ts";
import type { Errors, Handling } from "./sketch.ts";

const retries = pick<JsonObject | undefined>(
  [9, undefined],
  [2, { intervalSeconds: 1, maxAttempts: 1 }],
  [2, { intervalSeconds: 0, maxAttempts: 2 }],
  [2, { intervalSeconds: 5, maxAttempts: 3, multiplier: 1.5 }],
  [1, { maxAttempts: 2 }],
  [1, { intervalSeconds: 60, maxAttempts: 2, multiplier: 1 }],
  [1, { intervalSeconds: 400, maxAttempts: 3, maxIntervalSeconds: 500 }],
  [1, { intervalSeconds: 2_000, maxAttempts: 1 }],
  [1, { intervalSeconds: 1_000_000, maxAttempts: 1 }],
);

const retried = pick<Errors>([3, "all"], [4, "own"], [2, "lost"], [1, "other"]);
/** No retries, and nothing is caught. */
export const NO_HANDLING: Handling = {
  retry: undefined,
  retried: "all",
  caught: undefined,
  jump: 0,
  output: undefined,
  onLost: false,
};

function handlings(caught: fc.Arbitrary<Errors | undefined>): fc.Arbitrary<Handling> {
  const some = fc.record({
    retry: retries,
    retried,
    caught,
    jump: fc.nat({ max: 2 }),
    output: caughtOutputs,
    onLost: pick([14, false], [1, true]),
  });
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 4, arbitrary: fc.constant(NO_HANDLING) },
    { weight: 6, arbitrary: some },
  );
}

export const taskHandlings = handlings(
  pick<Errors | undefined>([3, undefined], [4, "all"], [3, "own"], [1, "lost"], [1, "other"]),
);

/** Of whole parallel and foreach steps: rarer, and the errors are those of what is inside. */
export const forkHandlings = handlings(pick<Errors | undefined>([3, undefined], [5, "all"], [2, "own"]));
