/** The journal's verdicts: the first outcome wins, heartbeats move the due time before it. */
import type { Journal, Packed, VerdictItem } from "../../runtime/ports/journal.ts";
import { type Item, item, optionalNumber, optionalText, present } from "./item.ts";
import { entryItemKey } from "./keys.ts";
import type { Stored } from "./stored.ts";

export function tableVerdicts({ table, expiry }: Stored): Pick<Journal, "putVerdict" | "readVerdict" | "moveDue"> {
  return {
    async putVerdict(key, { outcome, reportId, at }, ifDue) {
      const set = { ...item({ outcome, reportId, at }), expiresAt: expiry.whileItRuns() };
      const result = await table.update(
        entryItemKey("V", key),
        { set },
        {
          absent: ifDue !== undefined && ifDue.due === undefined ? ["outcome", "due"] : ["outcome"],
          equal: item({ due: ifDue?.due }),
        },
      );
      return result.refused ? readVerdictItem(result.there ?? {}) : undefined;
    },
    async readVerdict(key) {
      const found = await table.get(entryItemKey("V", key));
      return found && readVerdictItem(found);
    },
    async moveDue(key, due) {
      const set = { ...item({ due }), expiresAt: expiry.whileItRuns() };
      const result = await table.update(entryItemKey("V", key), { set }, { absent: ["outcome"] });
      return result.refused ? readVerdictItem(result.there ?? {}) : undefined;
    },
  };
}

function readVerdictItem(from: Item): VerdictItem {
  return {
    ...present("outcome", optionalText(from, "outcome") as Packed | undefined),
    ...present("reportId", optionalText(from, "reportId")),
    ...present("at", optionalNumber(from, "at")),
    ...present("due", optionalNumber(from, "due")),
  };
}
