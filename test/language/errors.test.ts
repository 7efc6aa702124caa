/** Error names and how policies match them (fdl.md §6.1 to §6.3, §6.5, §10 rows 10 and 11). */
import { describe, expect, it } from "vitest";
import { details, trace } from "./events.ts";
import { run } from "./run.ts";
import { fails, timesOut } from "./scripts.ts";

/** True when a catch with these errors takes an error that the function raises. */
function caught(errors: string, raised: string): boolean {
  const { status } = run(
    `
    - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", catch: [{errors: ${errors}, goto: z}]}
    - {type: succeed, name: no}
    - {type: succeed, name: z}
    `,
    { functions: { "s/f": fails(raised) } },
  );
  return status === "Succeeded";
}

/** How often the function runs when a retry with these errors meets an error that it raises for ever. */
function runs(errors: string, raised: string): number {
  return run(
    `- {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", retry: [{errors: ${errors}, maxAttempts: 1}]}`,
    {
      functions: { "s/f": fails(raised) },
    },
  ).calls.length;
}

describe("errors", () => {
  it("[ERR-01] an error has a name and a cause", () => {
    const cause = `{"errorMessage":"no seats","errorType":"SoldOut"}`;
    const outcome = run(`- {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"}`, {
      functions: { "s/f": fails("SoldOut", cause) },
    });
    expect(outcome).toMatchObject({ status: "Failed", error: "SoldOut", cause });
    expect(details(outcome.events, "TaskFailed")).toEqual([{ error: "SoldOut", cause }]);
  });

  it.each([
    ["[SoldOut]", "SoldOut", true],
    ["[Other, SoldOut]", "SoldOut", true],
    ["[soldout]", "SoldOut", false],
    ["[Sold]", "SoldOut", false],
    ["[SoldOutToday]", "SoldOut", false],
    ["['*']", "SoldOut", false],
    ["['Sold*']", "SoldOut", false],
    ["['.*']", "SoldOut", false],
    ["[FC]", "FC.Unknown", false],
    ["['FC.*']", "FC.Unknown", false],
  ])("[ERR-02] %s against %s: %s", (errors, raised, matches) => {
    expect(caught(errors, raised)).toBe(matches);
    expect(runs(errors, raised)).toBe(matches ? 2 : 1);
  });

  it.each([
    "SoldOut",
    "FC.Unknown",
    "FC.ResourceThrottled",
    "FnF.TaskTimeout",
    "FnF.Timeout",
    "MNS.TopicNotExist",
    "FnF.FlowNotExists",
    "",
  ])("[ERR-03] FnF.ALL matches %j", (raised) => {
    expect(caught("[FnF.ALL]", raised)).toBe(true);
    expect(runs("[FnF.ALL]", raised)).toBe(2);
  });

  it("[ERR-03] FnF.ALL matches time-outs and unusable results", () => {
    const flow = `
      - {type: task, name: t, timeoutSeconds: 1, resourceArn: "acs:fc:::services/s/functions/f", retry: [{errors: [FnF.ALL], maxAttempts: 1}], catch: [{errors: [FnF.ALL], goto: z}], errorMappings: [{target: e, source: $local.error}]}
      - {type: fail, name: no}
      - {type: succeed, name: z}
    `;
    const late = run(flow, { functions: { "s/f": timesOut } });
    expect(late).toMatchObject({ status: "Succeeded", output: { e: "FnF.TaskTimeout" } });
    const unusable = run(flow, { functions: { "s/f": () => [1] } });
    expect(unusable).toMatchObject({ status: "Succeeded", output: { e: "FnF.InvalidLocal" } });
    expect([late.calls.length, unusable.calls.length]).toEqual([2, 2]);
  });

  it.each([
    ["[ServerError]", "ServerError", true],
    ["[FC.ServerError]", "ServerError", true],
    ["[fc.ServerError]", "ServerError", false],
    ["[FC.FC.Unknown]", "FC.Unknown", false],
    ["[Unknown]", "FC.Unknown", false],
    ["[FC.FnF.TaskTimeout]", "FnF.TaskTimeout", false],
  ])("[ERR-04] %s against %s: %s", (errors, raised, matches) => {
    expect(caught(errors, raised)).toBe(matches);
    expect(runs(errors, raised)).toBe(matches ? 2 : 1);
  });

  it("[ERR-04] the error is reported without the prefix", () => {
    const { output } = run(
      `[{type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", catch: [{errors: [FC.ServerError], goto: z}], errorMappings: [{target: e, source: $local.error}]}, {type: succeed, name: z}]`,
      { functions: { "s/f": fails("ServerError") } },
    );
    expect(output).toEqual({ e: "ServerError" });
  });

  it("[ERR-05] what nobody catches fails the execution with that error", () => {
    const outcome = run(
      `
      - type: choice
        name: c
        default: {steps: [{type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", retry: [{errors: [Other]}], catch: [{errors: [Other], goto: z}]}, {type: pass, name: z}]}
      - {type: pass, name: next}
      `,
      { functions: { "s/f": fails("E", "why") } },
    );
    expect(outcome).toMatchObject({ status: "Failed", error: "E", cause: "why" });
    expect(outcome.output).toBeUndefined();
    expect(trace(outcome.events, "StepFailed")).toEqual(["t", "c"]);
    expect(details(outcome.events, "ExecutionFailed")).toEqual([{ error: "E", cause: "why" }]);
  });

  it.each([
    ["fail", `{type: fail, name: bad, error: E}`, "E"],
    ["a bad wait value", `{type: wait, name: bad, duration: $.soon}`, "FnF.InvalidInput"],
    [
      "the data limit",
      `{type: pass, name: bad, outputMappings: [{target: x, source: $input.big}]}`,
      "FnF.DataLimitExceeded",
    ],
  ])("[ERR-06] %s is not caught by tasks of the flow", (_, step, error) => {
    const outcome = run(
      `
      - {type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", catch: [{errors: [FnF.ALL], goto: z}]}
      - ${step}
      - {type: succeed, name: z}
      `,
      { input: { soon: "soon", big: "x".repeat(700) }, functions: { "s/f": () => ({}) }, maxDataBytes: 1400 },
    );
    expect(outcome).toMatchObject({ status: "Failed", error });
    expect(trace(outcome.events, "StepEntered")).toEqual(["t", "bad"]);
  });

  it("[ERR-06] a task's own catch does not see the data limit", () => {
    const outcome = run(
      `[{type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", catch: [{errors: [FnF.ALL], goto: z}]}, {type: succeed, name: z}]`,
      {
        functions: { "s/f": () => ({ big: "x".repeat(2000) }) },
        maxDataBytes: 1500,
      },
    );
    expect(outcome).toMatchObject({ status: "Failed", error: "FnF.DataLimitExceeded" });
  });

  it.each([
    ["fail", `- {type: fail, name: bad, error: E}`, "E"],
    ["a bad wait value", `- {type: wait, name: bad, duration: $.soon}`, "FnF.InvalidInput"],
    [
      "a bad collection",
      `- {type: foreach, name: bad, iterationMapping: {collection: $.soon, item: x}, steps: [{type: pass, name: p}]}`,
      "FnF.InvalidInput",
    ],
  ])("[ERR-06] a parent flow catches %s", (_, child, error) => {
    const { output } = run(
      `[{type: task, name: t, resourceArn: "acs:fnf:::flow/child", pattern: sync, catch: [{errors: [${error}], goto: z}], errorMappings: [{target: e, source: $local.error}]}, {type: succeed, name: z}]`,
      { input: { soon: "soon" }, flows: { child } },
    );
    expect(output).toEqual({ e: error });
  });
});
