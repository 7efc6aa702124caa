import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EventBridgeForm, eventBridgeForm } from "./event-bridge.ts";
import { parseExpression } from "./expression.ts";
import { nextAfter } from "./next.ts";
import { arbitraryCron } from "./testing/arbitrary-cron.ts";
import { wallClock } from "./testing/wall-clock.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const form = (text: string): EventBridgeForm => eventBridgeForm(parseExpression(text));

describe("the EventBridge form", () => {
  it.each<[text: string, expressions: readonly string[], delaySeconds: number]>([
    ["@every 1m", ["rate(1 minute)"], 0],
    ["@every 90m", ["rate(90 minutes)"], 0],
    ["0 0/5 4-6 ? * MON-FRI", ["cron(0,5,10,15,20,25,30,35,40,45,50,55 4-6 ? * MON-FRI *)"], 0],
    ["0 0 10 1 * ?", ["cron(0 10 1 * ? *)"], 0],
    ["30 9 * * * *", ["cron(9 * * * ? *)"], 30],
    ["59 * * ? jan-MAR *", ["cron(* * * 1-3 ? *)"], 59],
    ["0 0 0 * * 1", ["cron(0 0 ? * MON *)"], 0],
    ["0 0 0 * * 7,2,3", ["cron(0 0 ? * SUN,TUE-WED *)"], 0],
    ["0 0 0 * * SAT-SUN", ["cron(0 0 ? * SUN,SAT *)"], 0],
    ["0 0 0 * * 1-7", ["cron(0 0 ? * SUN-SAT *)"], 0],
    ["0 0 0 13 * FRI", ["cron(0 0 13 * ? *)", "cron(0 0 ? * FRI *)"], 0],
    ["0 0 0 1-31 * ?", ["cron(0 0 1-31 * ? *)"], 0],
  ])("of %s", (text, expressions, delaySeconds) => {
    const { schedules, ...rest } = form(text);
    expect(schedules.map((schedule) => schedule.expression)).toEqual(expressions);
    expect(rest).toEqual({ delaySeconds });
    for (const schedule of schedules) expect(schedule.timeZone).toBe("UTC");
  });

  it("keeps the time zone", () => {
    expect(form("CRON_TZ=Asia/Shanghai 0 0 4 1 * MON").schedules).toEqual([
      { expression: "cron(0 4 1 * ? *)", timeZone: "Asia/Shanghai" },
      { expression: "cron(0 4 ? * MON *)", timeZone: "Asia/Shanghai" },
    ]);
  });

  it("stays within the 256 characters of a ScheduleExpression, however the values lie", () => {
    const pairs = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index)
        .filter((_, index) => index % 3 !== 2)
        .join(",");
    const worst = `0 ${pairs(0, 59)} ${pairs(0, 23)} ${pairs(1, 31)} ${pairs(1, 12)} ${pairs(1, 7)}`;
    for (const { expression } of form(worst).schedules) expect(expression.length).toBeLessThanOrEqual(256);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1 }), (minutes) => {
        const [schedule] = form(worst.replace(/^0 \S+/, `0 ${minutes.join(",")}`)).schedules;
        expect(schedule?.expression.length).toBeLessThanOrEqual(256);
      }),
    );
  });
});

const EB_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
/** EventBridge counts days of the week from 1 = SUN. */
const EB_DAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

/** What EventBridge's documentation says of a field: any value, or a list of values and ranges. */
function takes(field: string, value: number, names: readonly string[] = []): boolean {
  if (field === "*" || field === "?") return true;
  const number = (text = "") => (names.includes(text) ? names.indexOf(text) + 1 : Number(text));
  return field.split(",").some((item) => {
    const [first, last = first] = item.split("-");
    // Nothing says that EventBridge takes these.
    if (number(first) > number(last)) throw new Error(`${item} runs backwards`);
    return number(first) <= value && value <= number(last);
  });
}

/** Whether EventBridge Scheduler sends in the minute. */
function sends(form: EventBridgeForm, minuteMs: number): boolean {
  return form.schedules.some(({ expression, timeZone }) => {
    const match = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) \*\)$/.exec(expression);
    if (match === null) throw new Error(`not cron: ${expression}`);
    const [, minutes = "", hours = "", daysOfMonth = "", months = "", daysOfWeek = ""] = match;
    if ((daysOfMonth === "?") === (daysOfWeek === "?")) throw new Error(`one day field must be ?: ${expression}`);
    const clock = wallClock(minuteMs, timeZone);
    return (
      takes(minutes, clock.minute) &&
      takes(hours, clock.hour) &&
      takes(daysOfMonth, clock.day) &&
      takes(months, clock.month, EB_MONTHS) &&
      takes(daysOfWeek, (clock.weekday % 7) + 1, EB_DAYS)
    );
  });
}

it("EventBridge sends in the minutes of the next times, and the delay makes up their seconds", () => {
  // No clock changes here: what EventBridge does then is documented for a single time alone.
  const zones = ["UTC", "Asia/Shanghai", "Asia/Kolkata"];
  const start = fc.oneof(
    fc.constant(Date.UTC(2028, 1, 28)),
    fc.nat(2000).map((days) => Date.UTC(2024, 0) + days * DAY),
  );
  fc.assert(
    fc.property(arbitraryCron(zones), start, (meant, from) => {
      const expression = parseExpression(meant.text);
      const form = eventBridgeForm(expression);
      const expected: number[] = [];
      for (let at = from; at < from + 2 * DAY; at += MINUTE) {
        if (sends(form, at)) expected.push(at + form.delaySeconds * 1000);
      }
      const times: number[] = [];
      let time = nextAfter(expression, from - 1, 0);
      while (time !== undefined && time < from + 2 * DAY && times.length < 50) {
        times.push(time);
        time = nextAfter(expression, time, 0);
      }
      expect(times).toEqual(expected.slice(0, 50));
    }),
    { numRuns: 200 },
  );
}, 120_000);
