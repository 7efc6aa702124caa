import { describe, expect, test } from "vitest";
import { caseText, parseCase } from "./case.ts";
import { deployFlows } from "./deployed.ts";
import { exhaust, SMALL } from "./exhaustive.ts";
import { judge } from "./expect.ts";
import { addTotals, noTotals, usualOutcome } from "./explore.ts";
import { runCase } from "./run-case.ts";
import { type Scenario, succeeded } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { walk } from "./walk.ts";

/** The machine may be busy with other tests. */
const TIMEOUT_MS = 180_000;

const deployment = await deployFlows();
const EVERYTHING = { modes: ["hop", "fused"], singles: true, whole: true } as const;

function scenarioOf(name: string): Scenario {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario: ${name}`);
  return scenario;
}

async function exhausted(scenario: Scenario, depth: Partial<typeof EVERYTHING | { singles: boolean }> = {}) {
  const totals = noTotals();
  const differences: string[] = [];
  for await (const { case: one } of exhaust(deployment, scenario, { ...EVERYTHING, ...depth }, totals))
    differences.push(caseText(one));
  return { totals, differences };
}

describe("two crashes at any two points change nothing", () => {
  test.each(["pass", "task", "callback"])(
    "%s",
    async (name) => {
      const { totals, differences } = await exhausted(scenarioOf(name));
      expect(differences).toEqual([]);
      expect(totals.singles).toBeGreaterThan(20);
      expect(totals.pairs).toBeGreaterThan(totals.singles);
      expect(totals.points).toBe(totals.singles + 2 * totals.pairs);
    },
    TIMEOUT_MS,
  );
});

test(
  "a pair finds what no single crash brings about, and its text runs it again",
  async () => {
    // Each crash may run one task once more: only two crashes run one a third time.
    const twice = [1, 2].flatMap((run) => [1, 2].map((run2) => succeeded({ run, run2 })));
    const scenario = { ...scenarioOf("unsure"), otherEnds: twice };
    const { totals, differences } = await exhausted(scenario);
    expect(totals.singles).toBeGreaterThan(0);
    expect(differences.length).toBeGreaterThan(0);
    for (const text of differences) expect(text).toMatch(/^(hop|fused)\/honest\/crash-\w+@\d+\/crash-\w+@\d+$/);
    const again = parseCase(differences[0] ?? "");
    const usual = await usualOutcome(deployment, scenario);
    expect(judge(scenario, usual, again, await runCase(deployment, scenario, again))).not.toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "processes that share the work do all of it, and nothing twice",
  async () => {
    const whole = (await exhausted(scenarioOf("task"))).totals;
    const shared = noTotals();
    for (const job of [0, 1, 2]) {
      const totals = noTotals();
      const differences = exhaust(deployment, scenarioOf("task"), EVERYTHING, totals, { job, jobs: 3 });
      expect(await differences.next()).toEqual({ done: true, value: undefined });
      expect(totals.pairs).toBeLessThan(whole.pairs / 2);
      addTotals(shared, totals);
    }
    expect(shared).toEqual(whole);
  },
  TIMEOUT_MS,
);

test(`a flow of ${SMALL} transitions has no pairs`, async () => {
  const scenario = scenarioOf("example-saga");
  const { transitions } = await walk(deployment, scenario, { mode: "hop", queue: "honest", disturbances: [] });
  expect(transitions).toBeGreaterThanOrEqual(SMALL);
  expect((await exhausted(scenario, { singles: false })).totals.runs).toBe(0);
});

test("a flow without end has no undisturbed run, and is left out", async () => {
  expect((await exhausted(scenarioOf("endless"))).totals.runs).toBe(0);
});
