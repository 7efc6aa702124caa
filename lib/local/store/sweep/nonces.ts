/** Nonces that have expired: what was signed with them is too old to be taken again. */
import { LAST } from "../keys.ts";
import type { Store } from "../store.ts";

/** Nonces a transaction: others wait for as long as it takes. */
const BATCH = 200;

/** Removes the nonces that expired at or before `now` (ms). */
export async function forgetNonces({ tables: { nonces, noncesByEnd }, write, durable }: Store, now: number) {
  for (let more = true; more; ) {
    more = write(() => {
      const rows = [...noncesByEnd.keys({ end: [now, LAST], limit: BATCH })];
      for (const row of rows) {
        noncesByEnd.remove(row);
        // A row is its time, then the nonce's key. Used again it has another time, and another row.
        nonces.remove(row.slice(1));
      }
      return rows.length === BATCH;
    });
    // The disk sets the pace: others get their turn.
    await durable();
  }
}
