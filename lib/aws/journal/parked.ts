/** Messages set aside for an operator, beside the journal of their execution, and the mark on its header. */
import type { ExecutionRef, Journal } from "../../runtime/ports/journal.ts";
import type { Change } from "./expression.ts";
import { type Item, item, text } from "./item.ts";
import { branchPartition, headerKey, PARKED, parkedKey } from "./keys.ts";
import { longTexts } from "./long-text.ts";
import type { Stored } from "./stored.ts";

export function tableParked({ table, expiry }: Stored): Pick<Journal, "park" | "unpark"> {
  const texts = longTexts(table);

  /** Changes the header where it is the one of that start. */
  async function mark(ref: ExecutionRef, startId: string, change: Change): Promise<void> {
    await table.update(headerKey(ref), change, { equal: item({ startId }) });
  }

  return {
    async park(ref, startId, message) {
      const key = parkedKey(startId, message);
      const expiresAt = expiry.whileItRuns();
      await table.put(key, { message: await texts.write(key.pk, message, expiresAt), expiresAt });
      await mark(ref, startId, { set: item({ parked: true }) });
    },
    async unpark(ref, startId) {
      const pk = branchPartition(startId, "");
      const found: Item[] = [];
      for await (const page of table.query({ pk, sk: PARKED })) found.push(...page);
      const messages = await Promise.all(found.map(async (one) => (await texts.read(pk, one.message)) ?? ""));
      // First the mark: who dies in between leaves messages that are still there.
      await mark(ref, startId, { remove: ["parked"] });
      for (const one of found) {
        await table.remove({ pk, sk: text(one, "sk") });
        await texts.remove(pk, one.message);
      }
      return messages;
    },
  };
}
