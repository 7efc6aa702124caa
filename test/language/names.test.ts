/** Names and limits (fdl.md §1.3, §1.4, §10 rows 23, 58). */
import { describe, expect, it } from "vitest";
import { isFlowName } from "../../lib/fdl/name.ts";
import { columnOf, problems, problemsOf } from "./definition.ts";
import { trace } from "./events.ts";
import { run, runDefinition } from "./run.ts";

describe("names", () => {
  it.each(["a", "A", "_", "a1", "_1", "a-b_c", "x".repeat(128)])("[NAME-01] %s names a flow", (name) => {
    expect(isFlowName(name)).toBe(true);
  });

  it.each(["", "1a", "-a", "a b", "a.b", "größe", "a/b", "a\n", "x".repeat(129)])(
    "[NAME-01] %j does not name a flow",
    (name) => {
      expect(isFlowName(name)).toBe(false);
    },
  );

  it("[NAME-01] a constant sub-flow name follows it", () => {
    expect(problems(`- {type: task, name: t, resourceArn: "acs:fnf:::flow/1x"}`)).toEqual([
      expect.stringMatching(/error t: /),
    ]);
  });

  it.each(["a", "mns-topic-task", "CheckJobComplete", "支付", "größe 2", "1", "x".repeat(128)])(
    "[NAME-02] %s names a step",
    (name) => {
      const { events } = run(`- {type: pass, name: ${JSON.stringify(name)}}`);
      expect(trace(events, "StepEntered")).toEqual([name]);
    },
  );

  it.each([`""`, JSON.stringify("x".repeat(129)), `5`, `[a]`])("[NAME-02] name: %s is refused", (name) => {
    expect(problems(`- {type: pass, name: ${name}}`)).toEqual([expect.stringMatching(/^4:24 error.*"name"/)]);
  });

  it("[NAME-02] a step needs a name", () => {
    expect(problems(`- {type: pass}`)).toEqual([expect.stringMatching(/^4:5 error: .*"name"/)]);
  });

  it("[NAME-03] names are case sensitive", () => {
    const { output } = run(`
      - {type: choice, name: go, default: {goto: Pay}}
      - {type: pass, name: pay, outputMappings: [{target: lower, source: 1}]}
      - {type: pass, name: Pay, outputMappings: [{target: upper, source: 1}]}
    `);
    expect(output).toEqual({ upper: 1 });
    expect(problems(`[{type: choice, name: go, default: {goto: PAY}}, {type: pass, name: pay}]`)).toEqual([
      expect.stringMatching(/error go: /),
    ]);
  });

  it.each([
    ["the flow", `[{type: pass, name: twice}, {type: succeed, name: twice}]`],
    [
      "an inner list",
      `- {type: choice, name: c, default: {steps: [{type: pass, name: twice}, {type: pass, name: twice}]}}`,
    ],
  ])("[NAME-04] two steps of %s cannot have one name", (_, text) => {
    const second = columnOf(text.replace("name: twice", "name: first"), "twice");
    expect(problems(text)).toEqual([expect.stringMatching(new RegExp(`^4:${second} error twice: `))]);
  });

  it("[NAME-05] steps of different lists can", () => {
    const { output } = run(`
      - {type: choice, name: same, default: {steps: [{type: pass, name: same, outputMappings: [{target: a, source: 1}]}]}}
      - type: parallel
        name: p
        branches:
          - steps: [{type: pass, name: same, outputMappings: [{target: b, source: 1}]}]
          - steps: [{type: pass, name: same, outputMappings: [{target: b, source: 2}]}]
        outputMappings: [{target: bs, source: "$local[*].b"}]
    `);
    expect(output).toEqual({ a: 1, bs: [1, 2] });
  });
});

describe("limits", () => {
  const MIB = 1024 * 1024;

  it("[LIMIT-01] a definition may have a MiB of UTF-8, and no more", () => {
    const step = `version: v1\ntype: flow\nsteps:\n  - {type: pass, name: a, outputMappings: [{target: x, source: 1}]}\n# `;
    const filled = step + "ü".repeat((MIB - Buffer.byteLength(step)) / 2 - 1);
    const exact = filled + "x".repeat(MIB - Buffer.byteLength(filled));
    expect(runDefinition(exact).output).toEqual({ x: 1 });
    expect(problemsOf(`${exact}x`)).toEqual([expect.stringMatching(/^1:1 error: .*(1 MiB|1,?048,?576)/)]);
  });

  it("[LIMIT-02] a parallel may have 1,000 branches, and no more", () => {
    const parallel = (count: number) => {
      const branches = Array.from(
        { length: count },
        (_, n) => `{steps: [{type: pass, name: b, outputMappings: [{target: n, source: ${n}}]}]}`,
      );
      return `- {type: parallel, name: p, branches: [${branches.join(", ")}], outputMappings: [{target: ns, source: "$local[*].n"}]}`;
    };
    expect(run(parallel(1000)).output).toEqual({ ns: Array.from({ length: 1000 }, (_, n) => n) });
    expect(problems(parallel(1001))).toEqual([expect.stringMatching(/^4:\d+ error p: .*branches.*1,?000/)]);
  });

  it("[LIMIT-05] lists and maps may be nested 100 deep, and no more", () => {
    // the list stands in: document, steps, step, outputMappings, mapping
    const nested = (depth: number) =>
      `- {type: pass, name: a, outputMappings: [{target: x, source: ${"[".repeat(depth)}${"]".repeat(depth)}}]}`;
    expect(run(nested(95)).status).toBe("Succeeded");
    expect(problems(nested(96))).toEqual([expect.stringMatching(/^4:\d+ error.*100/)]);
  });

  it("[LIMIT-03] there may be many steps and policies", () => {
    const steps = Array.from(
      { length: 3000 },
      (_, n) => `  - {type: pass, name: s${n}, outputMappings: [{target: n, source: ${n}}]}`,
    );
    expect(runDefinition(`version: v1\ntype: flow\nsteps:\n${steps.join("\n")}\n`).output).toEqual({ n: 2999 });
    const policies = Array.from({ length: 500 }, (_, n) => `{errors: [E${n}], goto: z}`);
    const { status } = run(
      `[{type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", catch: [${policies.join(", ")}]}, {type: succeed, name: z}]`,
      { functions: { "s/f": () => ({}) } },
    );
    expect(status).toBe("Succeeded");
  });
});
