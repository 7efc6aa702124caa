/** `stepwell schedules next`, and docs/schedules.md, which shows what it prints. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { installed } from "./installed.ts";

const { stepwell } = installed();
const FROM = ["--from", "2026-03-28T00:00:00Z"] as const;

const next = (...args: readonly string[]) => stepwell(["schedules", "next", ...args]);

describe("schedules next prints", () => {
  test("five times, in UTC", async () => {
    expect(await next("0 0/20 4 ? * MON-FRI", ...FROM)).toEqual({
      code: 0,
      stderr: "",
      stdout: [
        "2026-03-30T04:00:00Z",
        "2026-03-30T04:20:00Z",
        "2026-03-30T04:40:00Z",
        "2026-03-31T04:00:00Z",
        "2026-03-31T04:20:00Z",
        "",
      ].join("\n"),
    });
  });

  test.each([
    [
      "Europe/Berlin",
      "2026-03-28T08:00:30Z  2026-03-28T09:00:30+01:00\n2026-03-29T07:00:30Z  2026-03-29T09:00:30+02:00\n",
    ],
    [
      "America/St_Johns",
      "2026-03-28T11:30:30Z  2026-03-28T09:00:30-02:30\n2026-03-29T11:30:30Z  2026-03-29T09:00:30-02:30\n",
    ],
    [
      "Asia/Kolkata",
      "2026-03-28T03:30:30Z  2026-03-28T09:00:30+05:30\n2026-03-29T03:30:30Z  2026-03-29T09:00:30+05:30\n",
    ],
    ["Etc/GMT", "2026-03-28T09:00:30Z  2026-03-28T09:00:30+00:00\n2026-03-29T09:00:30Z  2026-03-29T09:00:30+00:00\n"],
  ])("and the local time in %s", async (zone, stdout) => {
    expect(await next(`CRON_TZ=${zone} 30 0 9 * * *`, ...FROM, "-c", "2")).toEqual({ code: 0, stderr: "", stdout });
  });

  test("@every from the time that is given", async () => {
    const { stdout } = await next("@every 90m", "--from", "2026-03-28T01:00:00+01:00", "--count", "2");
    expect(stdout).toBe("2026-03-28T01:30:00Z\n2026-03-28T03:00:00Z\n");
  });

  test("times from now on, when none is given", async () => {
    const before = Date.now();
    const { stdout } = await next("0 * * * * *");
    const times = stdout.trimEnd().split("\n").map(Date.parse);
    expect(times).toHaveLength(5);
    expect(times[0]).toBeGreaterThan(before);
    expect(times[0]).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  test("one JSON document with --json", async () => {
    const berlin = await next("CRON_TZ=Europe/Berlin 0 0 9 * * *", ...FROM, "-c", "1", "--json");
    expect(JSON.parse(berlin.stdout)).toEqual({
      expression: "CRON_TZ=Europe/Berlin 0 0 9 * * *",
      timeZone: "Europe/Berlin",
      times: [{ utc: "2026-03-28T08:00:00Z", local: "2026-03-28T09:00:00+01:00" }],
    });
    const every = await next("@every 5m", ...FROM, "-c", "1", "--json");
    expect(JSON.parse(every.stdout)).toEqual({ expression: "@every 5m", times: [{ utc: "2026-03-28T00:05:00Z" }] });
  });

  test("that it never fires: exit code 1", async () => {
    expect(await next("0 0 0 31 2 ?")).toEqual({
      code: 1,
      stdout: "",
      stderr: "it never fires: no month of these has such a day\n",
    });
    const { code, stdout } = await next("0 0 0 31 2 ?", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ expression: "0 0 0 31 2 ?", timeZone: "UTC", times: [] });
  });
});

describe("schedules next refuses, with exit code 2 and nothing on stdout", () => {
  test.each<[what: string, args: readonly string[], message: RegExp]>([
    [
      "a field's value",
      ["0 61 * * * *"],
      /^stepwell: the schedule's field minutes is "61": "61" is not from 0 to 59; .*\n$/,
    ],
    ["cron without seconds", ["0 4 * * *"], /^stepwell: .* it has 5 fields; six are needed: seconds, minutes, .*\n$/],
    ["an expression without quotes", ["0", "4", "1", "1"], /^error: too many arguments/],
    ["no expression", [], /^error: missing required argument 'expression'\n/],
    [
      "a time that is none",
      ["@every 5m", "--from", "noon"],
      /option '--from <time>' .* "noon" is no time such as 2026-/,
    ],
    ["a count of 0", ["@every 5m", "--count", "0"], /option '-c, --count <n>' .* "0" is no number from 1 to 1000/],
    ["a count too large", ["@every 5m", "-c", "1001"], /is no number from 1 to 1000/],
  ])("%s", async (_what, args, message) => {
    const { code, stdout, stderr } = await next(...args);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});

describe("docs/schedules.md", () => {
  const guide = readFileSync(new URL("../../docs/schedules.md", import.meta.url), "utf8");
  const shown = [...guide.matchAll(/^```console\n\$ stepwell schedules next (.*)\n([\s\S]*?)^```/gm)];

  test.each(shown.map(([, line = "", output = ""]) => ({ line, output })))("$line", async ({ line, output }) => {
    const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    const { stdout, stderr } = await next(...args);
    expect(stdout + stderr).toBe(output);
  });

  test("every expression of its text is one", async () => {
    expect(shown.length).toBeGreaterThan(2);
    const expressions = [...guide.matchAll(/^\| `([^`]+)` \|/gm)].map(([, text = ""]) => text);
    expect(expressions.length).toBeGreaterThan(5);
    for (const text of expressions) expect(await next(text, ...FROM), text).toMatchObject({ code: 0, stderr: "" });
  });
});
