/** The sweeper's backlog probe: one item. */
import type { Journal } from "../../runtime/ports/journal.ts";
import { item, number, optionalNumber, present, text } from "./item.ts";
import { PROBE_KEY } from "./keys.ts";
import type { Stored } from "./stored.ts";

export function tableProbe({ table }: Stored): Pick<Journal, "putProbe" | "readProbe"> {
  return {
    async putProbe({ id, sentAt, arrivedAt }) {
      await table.put(PROBE_KEY, item({ id, sentAt, arrivedAt }));
    },
    async readProbe() {
      const found = await table.get(PROBE_KEY);
      if (found === undefined) return undefined;
      const [id, sentAt] = [text(found, "id"), number(found, "sentAt")];
      return { id, sentAt, ...present("arrivedAt", optionalNumber(found, "arrivedAt")) };
    },
  };
}
