import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExpression } from "./expression.ts";
import { nextAfter, previousAt } from "./next.ts";
import { arbitraryCron, type MeantCron } from "./testing/arbitrary-cron.ts";
import { wallClock } from "./testing/wall-clock.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The times after `from`, at most so many, without their seconds and milliseconds of 0. */
function next(text: string, from: string, count: number): readonly string[] {
  const expression = parseExpression(text);
  const times: string[] = [];
  let time: number | undefined = Date.parse(from);
  while (times.length < count) {
    time = nextAfter(expression, time, Date.parse(from));
    if (time === undefined) break;
    times.push(new Date(time).toISOString().replace(/(:00)?\.000Z$/, ""));
  }
  return times;
}

describe("the next times", () => {
  it.each<[text: string, from: string, times: readonly string[]]>([
    ["@every 90m", "2026-01-01T00:10:20Z", ["2026-01-01T01:40:20", "2026-01-01T03:10:20"]],
    ["0 0/5 4-6 ? * MON-FRI", "2026-01-02T06:54:59Z", ["2026-01-02T06:55", "2026-01-05T04:00", "2026-01-05T04:05"]],
    ["0 0 10 1 * ?", "2026-01-01T10:00:00Z", ["2026-02-01T10:00", "2026-03-01T10:00"]],
    ["30 9 * * * *", "2026-01-01T00:09:29.999Z", ["2026-01-01T00:09:30", "2026-01-01T01:09:30"]],
    ["0 0/10 * * * *", "2026-01-01T00:00:00.001Z", ["2026-01-01T00:10", "2026-01-01T00:20"]],
    ["CRON_TZ=Asia/Shanghai 0 0 4 1 * *", "2026-01-01T00:00:00Z", ["2026-01-31T20:00", "2026-02-28T20:00"]],
    // 1 = Monday, 7 = Sunday.
    ["0 0 0 ? * 1", "2026-01-01T00:00:00Z", ["2026-01-05T00:00"]],
    ["0 0 0 ? * 7", "2026-01-01T00:00:00Z", ["2026-01-04T00:00"]],
    ["0 0 0 ? * SAT-SUN", "2026-01-01T00:00:00Z", ["2026-01-03T00:00", "2026-01-04T00:00", "2026-01-10T00:00"]],
    // Both day fields: either.
    ["0 0 0 13 * FRI", "2026-01-08T00:00:00Z", ["2026-01-09T00:00", "2026-01-13T00:00", "2026-01-16T00:00"]],
    ["0 0 0 31 2 MON", "2026-01-08T00:00:00Z", ["2026-02-02T00:00", "2026-02-09T00:00"]],
    ["0 0 0 1-31 * MON", "2026-01-08T00:00:00Z", ["2026-01-09T00:00", "2026-01-10T00:00"]],
    // Leap days, past 2100 too, which is no leap year.
    ["0 0 0 29 2 ?", "2026-01-01T00:00:00Z", ["2028-02-29T00:00", "2032-02-29T00:00"]],
    ["0 0 0 29 2 ?", "2096-03-01T00:00:00Z", ["2104-02-29T00:00"]],
    ["0 0 0 29 2 MON", "2028-02-22T00:00:00Z", ["2028-02-28T00:00", "2028-02-29T00:00", "2029-02-05T00:00"]],
    ["0 0 0 31 * ?", "2026-01-31T00:00:00Z", ["2026-03-31T00:00", "2026-05-31T00:00"]],
    ["0 59 23 31 12 ?", "2026-01-31T00:00:00Z", ["2026-12-31T23:59", "2027-12-31T23:59"]],
  ])("of %s after %s", (text, from, times) => {
    expect(next(text, from, times.length)).toEqual(times);
  });
});

describe("where the clock changes", () => {
  it.each<[what: string, text: string, from: string, times: readonly string[]]>([
    // Berlin: 2026-03-29 02:00 is 03:00; 2026-10-25 03:00 is 02:00.
    [
      "a skipped time is left out",
      "CRON_TZ=Europe/Berlin 0 30 2 * * *",
      "2026-03-28T00:00:00Z",
      ["2026-03-28T01:30", "2026-03-30T00:30"],
    ],
    [
      "also among others",
      "CRON_TZ=Europe/Berlin 0 0 1-3 * * *",
      "2026-03-28T23:00:00Z",
      ["2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T23:00"],
    ],
    [
      "each minute of the skipped hour",
      "CRON_TZ=Europe/Berlin 0 * 2 * * *",
      "2026-03-28T01:59:00Z",
      ["2026-03-30T00:00"],
    ],
    [
      "every hour goes on",
      "CRON_TZ=Europe/Berlin 0 30 * * * *",
      "2026-03-29T00:00:00Z",
      ["2026-03-29T00:30", "2026-03-29T01:30"],
    ],
    [
      "a repeated time counts once",
      "CRON_TZ=Europe/Berlin 0 30 2 * * *",
      "2026-10-24T12:00:00Z",
      ["2026-10-25T00:30", "2026-10-26T01:30"],
    ],
    ["also asked between the two", "CRON_TZ=Europe/Berlin 0 30 2 * * *", "2026-10-25T01:00:00Z", ["2026-10-26T01:30"]],
    [
      "each minute of the repeated hour",
      "CRON_TZ=Europe/Berlin 0 * 2 * * *",
      "2026-10-25T00:58:00Z",
      ["2026-10-25T00:59", "2026-10-26T01:00"],
    ],
    [
      "hours by a step count once",
      "CRON_TZ=Europe/Berlin 0 0 */2 * * *",
      "2026-10-24T22:00:00Z",
      ["2026-10-25T00:00", "2026-10-25T03:00"],
    ],
    [
      "every hour: both",
      "CRON_TZ=Europe/Berlin 0 30 * * * *",
      "2026-10-25T00:00:00Z",
      ["2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T02:30"],
    ],
    [
      "every ten minutes: both",
      "CRON_TZ=Europe/Berlin 0 */30 * * * *",
      "2026-10-25T00:00:00Z",
      ["2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30"],
    ],
    // New York: 2026-03-08 02:00 is 03:00; 2026-11-01 02:00 is 01:00.
    [
      "New York skips",
      "CRON_TZ=America/New_York 15 30 2 * * *",
      "2026-03-07T00:00:00Z",
      ["2026-03-07T07:30:15", "2026-03-09T06:30:15"],
    ],
    [
      "New York repeats",
      "CRON_TZ=America/New_York 15 30 1 * * *",
      "2026-10-31T12:00:00Z",
      ["2026-11-01T05:30:15", "2026-11-02T06:30:15"],
    ],
    [
      "a yearly time that is skipped waits for the next year",
      "CRON_TZ=Europe/Berlin 0 30 2 29 3 ?",
      "2026-01-01T00:00:00Z",
      ["2027-03-29T00:30"],
    ],
    [
      "midnight that does not exist (Beirut)",
      "CRON_TZ=Asia/Beirut 0 0 0 * * *",
      "2026-03-28T00:00:00Z",
      ["2026-03-29T21:00"],
    ],
    [
      "half an hour (Lord Howe)",
      "CRON_TZ=Australia/Lord_Howe 0 45 1 * * *",
      "2026-04-04T00:00:00Z",
      ["2026-04-04T14:45", "2026-04-05T15:15"],
    ],
  ])("%s", (_what, text, from, times) => {
    expect(next(text, from, times.length)).toEqual(times);
  });
});

describe("a date that never comes", () => {
  it.each(["0 0 0 31 2 ?", "0 0 0 30,31 FEB *", "CRON_TZ=Europe/Berlin 0 * * 31 2,4,6,9,11 ?"])("%s", (text) => {
    const before = performance.now();
    expect(nextAfter(parseExpression(text), 0, 0)).toBeUndefined();
    expect(previousAt(parseExpression(text), 0, 0)).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(50);
  });

  it("@every beyond the end of time", () => {
    expect(nextAfter(parseExpression("@every 150000000000m"), 0, 0)).toBeUndefined();
  });
});

it("@every fires at whole periods from its creation, and not before the first", () => {
  const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), instant, instant, (minutes, created, at) => {
      const expression = parseExpression(`@every ${minutes}m`);
      const time = nextAfter(expression, at, created) ?? Number.NaN;
      expect(time).toBeGreaterThan(at);
      expect(time).toBeGreaterThan(created);
      expect((time - created) % (minutes * MINUTE)).toBe(0);
      const earlier = time - minutes * MINUTE;
      expect(earlier <= at || earlier === created).toBe(true);
      expect(previousAt(expression, time, created)).toBe(time);
      expect(previousAt(expression, time - 1, created)).toBe(earlier > created ? earlier : undefined);
    }),
  );
});

/** All times of a span by looking at each minute of it; what the clock shows again counts only when every hour does. */
function byLooking(meant: MeantCron, fromMs: number, untilMs: number): readonly number[] {
  const { minutes, hours, daysOfMonth, months, daysOfWeek, timeZone } = meant;
  const times: number[] = [];
  const seen = new Set<string>();
  for (let at = fromMs - DAY; at < untilMs; at += MINUTE) {
    const { minute, hour, day, month, weekday, face } = wallClock(at, timeZone);
    const again = seen.has(face);
    seen.add(face);
    const either = !daysOfMonth.unrestricted && !daysOfWeek.unrestricted;
    const [ofMonth, ofWeek] = [daysOfMonth.values.has(day), daysOfWeek.values.has(weekday)];
    if (!minutes.values.has(minute) || !hours.values.has(hour) || !months.values.has(month)) continue;
    if (!(either ? ofMonth || ofWeek : ofMonth && ofWeek)) continue;
    if (at < fromMs || (again && hours.values.size < 24)) continue;
    times.push(at + meant.second * 1000);
  }
  return times;
}

const MOST = 100;

/** The times of three days, one by one from either end. */
function checkThreeDays(meant: MeantCron, from: number): void {
  const until = from + 3 * DAY;
  const expected = byLooking(meant, from, until);
  const expression = parseExpression(meant.text);
  const forwards: number[] = [];
  let at = from - 1;
  while (forwards.length < MOST) {
    const time = nextAfter(expression, at, 0);
    if (time === undefined || time >= until) break;
    expect(time).toBeGreaterThan(at);
    forwards.push(time);
    at = time;
  }
  expect(forwards).toEqual(expected.slice(0, MOST));

  const backwards: number[] = [];
  at = until - 1;
  while (backwards.length < MOST) {
    const time = previousAt(expression, at, 0);
    if (time === undefined || time < from) break;
    expect(previousAt(expression, time, 0)).toBe(time);
    backwards.unshift(time);
    at = time - 1;
  }
  expect(backwards).toEqual(expected.slice(-MOST));
}

const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Beirut"];

describe("forwards and backwards, the times are those found by looking at each minute", () => {
  it("of any three days", () => {
    const leapDay = fc.constant(Date.UTC(2028, 1, 28));
    const start = fc.oneof(
      { weight: 1, arbitrary: leapDay },
      { weight: 5, arbitrary: fc.nat(40_000).map((hours) => Date.UTC(2024, 0) + hours * 60 * MINUTE) },
    );
    fc.assert(fc.property(arbitraryCron(ZONES), start, checkThreeDays), { numRuns: 150 });
  }, 120_000);

  // Half an hour before the first time that is skipped, and before the first that comes twice.
  it.each([
    ["Europe/Berlin", "2026-03-29T00:30Z", "2026-10-24T23:30Z"],
    ["America/New_York", "2026-03-08T06:30Z", "2026-11-01T04:30Z"],
    ["Australia/Lord_Howe", "2026-10-03T15:00Z", "2026-04-04T14:00Z"],
    ["Asia/Beirut", "2026-03-28T21:30Z", "2026-10-24T19:30Z"],
  ])(
    "where the clock changes in %s",
    (zone, spring, autumn) => {
      const start = fc.constantFrom(Date.parse(spring), Date.parse(autumn));
      fc.assert(fc.property(arbitraryCron([zone], { everyDay: true }), start, checkThreeDays), { numRuns: 60 });
    },
    120_000,
  );
});
