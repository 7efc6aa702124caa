/** When a schedule fires: the two kinds of expression of fdl.md §8, parsed once into what the rest works with. */
import { StepwellError } from "../fdl/errors.ts";
import { quote } from "../fdl/problem.ts";
import { type CronField, FIELDS, parseField } from "./field.ts";

export type ScheduleExpression = EveryExpression | CronExpression;

/** `@every <n>m`: each n minutes from the schedule's creation. */
export interface EveryExpression {
  readonly kind: "every";
  readonly minutes: number;
}

/** Six fields of local times in a zone. When both day fields are restricted, a day of either fires. */
export interface CronExpression {
  readonly kind: "cron";
  /** The second of each minute that fires: one number, so that no two times are closer than a minute. */
  readonly second: number;
  readonly minutes: CronField;
  readonly hours: CronField;
  readonly daysOfMonth: CronField;
  /** 1 = January. */
  readonly months: CronField;
  /** 1 = Monday … 7 = Sunday. */
  readonly daysOfWeek: CronField;
  /** IANA name; UTC when the expression names none. */
  readonly timeZone: string;
}

const ZONE_PREFIX = "CRON_TZ=";
const ORDER = "seconds, minutes, hours, days of month, months, days of week";

/**
 * Parses the expression of a schedule (fdl.md §8): `@every <n>m`, or six cron fields behind an optional
 * `CRON_TZ=<IANA zone>`. Whatever else is in the text is refused with StepwellError `InvalidArgument`; a date that never
 * comes (31 February) is not.
 *
 * @example
 * parseExpression("CRON_TZ=Asia/Shanghai 0 0/5 4-6 ? * MON-FRI");
 */
export function parseExpression(text: string): ScheduleExpression {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const [first] = words;
  if (first === undefined) throw refused(`it is empty; write "@every <n>m" or six fields: ${ORDER}`);
  if (first.startsWith("@")) return parseEvery(words);
  return first.startsWith(ZONE_PREFIX)
    ? parseCron(words.slice(1), parseZone(first.slice(ZONE_PREFIX.length)))
    : parseCron(words, "UTC");
}

function parseEvery(words: readonly string[]): EveryExpression {
  const [word, period = "", ...more] = words;
  if (word !== "@every") throw refused(`${quote(word ?? "")} is not known; what may begin with @ is "@every <n>m"`);
  const [, digits = ""] = /^(\d+)m$/.exec(period) ?? [];
  const minutes = Number(digits);
  if (digits === "" || more.length > 0) {
    const found = words.slice(1).join(" ");
    throw refused(`@every takes whole minutes as <n>m (such as @every 90m), not ${quote(found)}`);
  }
  if (minutes < 1) throw refused("@every 0m is too often; the smallest period is 1 minute, @every 1m");
  if (!Number.isSafeInteger(minutes * 60_000)) throw refused(`@every ${quote(period)} is too long a period`);
  return { kind: "every", minutes };
}

function parseCron(words: readonly string[], timeZone: string): CronExpression {
  const [seconds, minutes, hours, daysOfMonth, months, daysOfWeek, ...more] = words;
  if (
    seconds === undefined ||
    minutes === undefined ||
    hours === undefined ||
    daysOfMonth === undefined ||
    months === undefined ||
    daysOfWeek === undefined ||
    more.length > 0
  ) {
    const found = `${words.length} field${words.length === 1 ? "" : "s"}`;
    throw refused(`it has ${found}; six are needed: ${ORDER}`);
  }
  const [second = 0] = parseField(seconds, FIELDS.seconds).values;
  return {
    kind: "cron",
    second,
    minutes: parseField(minutes, FIELDS.minutes),
    hours: parseField(hours, FIELDS.hours),
    daysOfMonth: parseField(daysOfMonth, FIELDS.daysOfMonth),
    months: parseField(months, FIELDS.months),
    daysOfWeek: parseField(daysOfWeek, FIELDS.daysOfWeek),
    timeZone,
  };
}

function parseZone(zone: string): string {
  // Offsets such as +08:00 are zones to Intl and none to EventBridge Scheduler.
  const known = /^[A-Za-z]/.test(zone) && knownToIntl(zone);
  if (!known) throw refused(`${quote(zone)} is no time zone; ${ZONE_PREFIX} takes an IANA name such as Asia/Shanghai`);
  return zone;
}

function knownToIntl(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function refused(why: string): StepwellError {
  return new StepwellError("InvalidArgument", `the schedule's expression is invalid: ${why}`);
}
