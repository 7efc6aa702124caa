/** The journal's verdicts on disk: the first outcome wins, heartbeats move the due time before it. */
import type { Journal } from "../../../runtime/ports/journal.ts";
import type { Store } from "../store.ts";
import { entryKey } from "./entry-key.ts";

/** The verdicts of a store. */
export function storedVerdicts({
  tables: { verdicts },
  write,
}: Store): Pick<Journal, "putVerdict" | "readVerdict" | "moveDue"> {
  return {
    async putVerdict(key, verdict, ifDue) {
      const row = entryKey(key);
      return write(() => {
        const item = verdicts.get(row);
        if (item?.outcome !== undefined) return item;
        if (ifDue !== undefined && item?.due !== ifDue.due) return item ?? {};
        verdicts.put(row, { ...item, ...verdict });
        return undefined;
      });
    },
    async readVerdict(key) {
      return verdicts.get(entryKey(key));
    },
    async moveDue(key, due) {
      const row = entryKey(key);
      return write(() => {
        const item = verdicts.get(row);
        if (item?.outcome !== undefined) return item;
        verdicts.put(row, { ...item, due });
        return undefined;
      });
    },
  };
}
