/** The keys port on Node's crypto: signatures of task tokens, keys derived for other uses, content addresses. */
import { createHash, createHmac, hkdfSync } from "node:crypto";
import type { Keys } from "../runtime/ports/clock.ts";

export interface Key {
  readonly id: string;
  /** A string counts as its UTF-8 bytes. */
  readonly secret: string | Uint8Array;
}

const DERIVED_BYTES = 32;

/** New tokens are signed with `current`; tokens signed with an older key still verify as long as it is given. */
export function systemKeys(current: Key, ...older: readonly Key[]): Keys {
  const secrets = new Map([...older, current].map(({ id, secret }) => [id, secret]));
  return {
    current: current.id,
    sign(text, keyId) {
      const secret = secrets.get(keyId);
      return secret === undefined ? undefined : createHmac("sha256", secret).update(text).digest("base64url");
    },
    derive(purpose, keyId) {
      const secret = secrets.get(keyId);
      return secret === undefined ? undefined : new Uint8Array(hkdfSync("sha256", secret, "", purpose, DERIVED_BYTES));
    },
    hash: (text) => createHash("sha256").update(text).digest("hex"),
  };
}
