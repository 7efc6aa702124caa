/** One field of a cron expression: what may stand in each of the six, by the table of fdl.md §8. */
import { StepwellError } from "../fdl/errors.ts";
import { quote } from "../fdl/problem.ts";

export interface CronField {
  /** Sorted, each once, never empty. */
  readonly values: readonly number[];
  /** Written as any value: what decides between the two day fields. A list of all values is a restriction. */
  readonly unrestricted: boolean;
}

export interface FieldSpec {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The characters beyond numbers and names; each is refused where it is not listed. */
  readonly specials: string;
  /** Names of the values from `from` on. */
  readonly names: readonly string[];
}

/** Monday first: 1 = MON, as the service's documentation orders them. */
const DAY_NAMES = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;
const MONTH_NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] as const;

export const FIELDS = {
  seconds: { name: "seconds", from: 0, to: 59, specials: "", names: [] },
  minutes: { name: "minutes", from: 0, to: 59, specials: ",-*/", names: [] },
  hours: { name: "hours", from: 0, to: 23, specials: ",-*/", names: [] },
  daysOfMonth: { name: "days of month", from: 1, to: 31, specials: ",-*?/", names: [] },
  months: { name: "months", from: 1, to: 12, specials: ",-*/", names: MONTH_NAMES },
  daysOfWeek: { name: "days of week", from: 1, to: 7, specials: ",-*?", names: DAY_NAMES },
} as const satisfies { readonly [field: string]: FieldSpec };

/** Parses a field; StepwellError `InvalidArgument` says which one, what is wrong in it and what it may hold. */
export function parseField(text: string, spec: FieldSpec): CronField {
  for (const special of text.match(/[^A-Za-z0-9]/gu) ?? []) {
    if (!spec.specials.includes(special)) throw wrong(spec, text, `${quote(special)} is not allowed here`);
  }
  if (text === "?") return { values: between(spec.from, spec.to, 1), unrestricted: true };
  const items = text.split(",").map((item) => parseItem(item, spec, text));
  return {
    values: [...new Set(items.flatMap((item) => item.values))].sort((a, b) => a - b),
    unrestricted: items.some((item) => item.unrestricted),
  };
}

/** A value, a range, or any value; behind it perhaps a step. */
function parseItem(item: string, spec: FieldSpec, text: string): CronField {
  if (item.includes("?")) throw wrong(spec, text, "? stands alone or not at all");
  const [base = "", stepText, ...more] = item.split("/");
  if (more.length > 0) throw wrong(spec, text, `${quote(item)} has more than one step`);
  const step = stepText === undefined ? 1 : parseStep(stepText, spec, text);
  if (base === "*") return { values: between(spec.from, spec.to, step), unrestricted: step === 1 };
  const [firstText = "", lastText, ...others] = base.split("-");
  if (others.length > 0) throw wrong(spec, text, `${quote(base)} is no range; a range is first-last`);
  const first = parseValue(firstText, spec, text);
  if (lastText === undefined) {
    // a/b runs to the end of the field; a alone is itself.
    return { values: between(first, stepText === undefined ? first : spec.to, step), unrestricted: false };
  }
  const last = parseValue(lastText, spec, text);
  if (first > last) throw wrong(spec, text, `the range ${base} runs backwards; ${split(first, last, base, spec)}`);
  return { values: between(first, last, step), unrestricted: false };
}

function parseValue(text: string, spec: FieldSpec, whole: string): number {
  const name = spec.names.indexOf(text.toUpperCase());
  if (name >= 0) return spec.from + name;
  if (!/^\d+$/.test(text)) {
    throw wrong(spec, whole, text === "" ? "a value is missing" : `${quote(text)} is no value`);
  }
  const value = Number(text);
  if (value < spec.from || value > spec.to) {
    throw wrong(spec, whole, `${quote(text)} is not from ${spec.from} to ${spec.to}`);
  }
  return value;
}

/** A step that is longer than the field would never be taken: who writes minutes as 0/90 means something else. */
function parseStep(text: string, spec: FieldSpec, whole: string): number {
  const size = spec.to - spec.from + 1;
  const step = /^\d+$/.test(text) ? Number(text) : 0;
  if (step < 1 || step > size) {
    const every = spec === FIELDS.minutes ? " (longer periods: @every <n>m)" : "";
    throw wrong(spec, whole, `the step ${quote(text)} is not from 1 to ${size}${every}`);
  }
  return step;
}

/** Says how to write a range that passes the end of the field: a slip such as 30-10 must not become most of an hour. */
function split(first: number, last: number, base: string, spec: FieldSpec): string {
  const [firstText = "", lastText = ""] = base.split("-");
  const end = first === spec.to ? firstText : `${firstText}-${spec.names.at(-1) ?? spec.to}`;
  const start = last === spec.from ? lastText : `${spec.names[0] ?? spec.from}-${lastText}`;
  return `over the end it is written as ${end},${start}`;
}

function between(first: number, last: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}

function wrong(spec: FieldSpec, text: string, why: string): StepwellError {
  return new StepwellError(
    "InvalidArgument",
    `the schedule's field ${spec.name} is ${quote(text)}: ${why}; ${takes(spec)}`,
  );
}

function takes({ name, from, to, specials, names }: FieldSpec): string {
  if (specials === "") return `${name} take one number from ${from} to ${to}`;
  const named = names.length === 0 ? "" : ` or ${names[0]}-${names.at(-1)} (${from} = ${names[0]})`;
  return `${name} take ${from}-${to}${named} and ${[...specials].join(" ")}`;
}
