/** `succeed` and `fail`: the steps that end a list, whatever `end` says (fdl.md §3.7, §3.8). */
import { literal } from "./expression.ts";
import { commonOf, stepFields, stepType } from "./step-type.ts";

export const succeed = stepType("succeed", { fields: stepFields("succeed") }, (values) => {
  const common = commonOf(values);
  return common && { type: "succeed", ...common };
});

const fields = {
  ...stepFields("fail"),
  error: { kind: literal, about: "The name of the error that the execution fails with; a constant." },
  cause: { kind: literal, about: "What happened, for people; a constant." },
};

export const fail = stepType("fail", { fields }, (values) => {
  const common = commonOf(values);
  return common && { type: "fail", ...common, error: values.error ?? "", cause: values.cause ?? "" };
});
