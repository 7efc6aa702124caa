/** The journal's contract for the sweeper's backlog probe (architecture §6). */
import { describe, expect, test } from "vitest";
import type { Journal } from "../../../lib/runtime/ports/journal.ts";

export function probeContract(journal: () => Journal): void {
  describe("the backlog probe", () => {
    test("there is none at first", async () => {
      expect(await journal().readProbe()).toBeUndefined();
    });

    test("the last one written is read", async () => {
      await journal().putProbe({ id: "probe-1", sentAt: 1_000, arrivedAt: 1_500 });
      await journal().putProbe({ id: "probe-2", sentAt: 2_000 });
      expect(await journal().readProbe()).toEqual({ id: "probe-2", sentAt: 2_000 });
      await journal().putProbe({ id: "probe-2", sentAt: 2_000, arrivedAt: 2_500 });
      expect(await journal().readProbe()).toEqual({ id: "probe-2", sentAt: 2_000, arrivedAt: 2_500 });
    });
  });
}
