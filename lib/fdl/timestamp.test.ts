import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTimestamp, parseTimestamp } from "./timestamp.ts";

describe("parseTimestamp", () => {
  it.each([
    ["2021-01-01T00:00:10Z", "2021-01-01T00:00:10.000Z"],
    ["2021-01-01t00:00:10z", "2021-01-01T00:00:10.000Z"],
    ["2021-01-01 00:00:10Z", "2021-01-01T00:00:10.000Z"],
    ["2021-01-01T08:00:10+08:00", "2021-01-01T00:00:10.000Z"],
    ["2020-12-31T18:29:10-05:31", "2021-01-01T00:00:10.000Z"],
    ["2021-01-01T00:00:10-00:00", "2021-01-01T00:00:10.000Z"],
    ["2021-01-01T00:00:10.5Z", "2021-01-01T00:00:10.500Z"],
    ["2021-01-01T00:00:10.123456789Z", "2021-01-01T00:00:10.123Z"],
    ["2024-02-29T23:59:59+23:59", "2024-02-29T00:00:59.000Z"],
    ["0099-01-01T00:00:00Z", "0099-01-01T00:00:00.000Z"],
  ])("reads %s", (text, time) => {
    expect(new Date(parseTimestamp(text) ?? Number.NaN).toISOString()).toBe(time);
  });

  it.each([
    "",
    "now",
    "2021-01-01",
    "2021-01-01T00:00:10",
    "2021-01-01T00:00Z",
    "2021-01-01T00:00:10.Z",
    "2021-01-01T00:00:10+0800",
    "2021-01-01T00:00:10+24:00",
    "2021-01-01T00:00:10+08:60",
    "2021-02-29T00:00:00Z",
    "2021-02-30T00:00:00Z",
    "2021-13-01T00:00:00Z",
    "2021-00-01T00:00:00Z",
    "2021-01-01T24:00:00Z",
    "2021-01-01T00:60:00Z",
    "2021-01-01T00:00:60Z",
    " 2021-01-01T00:00:10Z",
    "2021-01-01T00:00:10Z ",
    "+2021-01-01T00:00:10Z",
    "2021-1-01T00:00:10Z",
    "2021-01-01T00:00:10 +08:00",
  ])("does not read %j", (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  it("reads every time that Date writes", () => {
    const years = { min: new Date("0000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true };
    fc.assert(fc.property(fc.date(years), (date) => parseTimestamp(date.toISOString()) === date.getTime()));
  });

  it("is what formatTimestamp writes, but for the part of a second", () => {
    const times = fc.integer({ min: Date.parse("0000-01-01T00:00:00Z"), max: Date.parse("9999-12-31T23:59:59Z") });
    fc.assert(fc.property(times, (ms) => parseTimestamp(formatTimestamp(ms)) === Math.floor(ms / 1000) * 1000));
    expect(formatTimestamp(1609459210999)).toBe("2021-01-01T00:00:10Z");
  });
});
