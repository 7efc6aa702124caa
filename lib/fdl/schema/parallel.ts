/** `parallel`: runs branches at the same time (fdl.md §3.5). */
import { MAX_BRANCHES } from "../limits.ts";
import { errorHandling, errorHandlingOf } from "./error-handling.ts";
import { list } from "./list.ts";
import { record } from "./record.ts";
import { commonOf, end, stepFields, stepType } from "./step-type.ts";
import { steps } from "./steps.ts";

const branch = record(
  { title: "a branch", fields: { steps: { kind: steps(1), required: true, about: "The steps of the branch." } } },
  (values) => values.steps && { steps: values.steps },
);

const branches = list(branch, { min: 1, max: MAX_BRANCHES, of: "branches", example: "[{steps: […]}]" });

export const parallel = stepType(
  "parallel",
  {
    fields: {
      ...stepFields("parallel"),
      branches: { kind: branches, required: true, about: "The branches; the step ends when all of them have ended." },
      ...errorHandling,
      end,
    },
  },
  (values, node, place) => {
    const common = commonOf(values);
    const handling = errorHandlingOf(values, node, place);
    if (common === undefined || values.branches === undefined) return undefined;
    return { type: "parallel", ...common, branches: values.branches, ...handling, end: values.end ?? false };
  },
);
