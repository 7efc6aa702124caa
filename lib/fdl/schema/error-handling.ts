/** `retry`, `catch` and `errorMappings` of tasks and, beyond FnF, of parallel and foreach (fdl.md §6.3, §6.4, §12). */
import type { CatchPolicy, ErrorHandling, RetryPolicy } from "../definition.ts";
import {
  DEFAULT_INTERVAL_SECONDS,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_MAX_INTERVAL_SECONDS,
  DEFAULT_MULTIPLIER,
  MAX_SECONDS,
} from "../limits.ts";
import { entryOf, type MapNode } from "../source.ts";
import { named, type Place, reportWarning } from "./kind.ts";
import { list } from "./list.ts";
import { mappings } from "./mapping.ts";
import { type Fields, record, type Values } from "./record.ts";
import { number, text } from "./scalar.ts";
import { target } from "./steps.ts";

const errors = {
  kind: list(text(), { min: 1, of: "error names", example: "[FnF.ALL]" }),
  required: true,
  about: "The names of the errors it is for, exactly as they are raised; FnF.ALL stands for all.",
} as const;

const seconds = { min: 0, max: MAX_SECONDS, whole: true, unit: "seconds" };

const retry = record(
  {
    title: "a retry policy",
    fields: {
      errors,
      intervalSeconds: {
        kind: number(seconds),
        about: `Delay before the first retry; default ${DEFAULT_INTERVAL_SECONDS}.`,
      },
      maxAttempts: {
        kind: number({ min: 0, whole: true }),
        about: `How often to try again after the first attempt; default ${DEFAULT_MAX_ATTEMPTS}.`,
      },
      multiplier: {
        kind: number({ min: 1, whole: false }),
        about: `What each delay is multiplied by for the next; default ${DEFAULT_MULTIPLIER}.`,
      },
      maxIntervalSeconds: {
        kind: number(seconds),
        about: `The longest delay; default ${DEFAULT_MAX_INTERVAL_SECONDS}, or intervalSeconds where that is longer.`,
      },
    },
  },
  (values): RetryPolicy => {
    const intervalSeconds = values.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS;
    return {
      errors: values.errors,
      intervalSeconds,
      maxAttempts: values.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      multiplier: values.multiplier ?? DEFAULT_MULTIPLIER,
      // FnF's intervals end at its default maximum; a longer one (fdl.md §12) must not be cut by a default.
      maxIntervalSeconds: values.maxIntervalSeconds ?? Math.max(DEFAULT_MAX_INTERVAL_SECONDS, intervalSeconds),
    };
  },
);

const catching = record(
  {
    title: "a catch policy",
    fields: {
      errors,
      goto: { kind: target, required: true, about: "The step to go on with: a sibling of the step that failed." },
    },
    refused: { steps: "put the steps behind the one that its goto names." },
  },
  ({ errors, goto }): CatchPolicy => ({ errors, goto }),
);

export const retryPolicies = named("retry", list(retry, { of: "retry policies", example: "[{errors: [FnF.ALL]}]" }));

export const catchPolicies = named(
  "catch",
  list(catching, { of: "catch policies", example: "[{errors: [FnF.ALL], goto: step}]" }),
);

export const errorHandling = {
  retry: { kind: retryPolicies, about: "When to try again; the first policy that names the error decides." },
  catch: {
    kind: catchPolicies,
    about: "Where to go on when retrying is over; the first policy that names the error decides.",
  },
  errorMappings: { kind: mappings, about: "Builds the step's output after a catch; $local is {error, cause}." },
} satisfies Fields;

/** What the error handling keys need of each other. */
export function judgeErrorHandling(node: MapNode, place: Place): void {
  const mapped = entryOf(node, "errorMappings");
  if (mapped === undefined || entryOf(node, "catch") !== undefined) return;
  reportWarning(place, mapped.at, '"errorMappings" does nothing without "catch".');
}

/** The error handling of a step. */
export function errorHandlingOf(values: Values<typeof errorHandling>): ErrorHandling {
  const { retry = [], catch: caught = [], errorMappings } = values;
  return { retry, catch: caught, ...(errorMappings && { errorMappings }) };
}
