/** `pass`: sets variables, or is a target to jump to (fdl.md §3.2). */
import { commonOf, end, noErrorHandling, stepFields, stepType } from "./step-type.ts";

export const pass = stepType(
  "pass",
  { title: "a pass step", fields: { ...stepFields("pass"), end }, refused: noErrorHandling },
  (values) => {
    const common = commonOf(values);
    return common && { type: "pass", ...common, end: values.end ?? false };
  },
);
