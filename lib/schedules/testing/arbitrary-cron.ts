/** Random cron expressions, each with what it means: made together, so that the meaning owes nothing to the parser. */
import fc from "fast-check";

export interface MeantField {
  readonly text: string;
  readonly values: ReadonlySet<number>;
  readonly unrestricted: boolean;
}

export interface MeantCron {
  readonly text: string;
  readonly second: number;
  readonly minutes: MeantField;
  readonly hours: MeantField;
  readonly daysOfMonth: MeantField;
  readonly months: MeantField;
  readonly daysOfWeek: MeantField;
  readonly timeZone: string;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const DAYS = "mon tue wed thu fri sat sun".split(" ");

/** Expressions in one of these zones; on every day, when the time of day alone is wanted. */
export function arbitraryCron(zones: readonly string[], { everyDay = false } = {}): fc.Arbitrary<MeantCron> {
  const anyDay = { maxLength: everyDay ? 0 : 3 };
  return fc
    .record({
      second: fc.integer({ min: 0, max: 59 }),
      minutes: field(0, 59),
      hours: field(0, 23),
      daysOfMonth: field(1, 31, { any: ["*", "?"], ...anyDay }),
      months: field(1, 12, { names: MONTHS, ...anyDay }),
      daysOfWeek: field(1, 7, { names: DAYS, any: ["*", "?"], steps: false, ...anyDay }),
      timeZone: fc.constantFrom(...zones),
    })
    .map((cron) => ({ ...cron, text: written(cron) }));
}

function written(cron: Omit<MeantCron, "text">): string {
  const fields = [cron.minutes, cron.hours, cron.daysOfMonth, cron.months, cron.daysOfWeek].map((one) => one.text);
  return `${cron.timeZone === "UTC" ? "" : `CRON_TZ=${cron.timeZone} `}${cron.second} ${fields.join(" ")}`;
}

interface Kind {
  readonly names?: readonly string[];
  readonly any?: readonly string[];
  readonly steps?: boolean;
  /** Of a list; 0: any value. */
  readonly maxLength?: number;
}

function field(from: number, to: number, kind: Kind = {}): fc.Arbitrary<MeantField> {
  const { names, any = ["*"], steps = true, maxLength = 3 } = kind;
  const all = spread(from, to, 1);
  const unrestricted = fc.constantFrom(...any).map((text) => ({ text, values: all, unrestricted: true }));
  const value = fc.integer({ min: from, max: to });
  const name = (n: number, named: boolean, upper: boolean): string => {
    const short = names?.[n - from];
    if (!named || short === undefined) return String(n);
    return upper ? short.toUpperCase() : short;
  };
  const step = fc.integer({ min: 2, max: to - from + 1 });
  const item = fc
    .tuple(value, value, step, fc.boolean(), fc.boolean(), fc.nat(4))
    .map(([a, b, n, named, upper, kind]) => {
      const [first, last] = a < b ? [a, b] : [b, a];
      const range = `${name(first, named, upper)}-${name(last, !named, upper)}`;
      if (kind === 0 || (!steps && kind > 1)) return { text: name(a, named, upper), values: spread(a, a, 1) };
      if (kind === 1) return { text: range, values: spread(first, last, 1) };
      if (kind === 2) return { text: `${range}/${n}`, values: spread(first, last, n) };
      if (kind === 3) return { text: `${name(a, named, upper)}/${n}`, values: spread(a, to, n) };
      return { text: `*/${n}`, values: spread(from, to, n) };
    });
  if (maxLength === 0) return unrestricted;
  const list = fc.array(item, { minLength: 1, maxLength }).map((items) => ({
    text: items.map(({ text }) => text).join(","),
    values: new Set(items.flatMap(({ values }) => [...values])),
    unrestricted: false,
  }));
  return fc.oneof(unrestricted, list);
}

function spread(first: number, last: number, step: number): ReadonlySet<number> {
  const values = new Set<number>();
  for (let value = first; value <= last; value += step) values.add(value);
  return values;
}
