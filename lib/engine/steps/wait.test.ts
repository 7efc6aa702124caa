import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../fdl/json.ts";
import { flowOf } from "../testing/flow.ts";
import { play } from "../testing/play.ts";
import { details, trace } from "../testing/trace.ts";

const START = Date.parse("2024-01-01T00:00:00Z");
const YEAR = 31_536_000;

function wait(param: string, input: JsonObject = {}) {
  return play(flowOf(`steps: [{type: wait, name: w, ${param}}]`), { input, startedAt: START });
}

function timers(played: ReturnType<typeof play>) {
  return played.steps.flatMap(({ after }) => (after.effect.kind === "timer" ? [after.effect] : []));
}

describe("wait", () => {
  it.each<[string, JsonObject, number]>([
    ["duration: 10", {}, 10_000],
    ["duration: $.s", { s: 3 }, 3_000],
    ["duration: $.s", { s: "1.5" }, 1_500],
    ["duration: $.s", { s: 0.0014 }, 1],
    ["duration: $.s", { s: YEAR }, YEAR * 1000],
    ['timestamp: "2024-01-01T00:00:10Z"', {}, 10_000],
    ["timestamp: $.t", { t: "2024-01-01T08:00:00.250+07:59" }, 60_250],
  ])("%s with %j is a timer of %d ms", (param, input, ms) => {
    const played = wait(param, input);
    expect(timers(played)).toEqual([{ kind: "timer", due: START + ms, purpose: "wait" }]);
    expect(played).toMatchObject({ status: "Succeeded", output: {}, time: START + ms, warnings: [] });
  });

  it.each<[string, JsonObject]>([
    ["duration: 0", {}],
    ["duration: $.s", { s: -5 }],
    ["duration: $.s", { s: "0" }],
    ["timestamp: $.t", { t: "2024-01-01T00:00:00Z" }],
    ["timestamp: $.t", { t: "1999-12-31T23:59:59Z" }],
  ])("%s with %j is no wait", (param, input) => {
    const played = wait(param, input);
    expect(timers(played)).toEqual([]);
    expect(played).toMatchObject({ status: "Succeeded", time: START, warnings: [] });
    expect(played.steps).toHaveLength(1);
  });

  it.each([
    ["duration: $.s", "w: duration is missing in the step's input, so there is no wait."],
    ["timestamp: $.t", "w: timestamp is missing in the step's input, so there is no wait."],
  ])("%s that is missing is no wait, with a warning", (param, warning) => {
    expect(wait(param)).toMatchObject({ status: "Succeeded", time: START, warnings: [warning] });
  });

  it.each<[string, JsonObject, string]>([
    ["duration: $.s", { s: "soon" }, "duration must be a number of seconds, or a string that holds one."],
    ["duration: $.s", { s: null }, "duration must be a number of seconds, or a string that holds one."],
    ["duration: $.s", { s: YEAR + 0.001 }, "duration is more than a year away; that is the longest wait."],
    ["timestamp: $.t", { t: "tomorrow" }, "timestamp must be a time as of RFC 3339, such as 2030-01-31T08:00:00Z."],
    ["timestamp: $.t", { t: 1 }, "timestamp must be a time as of RFC 3339, such as 2030-01-31T08:00:00Z."],
    ["timestamp: $.t", { t: "2025-06-01T00:00:00Z" }, "timestamp is more than a year away; that is the longest wait."],
  ])("%s with %j fails with FnF.InvalidInput", (param, input, cause) => {
    const { history, ...played } = wait(param, input);
    expect(played).toMatchObject({ status: "Failed", error: "FnF.InvalidInput", cause });
    expect(trace(history)).toEqual([
      "ExecutionStarted",
      "StepEntered w",
      "StepStarted w",
      "StepFailed w",
      "ExecutionFailed",
    ]);
  });

  it.each([0, 2])("of %d s maps its output, and tells once of what its input lacks", (s) => {
    const flow = flowOf(`
steps:
  - type: wait
    name: w
    duration: $.s
    inputMappings: [{target: s, source: $input.s}, {target: m, source: $input.m}]
    outputMappings: [{target: s, source: $input.s}, {target: l, source: $local}]
`);
    const { output, warnings } = play(flow, { input: { s } });
    expect(output).toEqual({ s, l: {} });
    expect(warnings).toEqual(['w: inputMappings: $input.m is missing, so "m" is left out.']);
  });

  it("shows its input before the wait and its output after it", () => {
    const flow = flowOf(`
steps:
  - type: wait
    name: w
    duration: $.s
    inputMappings: [{target: s, source: $input.seconds}]
    outputMappings: [{target: waited, source: $input.s}]
`);
    const { history, output } = play(flow, { input: { seconds: 2 }, startedAt: START });
    expect(output).toEqual({ waited: 2 });
    expect(history.map(({ Type, Time }) => `${Type} ${Time.slice(17, 23)}`)).toEqual([
      "ExecutionStarted 00.000",
      "StepEntered 00.000",
      "StepStarted 00.000",
      "StepSucceeded 02.000",
      "StepExited 02.000",
      "ExecutionSucceeded 02.000",
    ]);
    expect(details(history, "StepStarted")).toEqual([{ input: { s: 2 } }]);
    expect(details(history, "StepSucceeded")).toEqual([{ output: { waited: 2 } }]);
  });
});
