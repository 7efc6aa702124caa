/** `succeed` and `fail`: the steps that end a list (fdl.md §3.7, §3.8). */
import { text } from "./scalar.ts";
import { commonOf, noErrorHandling, stepFields, stepType } from "./step-type.ts";

const refused = { ...noErrorHandling, end: "it always ends its list of steps." };

export const succeed = stepType(
  "succeed",
  { title: "a succeed step", fields: stepFields("succeed"), refused },
  (values) => {
    const common = commonOf(values);
    return common && { type: "succeed", ...common };
  },
);

export const fail = stepType(
  "fail",
  {
    title: "a fail step",
    fields: {
      ...stepFields("fail"),
      error: { kind: text({ empty: true }), about: "The name of the error that the execution fails with; a constant." },
      cause: { kind: text({ empty: true }), about: "What happened, for people; a constant." },
    },
    refused,
  },
  (values) => {
    const common = commonOf(values);
    return common && { type: "fail", ...common, error: values.error ?? "", cause: values.cause ?? "" };
  },
);
