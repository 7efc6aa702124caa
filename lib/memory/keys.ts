/** The keys port on Node's crypto: signatures of task tokens, content addresses. */
import { createHash, createHmac } from "node:crypto";
import type { Keys } from "../runtime/ports/clock.ts";

export interface Key {
  readonly id: string;
  /** A string counts as its UTF-8 bytes. */
  readonly secret: string | Uint8Array;
}

/** New tokens are signed with `current`; tokens signed with an older key still verify as long as it is given. */
export function systemKeys(current: Key, ...older: readonly Key[]): Keys {
  const secrets = new Map([...older, current].map(({ id, secret }) => [id, secret]));
  return {
    current: current.id,
    sign(text, keyId) {
      const secret = secrets.get(keyId);
      return secret === undefined ? undefined : createHmac("sha256", secret).update(text).digest("base64url");
    },
    hash: (text) => createHash("sha256").update(text).digest("hex"),
  };
}
