/** `pass`: sets variables, or is a target to jump to (fdl.md §3.2). */
import { commonOf, end, stepFields, stepType } from "./step-type.ts";

export const pass = stepType("pass", { fields: { ...stepFields("pass"), end } }, (values) => {
  return { type: "pass", ...commonOf(values), end: values.end ?? false };
});
