/** Sub-flow tasks (fdl.md §3.1.4, §10 rows 17, 18, 38, 56). */
import { describe, expect, it } from "vitest";
import { trace } from "./events.ts";
import { run } from "./run.ts";
import { failing, fails } from "./scripts.ts";

const CHILD = `type: task, name: t, resourceArn: "acs:fnf:::flow/child"`;
const SYNC = `${CHILD}, pattern: sync`;
const ECHO = `- {type: pass, name: a, outputMappings: [{target: got, source: $input}]}`;

/** The error that a sync parent sees of a child. */
function seen(child: string, functions = {}): unknown {
  return run(
    `[{${SYNC}, catch: [{errors: [FnF.ALL], goto: z}], errorMappings: [{target: error, source: $local.error}, {target: cause, source: $local.cause}]}, {type: succeed, name: z}]`,
    { flows: { child }, functions },
  ).output;
}

describe("sub-flows", () => {
  it("[SUB-01] requestResponse starts the child and goes on with the answer", () => {
    const { output, events } = run(`- {${CHILD}, serviceParams: {ExecutionName: run-1}}`, { flows: { child: ECHO } });
    expect(output).toMatchObject({ FlowName: "child", Name: "run-1" });
    expect(output).not.toHaveProperty("got");
    expect(trace(events, "TaskSubmitted")).toEqual([]);
  });

  it("[SUB-01] how the child ends changes nothing", () => {
    expect(run(`- {${CHILD}}`, { flows: { child: `- {type: fail, name: f, error: E}` } }).status).toBe("Succeeded");
  });

  it("[SUB-02] sync waits: local is the child's output", () => {
    const { output, events } = run(`- {${SYNC}}`, {
      flows: { child: `- {type: pass, name: a, outputMappings: [{target: x, source: 1}]}` },
    });
    expect(output).toEqual({ x: 1 });
    expect(trace(events, "TaskSubmitted")).toEqual(["t"]);
  });

  it("[SUB-03] waitForCallback starts the child and waits for a report", () => {
    const { output, calls } = run(
      `- {${CHILD}, pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}]}`,
      {
        flows: { child: ECHO },
        verdicts: () => ({ kind: "succeeded", output: { reported: 1 } }),
      },
    );
    expect(calls).toEqual([expect.objectContaining({ kind: "flow", payload: { token: expect.any(String) } })]);
    expect(output).toEqual({ reported: 1 });
  });

  it.each([
    ["no serviceParams", ""],
    ["no Input", ", serviceParams: {ExecutionName: run-1}"],
    ["Input: $", ", serviceParams: {Input: $}"],
  ])("[SUB-04] with %s the child's input is the task's", (_, rest) => {
    const { output } = run(
      `- {${SYNC}, inputMappings: [{target: x, source: $input.a}, {target: name, source: n}]${rest}}`,
      {
        input: { a: 1, b: 2 },
        flows: { child: ECHO },
      },
    );
    expect(output).toEqual({ got: { x: 1, name: "n" } });
  });

  it("[SUB-04] Input may be a part of it", () => {
    const { output } = run(`- {${SYNC}, serviceParams: {Input: $.a}}`, {
      input: { a: { x: 1 }, b: 2 },
      flows: { child: ECHO },
    });
    expect(output).toEqual({ got: { x: 1 } });
  });

  it("[SUB-05] without ExecutionName the name is generated", () => {
    const { calls } = run(`- {${SYNC}, serviceParams: {Input: $}}`, { flows: { child: ECHO } });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.executionName).toBeUndefined();
    const named = run(`- {${SYNC}, serviceParams: {ExecutionName: $.id}}`, {
      input: { id: "run-1" },
      flows: { child: ECHO },
    });
    expect(named.calls[0]?.executionName).toBe("run-1");
  });

  it("[SUB-06] a child's fail step and a child's task error reach the parent", () => {
    expect(seen(`- {type: fail, name: f, error: NotNow, cause: later}`)).toEqual({ error: "NotNow", cause: "later" });
    expect(
      seen(`- {type: task, name: c, resourceArn: "acs:fc:::services/s/functions/f"}`, {
        "s/f": fails("Broken", "why"),
      }),
    ).toEqual({
      error: "Broken",
      cause: "why",
    });
  });

  it("[SUB-06] they are retried by name", () => {
    const { output, calls } = run(`- {${SYNC}, retry: [{errors: [NotNow]}]}`, {
      flows: { child: `- {type: task, name: c, resourceArn: "acs:fc:::services/s/functions/f"}` },
      functions: { "s/f": failing(["NotNow", "NotNow"], { ok: 1 }) },
    });
    expect(output).toEqual({ ok: 1 });
    expect(calls.filter((call) => call.kind === "flow")).toHaveLength(3);
  });

  it("[SUB-09] a child's fail without error is FnF.RuntimeError", () => {
    expect(seen(`- {type: fail, name: f, cause: later}`)).toEqual({ error: "FnF.RuntimeError", cause: "later" });
  });

  it("[SUB-11] a flow that does not exist is FnF.FlowNotExists", () => {
    const { output } = run(
      `[{${SYNC}, catch: [{errors: [FnF.FlowNotExists], goto: z}], errorMappings: [{target: e, source: $local.error}]}, {type: succeed, name: z}]`,
      { flows: {} },
    );
    expect(output).toEqual({ e: "FnF.FlowNotExists" });
  });
});
