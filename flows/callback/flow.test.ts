import { describe, expect, it } from "vitest";
import { eventTypes, stepwellRun } from "../testing/command.ts";
import { readFlow, readInput } from "../testing/example.ts";
import { details, path, playExample } from "../testing/player.ts";
import functions from "./functions.ts";
import { finish } from "./worker.ts";

const folder = import.meta.dirname;
const flow = readFlow(folder);
const input = readInput(folder);
const run = (...options: readonly string[]) =>
  stepwellRun(folder, "flow.yml", "--input", "@input.json", "--functions", "functions.ts", ...options);

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

    const [submitted] = details(played, "TaskSubmitted", "mytask");
    const { taskToken } = Object(submitted?.output);
    expect(taskToken).toEqual(expect.any(String));
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
    const { code, document } = await run("--report", 'mytask={"status":"ok"}');
    expect(code).toBe(0);
    expect(document).toMatchObject({ status: "Succeeded", output: { s: "ok" } });
    expect(eventTypes(document.events)).toEqual([
      ...SUBMITTED,
      "TaskSucceeded mytask",
      "StepExited mytask",
      "ExecutionSucceeded",
    ]);
  });

  it("ends as Failed when run with a failure to report", async () => {
    const { code, document } = await run("--report-fail", "mytask=NotApproved:ask again");
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
