/**
 * The access port: who may call the API, and which signed requests were seen before (architecture §7). Every write is one
 * conditional write of one item, every read is strongly consistent. Times are milliseconds since the epoch.
 *
 * A key's secret comes here sealed (lib/api/access/seal.ts): whoever reads the store alone can sign nothing.
 */

/** admin: everything, flows too; operator: starts, stops, reports; reader: looks. */
export const ROLES = ["admin", "operator", "reader"] as const;
export type Role = (typeof ROLES)[number];

/** A secret that only the deployment's keys open. Opaque to adapters. */
export type SealedSecret = string & { readonly __sealed: true };

export interface AccessKey {
  /** Unique for ever, also after the key is removed: its nonces outlive it. */
  readonly id: string;
  readonly sealedSecret: SealedSecret;
  readonly role: Role;
  readonly enabled: boolean;
  readonly createdAt: number;
  /** Who has it and what for. */
  readonly description: string;
  /** Id of the key that this one was made to take the place of. */
  readonly replaces?: string;
  /** It is good until then; absent: for good. It stays in the list: the port removes none by itself. */
  readonly expiresAt?: number;
}

/** What may be otherwise about a key that is there; what is left out stays. */
export type KeyChange = Partial<Pick<AccessKey, "role" | "enabled" | "description" | "expiresAt">>;

/** A nonce and the request that it came with. */
export interface NonceUse {
  readonly keyId: string;
  readonly nonce: string;
  /** It counts as used before then: from then on the signature itself must be too old. */
  readonly until: number;
  readonly now: number;
}

export interface Access {
  /** Writes a key if there is none with that id, else returns the one that is there. The same key once more, told by its sealed secret, of which no two are alike, is success and changes nothing. */
  putKey(key: AccessKey): Promise<AccessKey | undefined>;
  /** One read of one item. A caller that keeps the answer for a while lets a key that was disabled in for as long. */
  readKey(id: string): Promise<AccessKey | undefined>;
  /** All of them, oldest first. They are few: made by hand, one a caller. */
  listKeys(): Promise<readonly AccessKey[]>;
  /** Changes a key that is there; returns it as it is then. Undefined: there is none. */
  changeKey(id: string, change: KeyChange): Promise<AccessKey | undefined>;
  /** False: there was none. */
  removeKey(id: string): Promise<boolean>;
  /**
   * Notes a nonce of a key. False: it was noted before, until a time after `now`. Of any number who use one at once
   * exactly one gets true. When it rejects, the nonce may be noted: the caller refuses the request, and whoever sent it
   * signs it anew.
   */
  useNonce(use: NonceUse): Promise<boolean>;
}

/** Keys in the order of `listKeys`; those of the same moment by id. */
export function oldestFirst(keys: Iterable<AccessKey>): readonly AccessKey[] {
  return [...keys].sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
}
