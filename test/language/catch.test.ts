/** Catching errors (fdl.md §6.4, §10 rows 7 to 9). */
import { describe, expect, it } from "vitest";
import { problems } from "./definition.ts";
import { details, trace } from "./events.ts";
import { run } from "./run.ts";
import { failing, fails } from "./scripts.ts";

const TASK = `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f"`;
const set = (name: string, rest = "") =>
  `{type: pass, name: ${name}, outputMappings: [{target: ${name}, source: 1}]${rest}}`;
const broken = { functions: { "s/f": fails("E", "why") } };

describe("catch", () => {
  it("[CATCH-01] comes when no retry is left", () => {
    const { calls, output } = run(
      `[{${TASK}, retry: [{errors: [E], maxAttempts: 2}], catch: [{errors: [E], goto: z}]}, ${set("skipped")}, ${set("z")}]`,
      broken,
    );
    expect(calls).toHaveLength(3);
    expect(output).toEqual({ z: 1 });
  });

  it("[CATCH-01] is not looked at when a retry succeeds", () => {
    const { output } = run(
      `[{${TASK}, retry: [{errors: [E]}], catch: [{errors: [E], goto: z}], end: true}, ${set("z")}]`,
      {
        functions: { "s/f": failing(["E"], { ok: 1 }) },
      },
    );
    expect(output).toEqual({ ok: 1 });
  });

  it.each([
    ["A", "a"],
    ["B", "b"],
    ["C", "c"],
  ])("[CATCH-01] the first entry that matches %s is taken", (error, target) => {
    const { output } = run(
      `
      - {${TASK}, catch: [{errors: [A], goto: a}, {errors: [A, B], goto: b}, {errors: [FnF.ALL], goto: c}]}
      - ${set("a", ", end: true")}
      - ${set("b", ", end: true")}
      - ${set("c", ", end: true")}
      `,
      { functions: { "s/f": fails(error) } },
    );
    expect(output).toEqual({ [target]: 1 });
  });

  it.each([
    [`{goto: z}`, /errors/],
    [`{errors: [E]}`, /goto/],
  ])("[CATCH-02] %s is refused", (entry, message) => {
    expect(problems(`[{${TASK}, catch: [${entry}]}, ${set("z")}]`)).toEqual([expect.stringMatching(message)]);
  });

  it("[CATCH-03] [CATCH-04] errorMappings read the error and the step's input", () => {
    const { output } = run(
      `
      - type: task
        name: t
        resourceArn: acs:fc:::services/s/functions/f
        inputMappings: [{target: q, source: $input.x}]
        catch: [{errors: [E], goto: z}]
        errorMappings:
          - {target: error, source: $local.error}
          - {target: cause, source: $local.cause}
          - {target: code, source: $local.code}
          - {target: input, source: $input}
          - {target: merged, source: $.q}
          - {target: constant, source: 5}
          - {target: missing, source: $local.nothing}
      - {type: succeed, name: z}
      `,
      { ...broken, input: { x: 1 } },
    );
    expect(output).toEqual({ error: "E", cause: "why", code: "E", input: { q: 1 }, merged: 1, constant: 5 });
  });

  it("[CATCH-03] $local is the error and its cause", () => {
    const { output } = run(
      `[{${TASK}, catch: [{errors: [E], goto: z}], errorMappings: [{target: l, source: $local}]}, {type: succeed, name: z}]`,
      broken,
    );
    expect(output).toMatchObject({ l: { error: "E", cause: "why" } });
  });

  it("[CATCH-04] without errorMappings the output is {}", () => {
    const { output, calls } = run(
      `
      - ${set("before")}
      - {${TASK}, catch: [{errors: [E], goto: g}]}
      - {type: task, name: g, resourceArn: "acs:fc:::services/s/functions/g"}
      `,
      { functions: { ...broken.functions, "s/g": () => ({}) } },
    );
    expect(calls[1]?.payload).toEqual({ before: 1 });
    expect(output).toEqual({ before: 1 });
  });

  it("[CATCH-05] an action's output is {error, cause}", () => {
    const { output } = run(
      `
      - ${set("before")}
      - {type: task, name: t, action: "fnf:StartExecution", pattern: sync, serviceParams: {FlowName: child}, catch: [{errors: [E], goto: z}]}
      - {type: succeed, name: z}
      `,
      { flows: { child: `- {type: fail, name: f, error: E, cause: why}` } },
    );
    expect(output).toEqual({ before: 1, error: "E", cause: "why" });
  });

  it("[CATCH-06] outputMappings are not applied", () => {
    const { output } = run(
      `[{${TASK}, catch: [{errors: [E], goto: z}], outputMappings: [{target: o, source: 1}]}, {type: succeed, name: z}]`,
      broken,
    );
    expect(output).toEqual({});
  });

  it("[CATCH-07] the output is merged into local before the target starts; what was there stays", () => {
    const { output, events } = run(
      `
      - {type: pass, name: a, outputMappings: [{target: kept, source: 1}, {target: e, source: old}]}
      - {${TASK}, catch: [{errors: [E], goto: z}], errorMappings: [{target: e, source: $local.error}]}
      - ${set("skipped")}
      - {type: pass, name: z, outputMappings: [{target: seen, source: $input.e}]}
      - ${set("next")}
      `,
      broken,
    );
    expect(output).toEqual({ kept: 1, e: "E", seen: "E", next: 1 });
    expect(trace(events, "StepEntered")).toEqual(["a", "t", "z", "next"]);
    expect(details(events, "StepEntered")[2]).toEqual({ input: {}, local: { kept: 1, e: "E" } });
  });
});
