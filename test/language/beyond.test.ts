/** Where Stepwell goes further than FnF (fdl.md §12, §10 rows 29, 30, 54). */
import { describe, expect, it } from "vitest";
import { columnOf, problems } from "./definition.ts";
import { detail, details, trace } from "./events.ts";
import { run, START } from "./run.ts";
import { failing, fails } from "./scripts.ts";

const task = (name: string, rest = "") =>
  `{type: task, name: ${name}, resourceArn: "acs:fc:::services/s/functions/${name}"${rest}}`;
const set = (name: string, rest = "") =>
  `{type: pass, name: ${name}, outputMappings: [{target: ${name}, source: 1}]${rest}}`;
const parallel = (rest: string, ...branches: string[]) =>
  `{type: parallel, name: p, branches: [${branches.map((steps) => `{steps: [${steps}]}`).join(", ")}]${rest}}`;

describe("data", () => {
  it("[MORE-01] a step may carry more than the 32 KiB of FnF", () => {
    const { output } = run(`- {type: pass, name: a, outputMappings: [{target: big, source: $input.big}]}`, {
      input: { big: "x".repeat(1_000_000) },
    });
    expect(Object(output).big).toHaveLength(1_000_000);
  });

  it("[MORE-01] past the limit the step and the execution fail with FnF.DataLimitExceeded", () => {
    const text = `- {type: pass, name: a, outputMappings: [{target: big, source: $input.big}]}`;
    // input {"big":"…"} and output {"big":"…"} have 10 bytes around the text, local {} has 2
    const world = (length: number) => ({ input: { big: "x".repeat(length) }, maxDataBytes: 222 });
    expect(run(text, world(100)).status).toBe("Succeeded");
    const outcome = run(text, world(101));
    expect(outcome).toMatchObject({ status: "Failed", error: "FnF.DataLimitExceeded" });
    expect(trace(outcome.events, "StepFailed")).toEqual(["a"]);
    expect(trace(outcome.events, "ExecutionFailed")).toEqual([""]);
  });

  it("[MORE-01] bytes are those of UTF-8", () => {
    const text = `- {type: pass, name: a, outputMappings: [{target: big, source: $input.big}]}`;
    expect(run(text, { input: { big: "ü".repeat(50) }, maxDataBytes: 222 }).status).toBe("Succeeded");
    expect(run(text, { input: { big: "ü".repeat(51) }, maxDataBytes: 222 }).error).toBe("FnF.DataLimitExceeded");
  });

  it("[MORE-01] 50 MB is the default", () => {
    const { status } = run(`- {type: pass, name: a}`, { input: { big: "x".repeat(49_000_000) } });
    expect(status).toBe("Succeeded");
  });
});

describe("foreach", () => {
  const each = (concurrency: string) =>
    `- {type: foreach, name: e, ${concurrency} iterationMapping: {collection: $.list, item: x}, steps: [{type: wait, name: w, duration: 10}, {type: pass, name: a, outputMappings: [{target: v, source: $input.x}]}], outputMappings: [{target: vs, source: "$local[*].v"}]}`;
  const list = Array.from({ length: 12 }, (_, n) => n);

  it.each([
    ["concurrency: 1,", 120],
    ["concurrency: 5,", 30],
    ["concurrency: 12,", 10],
    ["concurrency: 1000,", 10],
    ["", 10],
  ])("[MORE-03] %s takes %d s for 12 elements of 10 s", (concurrency, seconds) => {
    expect(run(each(concurrency), { input: { list } })).toMatchObject({ seconds, output: { vs: list } });
  });

  it("[MORE-03] there may be thousands of elements", () => {
    const many = Array.from({ length: 5000 }, (_, n) => n);
    expect(run(each("concurrency: 1000,"), { input: { list: many } })).toMatchObject({
      seconds: 50,
      output: { vs: many },
    });
  });

  it.each([0, 1001, 1.5, -1])("[MORE-03] concurrency: %d is refused", (concurrency) => {
    const text = each(`concurrency: ${concurrency},`);
    const column = columnOf(text, `${concurrency}, iteration`);
    expect(problems(text)).toEqual([expect.stringMatching(new RegExp(`^4:${column} error e: "concurrency"`))]);
  });
});

describe("tasks", () => {
  it("[MORE-07] a lost task is an error that can be caught", () => {
    const { output } = run(
      `[${task("f", ", onLost: fail, catch: [{errors: [FnF.TaskLost], goto: z}], errorMappings: [{target: e, source: $local.error}]")}, {type: succeed, name: z}]`,
      { functions: { "s/f": fails("FnF.TaskLost") } },
    );
    expect(output).toEqual({ e: "FnF.TaskLost" });
    expect(problems(`- ${task("f", ", onLost: ignore")}`)).toEqual([expect.stringMatching(/error f: .*onLost/)]);
    expect(problems(`- ${task("f", ", onLost: retry")}`)).toEqual([]);
  });

  it("[MORE-08] a callback task that is not reported alive times out", () => {
    const silent = run(`- ${task("f", ", pattern: waitForCallback, heartbeatSeconds: 30, timeoutSeconds: 300")}`, {
      functions: { "s/f": () => ({}) },
      verdicts: () => ({ kind: "succeeded", output: {}, after: 40 }),
    });
    expect(silent).toMatchObject({ status: "Failed", error: "FnF.TaskTimeout", seconds: 30 });
    const quick = run(`- ${task("f", ", pattern: waitForCallback, heartbeatSeconds: 30, timeoutSeconds: 300")}`, {
      functions: { "s/f": () => ({}) },
      verdicts: () => ({ kind: "succeeded", output: { ok: 1 }, after: 20 }),
    });
    expect(quick).toMatchObject({ output: { ok: 1 }, seconds: 20 });
  });

  it("[MORE-08] heartbeatSeconds is for waitForCallback, and a positive integer", () => {
    expect(problems(`- ${task("f", ", heartbeatSeconds: 30")}`)).toEqual([
      expect.stringMatching(/error f: .*heartbeatSeconds/),
    ]);
    expect(problems(`- ${task("f", ", pattern: waitForCallback, heartbeatSeconds: 0")}`)).toEqual([
      expect.stringMatching(/error f: .*heartbeatSeconds/),
    ]);
  });
});

describe("errors of parallel and foreach", () => {
  it("[MORE-09] [MORE-10] retry runs the whole step again with the same input", () => {
    const { calls, output, seconds } = run(
      `[${set("k")}, ${parallel(`, retry: [{errors: [E], intervalSeconds: 10}], outputMappings: [{target: l, source: $local}]`, task("good"), `${set("x")}, ${task("bad")}`)}]`,
      { functions: { "s/good": () => ({ g: 1 }), "s/bad": failing(["E", "E"], { b: 1 }) } },
    );
    expect(output).toEqual({ k: 1, l: [{ g: 1 }, { x: 1, b: 1 }] });
    expect(seconds).toBe(30);
    const of = (target: string) => calls.filter((call) => call.target === target).map((call) => call.payload);
    expect(of("s/good")).toEqual(Array(3).fill({ k: 1 }));
    expect(of("s/bad")).toEqual(Array(3).fill({ k: 1, x: 1 }));
  });

  it("[MORE-09] foreach is retried", () => {
    const { output } = run(
      `- {type: foreach, name: e, iterationMapping: {collection: $.list, item: x}, retry: [{errors: [E]}], steps: [${task("f")}], outputMappings: [{target: l, source: $local}]}`,
      { input: { list: [1, 2] }, functions: { "s/f": failing(["E"], { ok: 1 }) } },
    );
    expect(output).toEqual({ l: [{ ok: 1 }, { ok: 1 }] });
  });

  it.each([
    [
      "parallel",
      parallel(
        `, catch: [{errors: [E], goto: z}], errorMappings: [{target: l, source: $local}, {target: i, source: $input.i}], outputMappings: [{target: o, source: 1}]`,
        task("bad"),
      ),
    ],
    [
      "foreach",
      `{type: foreach, name: p, iterationMapping: {collection: $.list, item: x}, catch: [{errors: [E], goto: z}], errorMappings: [{target: l, source: $local}, {target: i, source: $input.i}], outputMappings: [{target: o, source: 1}], steps: [${task("bad")}]}`,
    ],
  ])("[MORE-09] [MORE-11] a catch of %s works as on a task", (_, step) => {
    const { output } = run(`[${step}, ${set("skipped")}, ${set("z")}]`, {
      input: { i: 5, list: [1] },
      functions: { "s/bad": fails("E", "why") },
    });
    expect(output).toMatchObject({ l: { error: "E", cause: "why" }, i: 5, z: 1 });
    expect(Object.keys(Object(output)).toSorted()).toEqual(["i", "l", "z"]);
  });

  it("[MORE-09] the other branches are cancelled first", () => {
    const { events, seconds } = run(
      `[${parallel(", catch: [{errors: [E], goto: z}]", `{type: wait, name: w, duration: 100}, ${task("late")}`, `{type: wait, name: v, duration: 5}, ${task("bad")}`)}, {type: wait, name: z, duration: 1000}]`,
      { functions: { "s/bad": fails("E"), "s/late": () => ({}) } },
    );
    expect(seconds).toBe(1005);
    expect(trace(events, "TaskScheduled")).toEqual(["bad"]);
    expect(trace(events, "StepExited").includes("w")).toBe(false);
  });

  it("[MORE-11] a fail inside is caught, too; without errorMappings the output is {}", () => {
    const { output, status } = run(
      `[${parallel(", catch: [{errors: [E], goto: z}]", "{type: fail, name: f, error: E}")}, ${set("skipped")}, ${set("z")}]`,
    );
    expect({ output, status }).toEqual({ output: { z: 1 }, status: "Succeeded" });
  });

  it.each(["E", "FC.E", "FnF.ALL"])(
    "[MORE-11] a policy of a fork names what a function in a branch threw: %s",
    (name) => {
      const { output } = run(
        `[${parallel(`, catch: [{errors: [${name}], goto: z}]`, task("bad"))}, ${set("skipped")}, ${set("z")}]`,
        { functions: { "s/bad": fails("E") } },
      );
      expect(output).toEqual({ z: 1 });
    },
  );

  it("[MORE-11] FnF.InvalidInput of a foreach's collection is caught, too", () => {
    const { output } = run(
      `[{type: foreach, name: e, iterationMapping: {collection: $.list, item: x}, catch: [{errors: [FnF.InvalidInput], goto: z}], steps: [${set("a")}]}, ${set("skipped")}, ${set("z")}]`,
    );
    expect(output).toEqual({ z: 1 });
  });

  it("[MORE-12] each run has its StepStarted; a caught step shows error, cause, retryCount and goto", () => {
    const { events } = run(
      `[${parallel(", retry: [{errors: [E], maxAttempts: 2, intervalSeconds: 1}], catch: [{errors: [E], goto: z}]", task("bad"))}, {type: succeed, name: z}]`,
      {
        functions: { "s/bad": fails("E", "why") },
      },
    );
    const started = events.filter(({ type, step }) => type === "StepStarted" && step === "p");
    expect(started.map(({ time }) => (time - START) / 1000)).toEqual([0, 1, 3]);
    expect(details(events, "BranchEntered")).toHaveLength(3);
    expect(detail(events, "StepExited", "p")).toEqual({
      local: {},
      error: "E",
      cause: "why",
      retryCount: 2,
      goto: "z",
    });
    expect(trace(events, "StepFailed")).toEqual(["bad", "bad", "bad"]);
  });
});
