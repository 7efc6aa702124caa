/** The journal's verdicts in memory. */
import type { Journal, VerdictItem } from "../../runtime/ports/journal.ts";
import { byEntry } from "./by-entry.ts";

/** No verdicts yet. */
export function memoryVerdicts(): Pick<Journal, "putVerdict" | "readVerdict" | "moveDue"> {
  const items = byEntry<VerdictItem>();
  return {
    async putVerdict(key, verdict, ifDue) {
      const item = items.get(key);
      if (item?.outcome !== undefined) return item;
      if (ifDue !== undefined && item?.due !== ifDue.due) return item ?? {};
      items.set(key, { ...item, ...verdict });
      return undefined;
    },
    async readVerdict(key) {
      return items.get(key);
    },
    async moveDue(key, due) {
      const item = items.get(key);
      if (item?.outcome !== undefined) return item;
      items.set(key, { ...item, due });
      return undefined;
    },
  };
}
