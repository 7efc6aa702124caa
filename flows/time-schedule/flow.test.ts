import { describe, expect, it } from "vitest";
import { eventTypes, runReadme } from "../testing/command.ts";
import { readFlow, readInput } from "../testing/example.ts";
import { path, playExample } from "../testing/player.ts";
import functions from "./functions.ts";

const folder = import.meta.dirname;
const flow = readFlow(folder);
const input = readInput(folder);

describe("time-schedule", () => {
  it.each([
    { payload: { payload: { name: "Ann" } }, greeted: "Ann" },
    { payload: { payload: {} }, greeted: "world" },
    { payload: {}, greeted: "world" },
  ])("hands the schedule's $payload to hello", ({ payload, greeted }) => {
    const { triggerName, triggerTime } = input;
    const tick = { triggerName, triggerTime, ...payload };
    const played = playExample(flow, functions, { input: JSON.parse(JSON.stringify(tick)) });
    expect(played).toMatchObject({
      status: "Succeeded",
      output: { message: `Hello ${greeted}, it is 2020-08-16T07:34:15Z.` },
    });
    expect(played.calls.map((call) => call.input)).toEqual([tick]);
    expect(path(played)).toEqual(["hello"]);
  });

  it("runs as the README says", async () => {
    const { code, document } = await runReadme(folder, "flow.yml");
    expect(code).toBe(0);
    expect(document).toMatchObject({
      status: "Succeeded",
      output: { message: "Hello Stepwell, it is 2020-08-16T07:34:15Z." },
    });
    expect(eventTypes(document.events)).toEqual([
      "ExecutionStarted",
      "StepEntered hello",
      "TaskScheduled hello",
      "TaskStarted hello",
      "TaskSucceeded hello",
      "StepExited hello",
      "ExecutionSucceeded",
    ]);
  });
});
