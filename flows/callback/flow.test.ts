import { describe, expect, it } from "vitest";
import { eventTypes, runReadme } from "../testing/command.ts";
import { readFlow, readInput } from "../testing/example.ts";
import { details, path, playExample, shownToken } from "../testing/player.ts";
import functions from "./functions.ts";
import { finish } from "./worker.ts";

const folder = import.meta.dirname;
const flow = readFlow(folder);
const input = readInput(folder);

const SUBMITTED = [
  "ExecutionStarted",
  "StepEntered mytask",
  "TaskScheduled mytask",
  "TaskStarted mytask",
  "TaskSubmitted mytask",
];

describe("callback", () => {
  it("waits after the function's return for a report to its token, and maps the reported status to s", () => {
    const played = playExample(flow, functions, {
      input,
      verdicts: ({ token }) => ({ kind: "succeeded", output: finish({ taskToken: token }).output, after: 3600 }),
    });
    expect(played).toMatchObject({ status: "Succeeded", output: { s: "ok" }, time: 3_600_000 });

    const taskToken = shownToken(played, "mytask");
    expect(finish({ taskToken })).toEqual({ taskToken, output: { status: "ok" } });
    expect(played.calls).toEqual([{ step: "mytask", at: 0, input: { taskToken }, result: { taskToken } }]);
  });

  it("fails when a failure is reported", () => {
    const verdict = { kind: "failed", error: "NotApproved", cause: "ask again" } as const;
    const played = playExample(flow, functions, { input, verdicts: () => verdict });
    expect(played).toMatchObject({ status: "Failed", error: "NotApproved", cause: "ask again" });
  });

  it("waits for no report when the function fails", () => {
    const broken = {
      "fnf-demo/echo": () => {
        throw new RangeError("no echo");
      },
    };
    const played = playExample(flow, broken, { input });
    expect(played).toMatchObject({ status: "Failed", error: "RangeError" });
    expect(path(played)).toEqual(["mytask"]);
    expect(details(played, "TaskSubmitted", "mytask")).toEqual([]);
  });

  it("runs as the README says", async () => {
    const { code, document } = await runReadme(folder, "--report ");
    expect(code).toBe(0);
    expect(document).toMatchObject({ status: "Succeeded", output: { s: "ok" } });
    expect(eventTypes(document.events)).toEqual([
      ...SUBMITTED,
      "TaskSucceeded mytask",
      "StepExited mytask",
      "ExecutionSucceeded",
    ]);
  });

  it("runs as the README says with a failure to report", async () => {
    const { code, document } = await runReadme(folder, "--report-fail ");
    expect(code).toBe(1);
    expect(document).toMatchObject({ status: "Failed", error: "NotApproved", cause: "ask again" });
    expect(eventTypes(document.events)).toEqual([
      ...SUBMITTED,
      "TaskFailed mytask",
      "StepFailed mytask",
      "ExecutionFailed",
    ]);
  });
});
