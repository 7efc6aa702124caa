/** History events: numbers, causes, order (fdl.md §7.2, §10 rows 31, 52). Details: history-details.test.ts. */
import { describe, expect, it } from "vitest";
import type { HistoryLine } from "./events.ts";
import { run, START, type World } from "./run.ts";
import { failing, fails, timesOut } from "./scripts.ts";

const TASK = `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"`;
const ok: World = { functions: { "s/f": () => ({ r: 1 }) } };

/** Events as `id type step <- cause`. */
function lines(events: readonly HistoryLine[]): readonly string[] {
  return events.map(({ id, type, step, cause }) => `${id} ${type}${step === "" ? "" : ` ${step}`} <- ${cause}`);
}

/** The same without ids and causes. */
function types(text: string, world: World = {}): readonly string[] {
  return run(text, world).events.map(({ type, step }) => (step === "" ? type : `${type} ${step}`));
}

describe("history", () => {
  it("[HIST-01] [HIST-02] [HIST-03] [HIST-06] two pass steps", () => {
    expect(lines(run(`[{type: pass, name: a}, {type: pass, name: b}]`).events)).toEqual([
      "1 ExecutionStarted <- 0",
      "2 StepEntered a <- 1",
      "3 StepStarted a <- 2",
      "4 StepSucceeded a <- 3",
      "5 StepExited a <- 4",
      "6 StepEntered b <- 5",
      "7 StepStarted b <- 6",
      "8 StepSucceeded b <- 7",
      "9 StepExited b <- 8",
      "10 ExecutionSucceeded <- 9",
    ]);
  });

  it.each([
    [`{type: wait, name: s, duration: 5}`],
    [`{type: wait, name: s, duration: 0}`],
    [`{type: choice, name: s, default: {}}`],
    [`{type: foreach, name: s, iterationMapping: {collection: $.none, item: x}, steps: [{type: pass, name: a}]}`],
    [`{type: succeed, name: s}`],
  ])("[HIST-06] %s", (step) => {
    expect(lines(run(`- ${step}`, { input: { none: [] } }).events)).toEqual([
      "1 ExecutionStarted <- 0",
      "2 StepEntered s <- 1",
      "3 StepStarted s <- 2",
      "4 StepSucceeded s <- 3",
      "5 StepExited s <- 4",
      "6 ExecutionSucceeded <- 5",
    ]);
  });

  it("[HIST-06] the events of a choice's steps stand inside it", () => {
    expect(
      lines(run(`- {type: choice, name: c, default: {steps: [{type: pass, name: a}]}}`).events).slice(2, 9),
    ).toEqual([
      "3 StepStarted c <- 2",
      "4 StepEntered a <- 3",
      "5 StepStarted a <- 4",
      "6 StepSucceeded a <- 5",
      "7 StepExited a <- 6",
      "8 StepSucceeded c <- 7",
      "9 StepExited c <- 8",
    ]);
  });

  it("[HIST-07] a task", () => {
    expect(lines(run(`- {${TASK}}`, ok).events)).toEqual([
      "1 ExecutionStarted <- 0",
      "2 StepEntered t <- 1",
      "3 TaskScheduled t <- 2",
      "4 TaskStarted t <- 3",
      "5 TaskSucceeded t <- 4",
      "6 StepExited t <- 5",
      "7 ExecutionSucceeded <- 6",
    ]);
  });

  it("[HIST-08] a task that is retried", () => {
    const { events } = run(`- {${TASK}, retry: [{errors: [E]}]}`, { functions: { "s/f": failing(["E", "E"], {}) } });
    expect(lines(events)).toEqual([
      "1 ExecutionStarted <- 0",
      "2 StepEntered t <- 1",
      "3 TaskScheduled t <- 2",
      "4 TaskStarted t <- 3",
      "5 TaskFailed t <- 4",
      "6 TaskScheduled t <- 5",
      "7 TaskStarted t <- 6",
      "8 TaskFailed t <- 7",
      "9 TaskScheduled t <- 8",
      "10 TaskStarted t <- 9",
      "11 TaskSucceeded t <- 10",
      "12 StepExited t <- 11",
      "13 ExecutionSucceeded <- 12",
    ]);
  });

  it("[HIST-08] a time-out is TaskTimedOut in place of TaskFailed", () => {
    const text = `- {${TASK}, timeoutSeconds: 5, retry: [{errors: [FnF.TaskTimeout], maxAttempts: 1}]}`;
    expect(types(text, { functions: { "s/f": timesOut } }).slice(2, 8)).toEqual([
      "TaskScheduled t",
      "TaskStarted t",
      "TaskTimedOut t",
      "TaskScheduled t",
      "TaskStarted t",
      "TaskTimedOut t",
    ]);
  });

  it.each([
    ["TaskSucceeded", { kind: "succeeded", output: {} }],
    ["TaskFailed", { kind: "failed", error: "E", cause: "" }],
    ["TaskTimedOut", "never"],
  ] as const)("[HIST-09] a callback that ends in %s", (type, verdict) => {
    const text = `[{${TASK}, pattern: waitForCallback, timeoutSeconds: 5, catch: [{errors: [FnF.ALL], goto: z}]}, {type: succeed, name: z}]`;
    expect(lines(run(text, { ...ok, verdicts: () => verdict }).events).slice(1, 7)).toEqual([
      "2 StepEntered t <- 1",
      "3 TaskScheduled t <- 2",
      "4 TaskStarted t <- 3",
      "5 TaskSubmitted t <- 4",
      `6 ${type} t <- 5`,
      "7 StepExited t <- 6",
    ]);
  });

  it("[HIST-09] a callback whose call fails", () => {
    const text = `- {${TASK}, pattern: waitForCallback, retry: [{errors: [E], maxAttempts: 1}]}`;
    expect(lines(run(text, { functions: { "s/f": fails("E") } }).events).slice(2, 8)).toEqual([
      "3 TaskScheduled t <- 2",
      "4 TaskStarted t <- 3",
      "5 TaskSubmitFailed t <- 4",
      "6 TaskScheduled t <- 5",
      "7 TaskStarted t <- 6",
      "8 TaskSubmitFailed t <- 7",
    ]);
  });

  it("[HIST-10] parallel: StepStarted causes every BranchEntered, the last branch StepSucceeded", () => {
    const { events } = run(`
      - type: parallel
        name: p
        branches: [{steps: [{type: pass, name: a}]}, {steps: [{type: wait, name: w, duration: 5}]}]
    `);
    const at = (type: string) => events.filter((event) => event.type === type);
    const [started] = at("StepStarted");
    expect(started).toMatchObject({ step: "p", id: 3 });
    expect(at("BranchEntered").map((event) => event.cause)).toEqual([3, 3]);
    const exits = at("BranchExited");
    expect(exits.map((event) => event.detail.index)).toEqual([0, 1]);
    expect(lines(events).slice(-3)).toEqual([
      `${events.length - 2} StepSucceeded p <- ${exits[1]?.id}`,
      `${events.length - 1} StepExited p <- ${events.length - 2}`,
      `${events.length} ExecutionSucceeded <- ${events.length - 1}`,
    ]);
  });

  it("[HIST-11] foreach: the same with iterations", () => {
    const { events } = run(
      `- {type: foreach, name: e, iterationMapping: {collection: $.list, item: x}, concurrency: 2, steps: [{type: pass, name: a}]}`,
      { input: { list: [1, 2, 3] } },
    );
    const at = (type: string) => events.filter((event) => event.type === type);
    expect(at("IterationEntered").map((event) => event.cause)).toEqual([3, 3, 3]);
    expect(
      at("IterationEntered")
        .map((event) => event.detail.index)
        .toSorted(),
    ).toEqual([0, 1, 2]);
    expect(
      at("IterationExited")
        .map((event) => event.detail.index)
        .toSorted(),
    ).toEqual([0, 1, 2]);
    expect(at("StepSucceeded").at(-1)?.cause).toBe(at("IterationExited").at(-1)?.id);
  });

  it("[HIST-12] events of branches are mixed by time, each strand in its order", () => {
    const { events } = run(`
      - type: parallel
        name: p
        branches:
          - steps: [{type: wait, name: a1, duration: 1}, {type: wait, name: a2, duration: 3}]
          - steps: [{type: wait, name: b1, duration: 2}, {type: wait, name: b2, duration: 1}]
    `);
    const exits = events.filter(({ type, step }) => type === "StepExited" && step !== "p");
    expect(exits.map(({ step, time }) => [step, (time - START) / 1000])).toEqual([
      ["a1", 1],
      ["b1", 2],
      ["b2", 3],
      ["a2", 4],
    ]);
    const entered = new Map(events.filter(({ type }) => type === "StepEntered").map((event) => [event.step, event]));
    const exited = new Map(exits.map((event) => [event.step, event]));
    expect(entered.get("a2")?.cause).toBe(exited.get("a1")?.id);
    expect(entered.get("b2")?.cause).toBe(exited.get("b1")?.id);
  });

  it("[HIST-13] fail", () => {
    expect(types(`- {type: choice, name: c, default: {steps: [{type: fail, name: f}]}}`)).toEqual([
      "ExecutionStarted",
      "StepEntered c",
      "StepStarted c",
      "StepEntered f",
      "StepFailed f",
      "StepFailed c",
      "ExecutionFailed",
    ]);
  });

  it("[HIST-14] an uncaught task error in a branch", () => {
    const { events } = run(`- {type: parallel, name: p, branches: [{steps: [{${TASK}}]}]}`, {
      functions: { "s/f": fails("E") },
    });
    expect(lines(events)).toEqual([
      "1 ExecutionStarted <- 0",
      "2 StepEntered p <- 1",
      "3 StepStarted p <- 2",
      "4 BranchEntered p <- 3",
      "5 StepEntered t <- 4",
      "6 TaskScheduled t <- 5",
      "7 TaskStarted t <- 6",
      "8 TaskFailed t <- 7",
      "9 StepFailed t <- 8",
      "10 StepFailed p <- 9",
      "11 ExecutionFailed <- 10",
    ]);
  });

  it("[HIST-14] an uncaught task error in an iteration", () => {
    const text = `- {type: foreach, name: e, iterationMapping: {collection: $.list, item: x}, steps: [{${TASK}}]}`;
    const seen = types(text, { input: { list: [1] }, functions: { "s/f": fails("E") } });
    expect(seen.slice(-4)).toEqual(["TaskFailed t", "StepFailed t", "StepFailed e", "ExecutionFailed"]);
    expect(seen.some((line) => line.startsWith("IterationExited"))).toBe(false);
  });

  it("[HIST-15] an unusable result", () => {
    expect(types(`- {${TASK}}`, { functions: { "s/f": () => [1] } })).toEqual([
      "ExecutionStarted",
      "StepEntered t",
      "TaskScheduled t",
      "TaskStarted t",
      "TaskFailed t",
      "StepFailed t",
      "ExecutionFailed",
    ]);
  });
});
