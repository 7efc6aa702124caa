/** Waits (fdl.md §3.3, §10 rows 25b and 57, §12). */
import { describe, expect, it } from "vitest";
import { problems } from "./definition.ts";
import { trace } from "./events.ts";
import { run, START } from "./run.ts";

const YEAR = 31_536_000;
const wait = (fields: string, input = {}) => run(`- {type: wait, name: w, ${fields}}`, { input });
const iso = (seconds: number) => new Date(START + seconds * 1000).toISOString();

describe("wait", () => {
  it.each([`- {type: wait, name: w}`, `- {type: wait, name: w, duration: 1, timestamp: "2030-01-01T00:00:00Z"}`])(
    "[WAIT-01] %s is refused: exactly one of duration and timestamp",
    (text) => {
      expect(problems(text)).toEqual([expect.stringMatching(/^4:5 error w: .*"duration".*"timestamp"/)]);
    },
  );

  it.each<[string, number, object?]>([
    [`duration: 90`, 90],
    [`duration: $.pause`, 10, { pause: 10 }],
    [`duration: $.pause`, 10, { pause: "10" }],
    [`duration: "5"`, 5],
    [`duration: "$.a.b[1]"`, 3, { a: { b: [1, 3] } }],
    [`duration: $.mapped, inputMappings: [{target: mapped, source: $input.pause}]`, 10, { pause: 10 }],
  ])("[WAIT-02] {%s} waits %d s", (fields, seconds, input) => {
    expect(wait(fields, input)).toMatchObject({ status: "Succeeded", seconds });
  });

  it("[WAIT-02] the path goes into the step's own input: what is not mapped is missing", () => {
    expect(wait(`duration: $.pause, inputMappings: [{target: other, source: 1}]`, { pause: 10 }).seconds).toBe(0);
  });

  it.each<[string, number, object?]>([
    [`duration: 0.25`, 0.25],
    [`duration: $.pause`, 1.5, { pause: 1.5 }],
  ])("[WAIT-03] {%s} waits %d s", (fields, seconds, input) => {
    expect(wait(fields, input).seconds).toBe(seconds);
  });

  it.each<[string, object?]>([
    [`duration: 0`],
    [`duration: -5`],
    [`duration: $.pause`, { pause: -1 }],
    [`duration: $.pause`, { pause: "0" }],
  ])("[WAIT-04] {%s} does not wait", (fields, input) => {
    expect(wait(fields, input)).toMatchObject({ status: "Succeeded", seconds: 0, timers: 0 });
  });

  it.each<[string, number, object?]>([
    [`timestamp: "${iso(60)}"`, 60],
    [`timestamp: $.at`, 60, { at: iso(60) }],
    [`timestamp: $.at`, 3600, { at: iso(3600).replace("Z", "+00:00") }],
    [`timestamp: "2001-01-01T00:00:10Z"`, 0],
    [`timestamp: $.at`, 0, { at: iso(0) }],
  ])("[WAIT-05] {%s} waits %d s", (fields, seconds, input) => {
    expect(wait(fields, input)).toMatchObject({ status: "Succeeded", seconds });
  });

  it.each([`"tomorrow"`, `"2030-13-01T00:00:00Z"`, `2030-01-01`, `"2030-01-01T00:00:00"`, `5`])(
    "[WAIT-05] timestamp: %s is refused",
    (text) => {
      expect(problems(`- {type: wait, name: w, timestamp: ${text}}`)).toEqual([
        expect.stringMatching(/^4:38 error w: "timestamp" must be/),
      ]);
    },
  );

  it.each([`duration: $.missing`, `timestamp: $.missing`])("[WAIT-06] {%s} does not wait, and warns", (fields) => {
    const { status, seconds, warnings } = wait(fields);
    expect({ status, seconds }).toEqual({ status: "Succeeded", seconds: 0 });
    expect(warnings).toEqual([expect.stringMatching(/^w: (duration|timestamp) .*missing/)]);
  });

  it.each<[string, unknown]>([
    [`duration`, "soon"],
    [`duration`, ""],
    [`duration`, true],
    [`duration`, null],
    [`duration`, [1]],
    [`duration`, "1 2"],
    [`timestamp`, "soon"],
    [`timestamp`, "2030-02-30T00:00:00Z"],
    [`timestamp`, 5],
    [`timestamp`, null],
  ])("[WAIT-07] %s with the value %j fails the step", (field, value) => {
    const outcome = wait(`${field}: $.v`, { v: value });
    expect(outcome).toMatchObject({ status: "Failed", error: "FnF.InvalidInput" });
    expect(trace(outcome.events, "StepFailed")).toEqual(["w"]);
  });

  it("[WAIT-08] [LIMIT-04] a year is the limit", () => {
    expect(wait(`duration: ${YEAR}`)).toMatchObject({ status: "Succeeded", seconds: YEAR });
    expect(wait(`duration: $.v`, { v: YEAR })).toMatchObject({ status: "Succeeded", seconds: YEAR });
    expect(wait(`timestamp: $.v`, { v: iso(YEAR) })).toMatchObject({ status: "Succeeded", seconds: YEAR });
    expect(problems(`- {type: wait, name: w, duration: ${YEAR + 1}}`)).toEqual([
      expect.stringMatching(/^4:37 error w: .*31536000/),
    ]);
    expect(wait(`duration: $.v`, { v: YEAR + 1 })).toMatchObject({ status: "Failed", error: "FnF.InvalidInput" });
    expect(wait(`timestamp: $.v`, { v: iso(YEAR + 1) })).toMatchObject({ status: "Failed", error: "FnF.InvalidInput" });
  });

  it("[WAIT-09] its local is empty, its output what is mapped", () => {
    expect(wait(`duration: 1`, { x: 1 }).output).toEqual({});
    expect(
      wait(`duration: 1, outputMappings: [{target: y, source: $input.x}, {target: l, source: $local}]`, { x: 1 })
        .output,
    ).toEqual({
      y: 1,
      l: {},
    });
  });
});
