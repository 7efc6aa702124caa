/** The keys of a store: task tokens that were handed out are good after a restart. */
import { randomBytes, randomUUID } from "node:crypto";
import { type Key, systemKeys } from "../../memory/keys.ts";
import type { Keys } from "../../runtime/ports/clock.ts";
import { keyText } from "../store/keys.ts";
import type { Store } from "../store/store.ts";

/** The store's keys; the first opening makes one. */
export async function storedKeys({ tables: { keys }, write, durable }: Store): Promise<Keys> {
  const [newest, ...older] = [...keys.rows({ reverse: true })].map(
    ({ key, value }): Key => ({ id: String(key[0]).slice(1), secret: Buffer.from(value, "base64") }),
  );
  if (newest !== undefined) return systemKeys(newest, ...older);
  const fresh = { id: randomUUID().slice(0, 8), secret: randomBytes(32) };
  write(() => keys.put([keyText(fresh.id)], fresh.secret.toString("base64")));
  await durable();
  return systemKeys(fresh);
}
