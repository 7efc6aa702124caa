/** `succeed` and `fail`: the steps that end a list, whatever `end` says (fdl.md §3.7, §3.8). */
import { literal } from "./expression.ts";
import { commonOf, stepFields, stepType } from "./step-type.ts";

export const succeed = stepType("succeed", { fields: stepFields("succeed") }, (values) => {
  return { type: "succeed", ...commonOf(values) };
});

const fields = {
  ...stepFields("fail"),
  error: { kind: literal, about: "The name of the error that the execution fails with; a constant." },
  cause: { kind: literal, about: "What happened, for people; a constant." },
};

export const fail = stepType("fail", { fields }, (values) => {
  return { type: "fail", ...commonOf(values), error: values.error ?? "", cause: values.cause ?? "" };
});
