/**
 * A schedule's expression as EventBridge Scheduler takes it: `rate(…)`, or `cron(minutes hours day-of-month month
 * day-of-week year)` in a time zone
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
 */
import type { CronExpression, ScheduleExpression } from "./expression.ts";
import type { CronField } from "./field.ts";
import { asRanges } from "./ranges.ts";

export interface EventBridgeSchedule {
  /** ScheduleExpression. */
  readonly expression: string;
  /** ScheduleExpressionTimezone. */
  readonly timeZone: string;
}

export interface EventBridgeForm {
  /** One, or two that may both fire in the same minute: what they start is named by the minute. */
  readonly schedules: readonly EventBridgeSchedule[];
  /** EventBridge knows no seconds: its message is to be delayed by this. */
  readonly delaySeconds: number;
}

/**
 * The EventBridge Scheduler form of an expression. A rate begins at once unless the schedule has a StartDate: give it the
 * first time by `nextAfter`. A day field that is not used is `?`; since exactly one must be, an expression that restricts
 * both becomes two.
 *
 * @example
 * eventBridgeForm(parseExpression("30 0/30 4 ? * MON-FRI"));
 * // { schedules: [{ expression: "cron(0,30 4 ? * MON-FRI *)", timeZone: "UTC" }], delaySeconds: 30 }
 */
export function eventBridgeForm(expression: ScheduleExpression): EventBridgeForm {
  switch (expression.kind) {
    case "every": {
      const { minutes } = expression;
      const rate = `rate(${minutes} ${minutes === 1 ? "minute" : "minutes"})`;
      return { schedules: [{ expression: rate, timeZone: "UTC" }], delaySeconds: 0 };
    }
    case "cron": {
      const schedules = days(expression).map((day) => ({
        expression: cron(expression, day),
        timeZone: expression.timeZone,
      }));
      return { schedules, delaySeconds: expression.second };
    }
    default:
      return expression satisfies never;
  }
}

interface Days {
  readonly ofMonth: string;
  readonly ofWeek: string;
}

/** EventBridge's week. A range such as SAT-SUN would run backwards in it. */
const EVENT_BRIDGE_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

/** The day fields of each schedule: days of the month, days of the week, or each in its own. */
function days({ daysOfMonth, daysOfWeek }: CronExpression): readonly Days[] {
  const ofMonth = { ofMonth: field(daysOfMonth), ofWeek: "?" };
  if (daysOfWeek.unrestricted) return [ofMonth];
  // 7 is Sunday, which comes first here. By name, because EventBridge's numbers are other days.
  const week = daysOfWeek.values.map((day) => day % EVENT_BRIDGE_DAYS.length).sort((a, b) => a - b);
  const ofWeek = { ofMonth: "?", ofWeek: asRanges(week, (day) => EVENT_BRIDGE_DAYS[day] ?? "") };
  return daysOfMonth.unrestricted ? [ofWeek] : [ofMonth, ofWeek];
}

function cron({ minutes, hours, months }: CronExpression, day: Days): string {
  return `cron(${field(minutes)} ${field(hours)} ${day.ofMonth} ${field(months)} ${day.ofWeek} *)`;
}

function field({ values, unrestricted }: CronField): string {
  return unrestricted ? "*" : asRanges(values);
}
