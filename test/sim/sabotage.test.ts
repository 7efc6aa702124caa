import { describe, expect, test } from "vitest";
import { simulateSabotaged } from "./sabotaged.ts";
import { SABOTAGES } from "./sabotages.ts";

/** Each builds the simulation and runs it in processes of its own. */
const TIMEOUT_MS = 180_000;

/** Found within a few plans; `node test/sim/sabotage.ts` tries all. */
const QUICK = ["lease ignored", "verdict given twice", "message gone when received"];

describe("the simulation finds a broken protocol", { timeout: TIMEOUT_MS }, () => {
  test.each(QUICK)("%s", async (quick) => {
    const sabotage = SABOTAGES.find(({ name }) => name === quick);
    const { foundIn, text } = await simulateSabotaged(sabotage ?? { name: quick, edits: [] }, { seed: 1, runs: 400 });
    expect(foundIn, text).toBeGreaterThan(0);
  });

  test("and finds nothing in a build with nothing broken", async () => {
    const verdict = await simulateSabotaged({ name: "nothing broken", edits: [] }, { seed: 1, runs: 40 });
    expect(verdict).toEqual({ text: "no violation" });
  });

  test("each sabotage has a name of its own", () => {
    expect(new Set(SABOTAGES.map(({ name }) => name)).size).toBe(SABOTAGES.length);
  });
});
