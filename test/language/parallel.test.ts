/** Parallel steps (fdl.md §3.5, §10 rows 21, 28, 58). */
import { describe, expect, it } from "vitest";
import { problems } from "./definition.ts";
import { details, trace } from "./events.ts";
import { run } from "./run.ts";
import { fails } from "./scripts.ts";

const set = (name: string, rest = "") =>
  `{type: pass, name: ${name}, outputMappings: [{target: ${name}, source: 1}]${rest}}`;
const task = (name: string, rest = "") =>
  `{type: task, name: ${name}, resourceArn: "acs:fc:::services/s/functions/${name}"${rest}}`;

describe("parallel", () => {
  it.each([
    [`- {type: parallel, name: p}`, /branches/],
    [`- {type: parallel, name: p, branches: []}`, /branch/],
    [`- {type: parallel, name: p, branches: [{}]}`, /steps/],
    [`- {type: parallel, name: p, branches: [[{type: pass, name: a}]]}`, /map/],
  ])("[PAR-01] %s is refused", (text, message) => {
    expect(problems(text)).toEqual([expect.stringMatching(message)]);
    expect(problems(text)).toEqual([expect.stringMatching(/error p: /)]);
  });

  it("[PAR-02] all branches are started by the same event, and the step goes on behind the last one", () => {
    const { events, seconds } = run(`
      - type: parallel
        name: p
        branches:
          - steps: [{type: wait, name: w, duration: 10}]
          - steps: [{type: wait, name: w, duration: 30}]
          - steps: [{type: wait, name: w, duration: 20}]
      - ${set("next")}
    `);
    expect(seconds).toBe(30);
    expect(details(events, "BranchEntered").map((entered) => entered.index)).toEqual([0, 1, 2]);
    const next = events.find((event) => event.type === "StepEntered" && event.step === "next");
    const exits = events.filter((event) => event.type === "BranchExited");
    expect(exits).toHaveLength(3);
    for (const exit of exits) expect(exit.id).toBeLessThan(next?.id ?? 0);
  });

  it("[PAR-03] local is the branches' locals in the order of the definition", () => {
    const { output } = run(`
      - type: parallel
        name: p
        branches:
          - steps: [{type: wait, name: w, duration: 10}, ${set("a")}, ${set("more")}]
          - steps: [${set("b")}]
          - steps: [{type: pass, name: none}]
        outputMappings: [{target: local, source: $local}, {target: b, source: "$local[1].b"}, {target: all, source: "$local[*].a"}]
    `);
    expect(output).toEqual({ local: [{ a: 1, more: 1 }, { b: 1 }, {}], b: 1, all: [1] });
  });

  it("[PAR-04] the default output is {}", () => {
    const { output } = run(`[${set("before")}, {type: parallel, name: p, branches: [{steps: [${set("a")}]}]}]`);
    expect(output).toEqual({ before: 1 });
  });

  it("[PAR-05] branches do not see each other", () => {
    const { calls } = run(
      `
      - type: parallel
        name: p
        branches:
          - steps: [${set("a")}, ${task("t")}]
          - steps: [{type: wait, name: w, duration: 5}, ${task("u")}]
      `,
      { input: { x: 1 }, functions: { "s/t": () => ({}), "s/u": () => ({}) } },
    );
    expect(calls.map(({ target, payload }) => ({ target, payload }))).toEqual([
      { target: "s/t", payload: { x: 1, a: 1 } },
      { target: "s/u", payload: { x: 1 } },
    ]);
  });

  it("[PAR-06] succeed and end: true in a branch end that branch only", () => {
    const { output } = run(`
      - type: parallel
        name: p
        branches:
          - steps: [${set("a")}, {type: succeed, name: s}, ${set("x")}]
          - steps: [${set("b", ", end: true")}, ${set("x")}]
          - steps: [${set("c")}, ${set("d")}]
        outputMappings: [{target: local, source: $local}]
      - ${set("next")}
    `);
    expect(output).toEqual({ local: [{ a: 1 }, { b: 1 }, { c: 1, d: 1 }], next: 1 });
  });

  it("[PAR-07] a failing branch fails the step with its error; the others' later results change nothing", () => {
    const outcome = run(
      `
      - type: parallel
        name: p
        branches:
          - steps: [{type: wait, name: w, duration: 100}, ${task("late")}]
          - steps: [{type: wait, name: w, duration: 5}, ${task("bad")}]
          - steps: [{type: wait, name: w, duration: 50}, ${task("worse")}]
      - ${set("never")}
      `,
      { functions: { "s/late": () => ({}), "s/bad": fails("E", "why"), "s/worse": fails("F", "later") } },
    );
    expect(outcome).toMatchObject({ status: "Failed", error: "E", cause: "why", seconds: 5 });
    expect(outcome.calls.map((call) => call.target)).toEqual(["s/bad"]);
    expect(trace(outcome.events, "StepFailed")).toEqual(["bad", "p"]);
    expect(trace(outcome.events, "StepEntered")).not.toContain("never");
  });
});
