import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StepwellError } from "../fdl/errors.ts";
import { parseExpression } from "./expression.ts";
import { arbitraryCron } from "./testing/arbitrary-cron.ts";

/** The parsed fields by their values alone; * for an unrestricted one. */
function parsed(text: string): unknown {
  const expression = parseExpression(text);
  if (expression.kind === "every") return expression.minutes;
  const { second, minutes, hours, daysOfMonth, months, daysOfWeek, timeZone } = expression;
  const fields = [minutes, hours, daysOfMonth, months, daysOfWeek].map((field) =>
    field.unrestricted ? "*" : field.values.join(" "),
  );
  return [second, ...fields, timeZone];
}

function refusal(text: string): string {
  try {
    parseExpression(text);
  } catch (error) {
    expect(error).toBeInstanceOf(StepwellError);
    expect((error as StepwellError).code).toBe("InvalidArgument");
    return (error as StepwellError).message;
  }
  throw new Error(`${text} was not refused`);
}

describe("parseExpression reads", () => {
  it.each<[string, unknown]>([
    // The examples of fdl.md §8.
    ["@every 90m", 90],
    ["@every 1m", 1],
    ["0 0/5 4-6 ? * MON-FRI", [0, "0 5 10 15 20 25 30 35 40 45 50 55", "4 5 6", "*", "*", "1 2 3 4 5", "UTC"]],
    ["0 0 10 1 * ?", [0, "0", "10", "1", "*", "*", "UTC"]],
    ["30 9 * * * *", [30, "9", "*", "*", "*", "*", "UTC"]],
    ["0 0/10 * * * *", [0, "0 10 20 30 40 50", "*", "*", "*", "*", "UTC"]],
    ["CRON_TZ=Asia/Shanghai 0 0 4 1 * *", [0, "0", "4", "1", "*", "*", "Asia/Shanghai"]],
    // Its table.
    ["59 0,59 23 31 12 7", [59, "0 59", "23", "31", "12", "7", "UTC"]],
    ["0 0 0 1 jan,Dec sUn", [0, "0", "0", "1", "1 12", "7", "UTC"]],
    ["0 0 0 ? 2-APR 1-WED", [0, "0", "0", "*", "2 3 4", "1 2 3", "UTC"]],
    ["0 */20 1/10 10-20/5 JAN/6 *", [0, "0 20 40", "1 11 21", "10 15 20", "1 7", "*", "UTC"]],
    ["0 5,1,3-5,1 0 1 1 1", [0, "1 3 4 5", "0", "1", "1", "1", "UTC"]],
    ["0 0 0 ? * ?", [0, "0", "0", "*", "*", "*", "UTC"]],
    ["  0\t0  0 1 1 1 ", [0, "0", "0", "1", "1", "1", "UTC"]],
    ["00 05 09 01 02 03", [0, "5", "9", "1", "2", "3", "UTC"]],
    ["0 0 0 31 2 ?", [0, "0", "0", "31", "2", "*", "UTC"]],
    // A list of all values restricts; any value in a list does not.
    ["0 0-59 0 1-31 * 1-7", [0, expect.any(String), "0", expect.any(String), "*", "1 2 3 4 5 6 7", "UTC"]],
    ["0 */1 0 *,1 * *", [0, "*", "0", "*", "*", "*", "UTC"]],
  ])("%s", (text, meaning) => {
    expect(parsed(text)).toEqual(meaning);
  });
});

describe("parseExpression refuses", () => {
  it.each<[string, string | RegExp]>([
    ["", /it is empty; write "@every <n>m" or six fields: seconds, minutes/],
    ["@daily", /"@daily" is not known; what may begin with @ is "@every <n>m"$/],
    ["@every 0m", /too often; the smallest period is 1 minute/],
    ["@every 1h", /@every takes whole minutes as <n>m .*, not "1h"$/],
    ["@every 60s", /whole minutes/],
    ["@every 1.5m", /whole minutes/],
    ["@every -1m", /whole minutes/],
    ["@every", /whole minutes .* not ""$/],
    ["@every 5 m", /not "5 m"$/],
    ["@every 999999999999999m", /too long a period$/],
    ["CRON_TZ=Asia/Shanghai @every 5m", /it has 2 fields/],
    ["CRON_TZ=Mars/Olympus 0 0 0 * * *", /"Mars\/Olympus" is no time zone; CRON_TZ= takes an IANA name/],
    ["CRON_TZ=+08:00 0 0 0 * * *", /"\+08:00" is no time zone/],
    ["CRON_TZ= 0 0 0 * * *", /"" is no time zone/],
    ["TZ=UTC 0 0 0 * * *", /it has 7 fields; six are needed/],
    ["* * * * *", /it has 5 fields; six are needed: seconds, minutes, hours, days of month, months, days of week$/],
    ["0 0 0 1 1 ? 2030", /it has 7 fields/],
    // Each field names itself and what it takes.
    ["* * * * * *", /field seconds is "\*": "\*" is not allowed here; seconds take one number from 0 to 59$/],
    ["0,30 * * * * *", /field seconds .*"," is not allowed/],
    ["60 * * * * *", /field seconds is "60": "60" is not from 0 to 59/],
    ["0 60 * * * *", /field minutes is "60": .*; minutes take 0-59 and , - \* \/$/],
    ["0 ? * * * *", /field minutes is "\?": "\?" is not allowed here/],
    ["0 0 24 * * *", /field hours is "24": "24" is not from 0 to 23; hours take 0-23 and/],
    ["0 0 ? * * *", /field hours/],
    ["0 0 0 0 * *", /field days of month is "0": .*; days of month take 1-31 and , - \* \? \/$/],
    ["0 0 0 32 * *", /field days of month/],
    ["0 0 0 L * ?", /field days of month is "L": "L" is no value/],
    ["0 0 0 1,? * *", /\? stands alone or not at all/],
    ["0 0 0 ?/2 * *", /\? stands alone or not at all/],
    ["0 0 0 * 13 *", /field months is "13": .*; months take 1-12 or JAN-DEC \(1 = JAN\) and , - \* \/$/],
    ["0 0 0 * ? *", /field months/],
    ["0 0 0 * JANUARY *", /"JANUARY" is no value/],
    ["0 0 0 * MON *", /field months is "MON": "MON" is no value/],
    ["0 0 0 * * 0", /field days of week is "0": .*; days of week take 1-7 or MON-SUN \(1 = MON\) and , - \* \?$/],
    ["0 0 0 * * 1/2", /field days of week is "1\/2": "\/" is not allowed here/],
    ["0 0 0 * * 5#2", /"#" is not allowed here/],
    ["0 0/0 * * * *", /the step "0" is not from 1 to 60/],
    ["0 0/90 * * * *", /the step "90" is not from 1 to 60 \(longer periods: @every <n>m\)/],
    ["0 0 */25 * * *", /the step "25" is not from 1 to 24; hours/],
    ["0 0/5/5 * * * *", /more than one step/],
    ["0 /5 * * * *", /a value is missing/],
    ["0 5/ * * * *", /the step "" is not/],
    ["0 1-2-3 * * * *", /"1-2-3" is no range/],
    ["0 *-5 * * * *", /"\*" is no value/],
    ["0 1, * * * *", /a value is missing/],
    ["0 0 0 * * FRI-MON", /the range FRI-MON runs backwards; over the end it is written as FRI-SUN,MON;/],
    ["0 0 0 * * SUN-THU", /written as SUN,MON-THU;/],
    ["0 0 22-2 * * *", /written as 22-23,0-2;/],
    [`0 ${"9".repeat(5000)} * * * *`, /^.{0,300}$/],
  ])("%s", (text, message) => {
    expect(refusal(text)).toMatch(message);
  });

  it("any text whatever with a StepwellError, or reads it", () => {
    const word = fc.oneof(
      fc.constantFrom("@every", "CRON_TZ=", "CRON_TZ=UTC", "0", "*", "?", "*/5", "1-5", "MON", "jan", "1,2", "5m"),
      fc.string({ unit: fc.constantFrom(..."0123456789*/-,?MONJAN@#L") }),
      fc.string({ unit: "binary" }),
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(word, { maxLength: 8 }).map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(text, (any) => {
        try {
          parseExpression(any);
        } catch (error) {
          expect(error).toBeInstanceOf(StepwellError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

it("an expression means what it was made to mean", () => {
  fc.assert(
    fc.property(arbitraryCron(["UTC", "Europe/Berlin"]), (meant) => {
      const expression = parseExpression(meant.text);
      if (expression.kind !== "cron") throw new Error("not cron");
      expect(expression.second).toBe(meant.second);
      expect(expression.timeZone).toBe(meant.timeZone);
      for (const field of ["minutes", "hours", "daysOfMonth", "months", "daysOfWeek"] as const) {
        const { values, unrestricted } = expression[field];
        expect(values).toEqual([...meant[field].values].sort((a, b) => a - b));
        expect(unrestricted).toBe(meant[field].unrestricted);
      }
    }),
    { numRuns: 500 },
  );
});
