import { describe, expect, test } from "vitest";
import { deployFlows } from "./deployed.ts";
import { differenceText, explore, noTotals, SHORT } from "./explore.ts";
import { SCENARIOS } from "./scenarios.ts";

/** The machine may be busy with other tests. */
const TIMEOUT_MS = 180_000;

const deployment = await deployFlows();

describe("a crash at any point changes nothing", () => {
  test.each(SCENARIOS.map((scenario) => ({ name: scenario.name, scenario })))(
    "$name",
    async ({ scenario }) => {
      const totals = noTotals();
      const differences: string[] = [];
      for await (const difference of explore(deployment, scenario, SHORT, totals))
        differences.push(differenceText(difference));
      expect(differences).toEqual([]);
      expect(totals.points).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
