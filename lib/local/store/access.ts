/**
 * The access port over LMDB: who looks and writes does both in one turn of the one process that has the store. What it
 * answers is on disk when the store's `durable` says so; a process that dies before has let nobody know of the call that
 * a nonce came with, and lost the call's own writes with it.
 */
import { type Access, oldestFirst } from "../../runtime/ports/access.ts";
import { type Key, keyText } from "./keys.ts";
import type { Store } from "./store.ts";

/** The keys and nonces of a store. Nonces that have expired go with the next sweep. */
export function lmdbAccess({ tables: { accessKeys, nonces, noncesByEnd }, write }: Store): Access {
  return {
    async putKey(key) {
      const row = [keyText(key.id)];
      return write(() => {
        const existing = accessKeys.get(row);
        if (existing === undefined) accessKeys.put(row, key);
        return existing?.sealedSecret === key.sealedSecret ? undefined : existing;
      });
    },
    async readKey(id) {
      return accessKeys.get([keyText(id)]);
    },
    async listKeys() {
      return oldestFirst([...accessKeys.rows({})].map(({ value }) => value));
    },
    async changeKey(id, change) {
      const row = [keyText(id)];
      return write(() => {
        const existing = accessKeys.get(row);
        if (existing === undefined) return undefined;
        const changed = { ...existing, ...change };
        accessKeys.put(row, changed);
        return changed;
      });
    },
    async removeKey(id) {
      const row = [keyText(id)];
      return write(() => {
        if (accessKeys.get(row) === undefined) return false;
        accessKeys.remove(row);
        return true;
      });
    },
    async useNonce({ keyId, nonce, until, now }) {
      const row: Key = [keyText(keyId), keyText(nonce)];
      return write(() => {
        const before = nonces.get(row);
        if (before !== undefined && before > now) return false;
        if (before !== undefined) noncesByEnd.remove([before, ...row]);
        nonces.put(row, until);
        noncesByEnd.put([until, ...row], 1);
        return true;
      });
    },
  };
}
