/** `wait`: for some seconds, or until a time (fdl.md §3.3). Both may be read from the step's input. */
import { toNumber } from "../compare.ts";
import { NUMBER } from "../lexeme.ts";
import { MAX_SECONDS } from "../limits.ts";
import { scalarOf } from "../source.ts";
import { parseTimestamp } from "../timestamp.ts";
import { param } from "./expression.ts";
import type { Kind } from "./kind.ts";
import { number, wrongType } from "./scalar.ts";
import { commonOf, end, stepFields, stepType } from "./step-type.ts";

const seconds = number({ max: MAX_SECONDS, whole: false, unit: "seconds (or a path such as $.seconds)" });

/** Seconds, as a number or as the text of one; zero and less do not wait. */
const duration: Kind<number> = {
  schema: { anyOf: [seconds.schema, { type: "string", pattern: `^-?${NUMBER.source}$` }] },
  read: (node, place) => {
    const value = toNumber(scalarOf(node) ?? null);
    return seconds.read(value !== undefined && node.kind === "scalar" ? { ...node, value } : node, place);
  },
};

const timestamp: Kind<string> = {
  schema: { type: "string" },
  read: (node, place) => {
    const value = String(scalarOf(node));
    if (parseTimestamp(value) !== undefined) return value;
    return wrongType(node, place, "a time such as 2030-01-31T08:00:00Z (or a path such as $.until)");
  },
};

const fields = {
  ...stepFields("wait"),
  duration: { kind: param(duration), about: "How many seconds to wait, at most a year, or a path to the number." },
  timestamp: { kind: param(timestamp), about: "The time to wait for (RFC 3339), or a path to it." },
  end,
};

export const wait = stepType("wait", { fields, either: ["duration", "timestamp"] }, (values) => {
  const { duration, timestamp, end = false } = values;
  return { type: "wait", ...commonOf(values), ...(duration && { duration }), ...(timestamp && { timestamp }), end };
});
