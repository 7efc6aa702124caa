import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventTypes, runReadme } from "../testing/command.ts";
import { readFlow, readInput } from "../testing/example.ts";
import { details, path, playExample } from "../testing/player.ts";
import functions from "./functions.ts";

const folder = import.meta.dirname;
const flow = readFlow(folder);
const commonErrors = readFlow(folder, "flow-common-errors.yml");

const HELLO = { message: "hello" };

describe("error-handling/flow.yml", () => {
  it.each([
    { failures: 0, attempts: [0] },
    { failures: 1, attempts: [0, 10] },
    { failures: 2, attempts: [0, 10, 30] },
    { failures: 3, attempts: [0, 10, 30, 70] },
  ])("gets over $failures custom errors by trying at $attempts s", ({ failures, attempts }) => {
    const played = playExample(flow, functions, { input: { failures } });
    expect(played).toMatchObject({ status: "Succeeded", output: HELLO });
    expect(played.calls.map(({ at }) => at)).toEqual(attempts);
    expect(path(played)).toEqual(["hello", "final"]);
  });

  it("needs no attempt twice when the input names no failures", () => {
    expect(playExample(flow, functions)).toMatchObject({ status: "Succeeded", time: 0, output: HELLO });
  });

  it("goes to the last step with the custom error's name and cause when the fourth attempt fails too", () => {
    const played = playExample(flow, functions, { input: { failures: 4 } });
    expect(played).toMatchObject({ status: "Succeeded", time: 70_000 });
    expect(played.output).toEqual({ errCode: "ErrorNeedsRetry", errMsg: expect.any(String) });
    expect(JSON.parse(String(played.output?.errMsg))).toMatchObject({
      errorMessage: "custom error message",
      errorType: "ErrorNeedsRetry",
    });
    expect(path(played)).toEqual(["hello", "final"]);
    expect(details(played, "StepExited", "hello")).toMatchObject([
      { error: "ErrorNeedsRetry", retryCount: 3, goto: "final", local: played.output },
    ]);
  });

  it("goes to the last step at once with any other error", () => {
    const played = playExample(flow, functions, { input: { failures: "two" } });
    expect(played).toMatchObject({ status: "Succeeded", time: 0, output: { errCode: "TypeError" } });
    expect(JSON.parse(String(played.output?.errMsg)).errorMessage).toBe("failures must be a number");
    expect(played.calls).toHaveLength(1);
    expect(details(played, "StepExited", "hello")).toMatchObject([{ retryCount: 0, goto: "final" }]);
  });

  it("runs as the README says", async () => {
    const { code, document } = await runReadme(folder, '{"failures":"two"}');
    expect(code).toBe(0);
    expect(document).toMatchObject({ status: "Succeeded", output: { errCode: "TypeError" } });
    expect(eventTypes(document.events)).toEqual([
      "ExecutionStarted",
      "StepEntered hello",
      "TaskScheduled hello",
      "TaskStarted hello",
      "TaskFailed hello",
      "StepExited hello",
      "StepEntered final",
      "StepStarted final",
      "StepSucceeded final",
      "StepExited final",
      "ExecutionSucceeded",
    ]);
  });
});

const TRANSIENT = [
  "FC.ResourceThrottled",
  "FC.ResourceExhausted",
  "FC.InternalServerError",
  "FC.Unknown",
  "FnF.TaskTimeout",
];

describe("error-handling/flow-common-errors.yml", () => {
  it.each(TRANSIENT)("gets over up to three of %s, one, two and four seconds apart", (error) => {
    for (const [failures, attempts] of [[0], [0, 1], [0, 1, 3], [0, 1, 3, 7]].entries()) {
      const played = playExample(commonErrors, functions, { input: { error, failures } });
      expect(played).toMatchObject({ status: "Succeeded", output: HELLO });
      expect(played.calls.map(({ at }) => at)).toEqual(attempts);
      expect(path(played)).toEqual(["hello", "final"]);
    }
  });

  it.each(TRANSIENT)("goes to the last step when the fourth attempt ends with %s too", (error) => {
    const played = playExample(commonErrors, functions, { input: { error, failures: 4 } });
    expect(played).toMatchObject({ status: "Succeeded", time: 7000 });
    expect(played.output).toEqual({ errCode: error, errMsg: expect.any(String) });
    expect(path(played)).toEqual(["hello", "final"]);
    expect(details(played, "StepExited", "hello")).toMatchObject([{ error, retryCount: 3, goto: "final" }]);
  });

  it("gives an attempt one second", () => {
    const played = playExample(commonErrors, functions, { input: { error: "FC.Unknown" } });
    expect(played).toMatchObject({ status: "Succeeded", time: 0, output: HELLO });
    expect(details(played, "TaskScheduled", "hello")).toMatchObject([{ timeoutSeconds: 1 }]);
  });

  it("crashes for FC.Unknown, and does not end for FnF.TaskTimeout", () => {
    const crashed = playExample(commonErrors, functions, { input: { error: "FC.Unknown", failures: 1 } });
    expect(details(crashed, "TaskFailed", "hello")).toEqual([
      { error: "FC.Unknown", cause: expect.stringContaining("Process exited unexpectedly") },
    ]);
    const late = playExample(commonErrors, functions, { input: { error: "FnF.TaskTimeout", failures: 1 } });
    expect(details(late, "TaskTimedOut", "hello")).toMatchObject([{ error: "FnF.TaskTimeout" }]);
    expect(details(late, "TaskTimedOut", "hello")[0]?.cause).not.toContain("simulated");
  });

  it("goes to the last step at once with any error of another name: FnF.ALL catches it, no policy retries it", () => {
    const other = fc
      .string({ minLength: 1, maxLength: 40 })
      .filter((name) => ![...TRANSIENT, ...TRANSIENT.map((error) => error.replace("FC.", ""))].includes(name));
    fc.assert(
      fc.property(other, fc.integer({ min: 1, max: 9 }), (error, failures) => {
        const played = playExample(commonErrors, functions, { input: { error, failures } });
        expect(played).toMatchObject({ status: "Succeeded", time: 0, output: { errCode: error } });
        expect(played.calls).toHaveLength(1);
      }),
    );
  });

  it.each([
    { part: "input-common-errors.json", input: readInput(folder, "input-common-errors.json"), ending: "TaskFailed" },
    { part: "FnF.TaskTimeout", input: { error: "FnF.TaskTimeout", failures: 1 }, ending: "TaskTimedOut" },
    { part: "FC.ResourceThrottled", input: { error: "FC.ResourceThrottled", failures: 1 }, ending: "TaskFailed" },
  ])("runs as the README says with $part", async ({ part, input, ending }) => {
    const { code, document } = await runReadme(folder, part);
    expect(code).toBe(0);
    expect(document).toMatchObject({ status: "Succeeded", output: HELLO });
    const types = eventTypes(document.events);
    expect(types).toEqual(eventTypes(playExample(commonErrors, functions, { input }).history));
    expect(types[4]).toBe(`${ending} hello`);
  });
});
