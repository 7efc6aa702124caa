/** `foreach`: runs its steps for each item of an array (fdl.md §3.6, §12). */
import { DEFAULT_CONCURRENCY, MAX_CONCURRENCY } from "../limits.ts";
import { quote } from "../problem.ts";
import { entryOf, scalarOf } from "../source.ts";
import { errorHandling, errorHandlingOf, judgeErrorHandling } from "./error-handling.ts";
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
    judge: (node, place) => {
      const item = scalarOf(entryOf(node, "item")?.value);
      if (typeof item !== "string" || item !== scalarOf(entryOf(node, "index")?.value)) return;
      reportError(place, node.at, `"item" and "index" must be different keys: both are ${quote(item)}.`);
    },
  },
  ({ collection: { text, value: path }, item, index }) => ({
    collection: { path, text },
    item,
    ...(index !== undefined && { index }),
  }),
);

const fields = {
  ...stepFields("foreach"),
  iterationMapping: { kind: iterationMapping, required: true, about: "What to iterate over, and how it is called." },
  steps: { kind: steps(1), required: true, about: "The steps of each iteration." },
  concurrency: {
    kind: number({ min: 1, max: MAX_CONCURRENCY, whole: true }),
    about: `How many iterations run at the same time; default ${DEFAULT_CONCURRENCY}.`,
  },
  ...errorHandling,
  end,
} as const;

export const foreach = stepType("foreach", { fields, judge: judgeErrorHandling }, (values) => {
  const { iterationMapping, steps, concurrency = DEFAULT_CONCURRENCY, end = false } = values;
  const handling = errorHandlingOf(values);
  return { type: "foreach", ...commonOf(values), iterationMapping, concurrency, steps, ...handling, end };
});
