/**
 * When an expression fires next, and when it last did. Calendar and time zones are croner's; what it is told, and which of
 * its answers count, makes it do what EventBridge Scheduler documents for where the clock changes:
 *
 * * a local time that the clock skips does not fire that day;
 * * a local time that comes twice fires the first time only, unless every hour fires (hours `*`, of which EventBridge says
 *   nothing): such a schedule follows the time that passes and fires in both.
 */
import { Cron } from "croner";
import type { CronExpression, EveryExpression, ScheduleExpression } from "./expression.ts";
import { FIELDS } from "./field.ts";
import { asRanges } from "./ranges.ts";

/** The last moment that Date can say, ms. */
const END_OF_TIME = 8.64e15;

/**
 * The first time after `afterMs` at which the expression fires; undefined when there is none (31 February).
 *
 * @param createdMs from when `@every` counts: the first time is one period later. Cron does not depend on it.
 */
export function nextAfter(expression: ScheduleExpression, afterMs: number, createdMs: number): number | undefined {
  switch (expression.kind) {
    case "every": {
      const periods = Math.max(0, Math.floor((afterMs - createdMs) / periodMs(expression))) + 1;
      const next = createdMs + periods * periodMs(expression);
      return next > END_OF_TIME ? undefined : next;
    }
    case "cron":
      return firstThatIs(
        expression,
        (job) => job.nextRun(new Date(afterMs)),
        (job, run) => job.nextRun(run),
      );
    default:
      return expression satisfies never;
  }
}

/**
 * The last time not after `atMs` at which the expression fired; undefined when there was none. A firing that nobody
 * attended to is this one, if it is later than the last that somebody did: its period is not over before the next one.
 *
 * @param createdMs as for `nextAfter`.
 */
export function previousAt(expression: ScheduleExpression, atMs: number, createdMs: number): number | undefined {
  switch (expression.kind) {
    case "every": {
      const periods = Math.floor((atMs - createdMs) / periodMs(expression));
      return periods < 1 ? undefined : createdMs + periods * periodMs(expression);
    }
    case "cron": {
      const before = (job: Cron, at: Date): Date | null => job.previousRuns(1, at)[0] ?? null;
      // Croner's previous run is before the time it is given, by whole seconds.
      const second = Math.floor(atMs / 1000) * 1000 + 1000;
      return firstThatIs(expression, (job) => before(job, new Date(second)), before);
    }
    default:
      return expression satisfies never;
  }
}

function periodMs(expression: EveryExpression): number {
  return expression.minutes * 60_000;
}

/** Croner moves a time that the clock skips to the first one after the gap; such a run is passed over. */
function firstThatIs(
  expression: CronExpression,
  first: (job: Cron) => Date | null,
  following: (job: Cron, run: Date) => Date | null,
): number | undefined {
  // Croner would look for it up to the year 9999.
  if (!comes(expression)) return undefined;
  const job = new Cron(pattern(expression), {
    timezone: expression.timeZone,
    mode: "6-part",
    fixedTimeRule: "no-wildcard",
  });
  let run = first(job);
  while (run !== null && !job.match(run)) run = following(job, run);
  return run?.getTime();
}

/**
 * The expression for croner. Its `*` in the day fields is what makes it look at the other one alone, and any `*` in a field
 * of the time makes it fire in both of two equal hours: only the hours may say that here.
 */
function pattern(expression: CronExpression): string {
  const { second, minutes, hours, daysOfMonth, months, daysOfWeek } = expression;
  const everyHour = hours.values.length === FIELDS.hours.to + 1;
  return [
    second,
    asRanges(minutes.values),
    everyHour ? "*" : asRanges(hours.values),
    daysOfMonth.unrestricted ? "*" : asRanges(daysOfMonth.values),
    asRanges(months.values),
    // Croner's 7 is Sunday too.
    daysOfWeek.unrestricted ? "*" : asRanges(daysOfWeek.values),
  ].join(" ");
}

/** The most days that each month can have. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function comes({ daysOfMonth, months, daysOfWeek }: CronExpression): boolean {
  const [earliest = 1] = daysOfMonth.values;
  return !daysOfWeek.unrestricted || months.values.some((month) => earliest <= (LONGEST[month - 1] ?? 0));
}
