/** What holds for the history of any flow (fdl.md §7.2). */
import fc from "fast-check";
import { expect, it } from "vitest";
import { run, START } from "./run.ts";
import { fails, timesOut } from "./scripts.ts";

const NAMES = [
  "ExecutionStarted",
  "ExecutionSucceeded",
  "ExecutionFailed",
  "ExecutionStopped",
  "ExecutionTimedOut",
  "StepEntered",
  "StepStarted",
  "StepSucceeded",
  "StepFailed",
  "StepExited",
  "BranchEntered",
  "BranchExited",
  "IterationEntered",
  "IterationExited",
  "TaskScheduled",
  "TaskStarted",
  "TaskSubmitted",
  "TaskSubmitFailed",
  "TaskSucceeded",
  "TaskFailed",
  "TaskTimedOut",
];
const EXECUTION = new Set(NAMES.slice(0, 5));

/** Steps at random, at most three lists deep; names are made unique by numbering. */
const steps = fc.letrec<{ step: string; list: string[] }>((tie) => ({
  list: fc.array(tie("step"), { minLength: 1, maxLength: 3, depthIdentifier: "flow" }),
  step: fc.oneof(
    { depthSize: "small", depthIdentifier: "flow", withCrossShrink: true },
    fc.constantFrom(
      `{type: pass, name: NAME}`,
      `{type: wait, name: NAME, duration: 2}`,
      `{type: task, name: NAME, resourceArn: "acs:fc:::services/s/functions/f", retry: [{errors: [E], maxAttempts: 1}]}`,
      `{type: task, name: NAME, resourceArn: "acs:fc:::services/s/functions/f", pattern: waitForCallback}`,
      `{type: task, name: NAME, resourceArn: "acs:fc:::services/s/functions/g", timeoutSeconds: 1}`,
      `{type: fail, name: NAME, error: F}`,
      `{type: succeed, name: NAME}`,
    ),
    tie("list").map((list) => `{type: choice, name: NAME, default: {steps: [${list.join(", ")}]}}`),
    fc
      .array(tie("list"), { minLength: 1, maxLength: 3 })
      .map(
        (lists) =>
          `{type: parallel, name: NAME, branches: [${lists.map((list) => `{steps: [${list.join(", ")}]}`).join(", ")}]}`,
      ),
    tie("list").map(
      (list) =>
        `{type: foreach, name: NAME, iterationMapping: {collection: $.list, item: x}, concurrency: 2, steps: [${list.join(", ")}]}`,
    ),
  ),
}));

it("[HIST-01] [HIST-02] [HIST-03] [HIST-04] [HIST-05] hold for any flow", () => {
  fc.assert(
    fc.property(steps.list, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1 }), (list, answers) => {
      let step = 0;
      let call = 0;
      const text = `[${list.join(", ")}]`.replaceAll("NAME", () => `s${step++}`);
      const { events } = run(text, {
        input: { list: [1, 2, 3] },
        functions: {
          "s/f": (input, attempt) => (answers[call++ % answers.length] === 0 ? fails("E")(input, attempt) : {}),
          "s/g": (input, attempt) => (answers[call++ % answers.length] === 1 ? timesOut(input, attempt) : {}),
        },
        verdicts: () =>
          answers[call++ % answers.length] === 2
            ? { kind: "failed", error: "E", cause: "" }
            : { kind: "succeeded", output: {} },
      });
      events.forEach((event, position) => {
        expect(event.id).toBe(position + 1);
        expect(event.cause).toBeLessThan(event.id);
        expect(event.cause === 0).toBe(position === 0);
        expect(NAMES).toContain(event.type);
        expect(event.step === "").toBe(EXECUTION.has(event.type));
        expect(event.time).toBeGreaterThanOrEqual(events[event.cause - 1]?.time ?? START);
      });
      expect(["ExecutionSucceeded", "ExecutionFailed"]).toContain(events.at(-1)?.type);
    }),
  );
});
