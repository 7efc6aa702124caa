/** The access port in memory: as durable as the process. */
import { type Access, type AccessKey, oldestFirst } from "../runtime/ports/access.ts";
import { dueHeap } from "./due-heap.ts";

/** No keys, and no nonces seen. Nonces that have expired are forgotten when the next one comes. */
export function memoryAccess(): Access {
  const keys = new Map<string, AccessKey>();
  const used = new Set<string>();
  const ends = dueHeap<string>();

  function forgetExpired(now: number): void {
    for (let next = ends.first(); next !== undefined && next.due <= now; next = ends.first()) {
      ends.remove(next);
      used.delete(next.value);
    }
  }

  return {
    async putKey(key) {
      const existing = keys.get(key.id);
      if (existing === undefined) keys.set(key.id, key);
      return existing?.sealedSecret === key.sealedSecret ? undefined : existing;
    },
    async readKey(id) {
      return keys.get(id);
    },
    async listKeys() {
      return oldestFirst(keys.values());
    },
    async changeKey(id, change) {
      const existing = keys.get(id);
      if (existing === undefined) return undefined;
      const changed = { ...existing, ...change };
      keys.set(id, changed);
      return changed;
    },
    async removeKey(id) {
      return keys.delete(id);
    },
    async useNonce({ keyId, nonce, until, now }) {
      forgetExpired(now);
      const name = JSON.stringify([keyId, nonce]);
      if (used.has(name)) return false;
      used.add(name);
      ends.add(until, name);
      return true;
    },
  };
}
