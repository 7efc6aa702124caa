import { describe, expect, test } from "vitest";
import { runSabotaged } from "./sabotaged.ts";
import { PILLARS, SABOTAGES } from "./sabotages.ts";

/** Each builds the harness and runs it in a process of its own. */
const TIMEOUT_MS = 180_000;

describe("the crash harness finds a broken protocol", () => {
  test.each(SABOTAGES.slice(0, PILLARS))(
    "$name",
    async (sabotage) => {
      const { found, text } = await runSabotaged(sabotage);
      expect(text).toMatch(/^DIFFERENCE /);
      expect(found).toBe(true);
    },
    TIMEOUT_MS,
  );

  test(
    "and finds none in a build with nothing broken",
    async () => {
      const { found, text } = await runSabotaged({ name: "nothing broken", edits: [], flows: ["pass", "task"] });
      expect(found, text).toBe(false);
      expect(text).toBe("no difference");
    },
    TIMEOUT_MS,
  );

  test("a sabotage whose text is not there is refused", async () => {
    const edits = [{ file: "lib/runtime/record.ts", find: "no such text", replace: "" }];
    await expect(runSabotaged({ name: "misspelt", edits, flows: ["pass"] })).rejects.toThrow(
      "holds 0 times, not once: no such text",
    );
  });
});
