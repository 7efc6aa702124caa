/** `parallel`: runs branches at the same time (fdl.md §3.5). */
import { MAX_BRANCHES } from "../limits.ts";
import { errorHandling, errorHandlingOf, judgeErrorHandling } from "./error-handling.ts";
import { list } from "./list.ts";
import { record } from "./record.ts";
import { commonOf, end, stepFields, stepType } from "./step-type.ts";
import { steps } from "./steps.ts";

const branch = record(
  { title: "a branch", fields: { steps: { kind: steps(1), required: true, about: "The steps of the branch." } } },
  ({ steps }) => ({ steps }),
);

const branches = list(branch, { min: 1, max: MAX_BRANCHES, of: "branches", example: "[{steps: […]}]" });

const fields = {
  ...stepFields("parallel"),
  branches: { kind: branches, required: true, about: "The branches; the step ends when all of them have ended." },
  ...errorHandling,
  end,
} as const;

export const parallel = stepType("parallel", { fields, judge: judgeErrorHandling }, (values) => {
  const { branches, end = false } = values;
  return { type: "parallel", ...commonOf(values), branches, ...errorHandlingOf(values), end };
});
