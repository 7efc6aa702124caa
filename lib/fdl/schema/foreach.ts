/** `foreach`: runs its steps for each item of an array (fdl.md §3.6, §12). */
import { DEFAULT_CONCURRENCY, MAX_CONCURRENCY } from "../limits.ts";
import { errorHandling, errorHandlingOf } from "./error-handling.ts";
import { collection } from "./expression.ts";
import { reportError } from "./kind.ts";
import { record } from "./record.ts";
import { number, text } from "./scalar.ts";
import { commonOf, end, stepFields, stepType } from "./step-type.ts";
import { steps } from "./steps.ts";

const iterationMapping = record(
  {
    title: "an iterationMapping",
    fields: {
      collection: {
        kind: collection,
        required: true,
        about: "A path to the array in the step's own input, e.g. $.items.",
      },
      item: { kind: text(), required: true, about: "The key under which an iteration finds its item." },
      index: { kind: text(), about: "The key under which an iteration finds its number, counted from 0." },
    },
  },
  ({ collection: given, item, index }, node, place) => {
    if (item !== undefined && item === index) {
      reportError(place, node.at, `"item" and "index" must be different keys: both are ${JSON.stringify(item)}.`);
    }
    if (given === undefined || item === undefined) return undefined;
    return { collection: { path: given.value, text: given.text }, item, ...(index !== undefined && { index }) };
  },
);

export const foreach = stepType(
  "foreach",
  {
    fields: {
      ...stepFields("foreach"),
      iterationMapping: {
        kind: iterationMapping,
        required: true,
        about: "What to iterate over, and how it is called.",
      },
      steps: { kind: steps(1), required: true, about: "The steps of each iteration." },
      concurrency: {
        kind: number({ min: 1, max: MAX_CONCURRENCY, whole: true }),
        about: `How many iterations run at the same time; default ${DEFAULT_CONCURRENCY}.`,
      },
      ...errorHandling,
      end,
    },
  },
  (values, node, place) => {
    const common = commonOf(values);
    const handling = errorHandlingOf(values, node, place);
    const { iterationMapping: mapping, steps: body, concurrency = DEFAULT_CONCURRENCY } = values;
    if (common === undefined || mapping === undefined || body === undefined) return undefined;
    return {
      type: "foreach",
      ...common,
      iterationMapping: mapping,
      concurrency,
      steps: body,
      ...handling,
      end: values.end ?? false,
    };
  },
);
