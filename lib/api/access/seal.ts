/**
 * Secrets of access keys as they are stored (architecture §7): encrypted, since a signature is checked with the secret
 * itself and no hash of it would do. AES-256-GCM under a key derived from one of the deployment's (NIST SP 800-38D).
 *
 * A sealed secret is `v1.<id of the deployment's key>.<base64url of IV, ciphertext, tag>`. The deployment may change its
 * keys: what an older one sealed opens as long as that one is given. All that is not secret is authenticated with it, the
 * access key's id too, so that no sealed secret is good in another's place.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { StepwellError } from "../../fdl/errors.ts";
import type { SealedSecret } from "../../runtime/ports/access.ts";
import type { Keys, RandomBytes } from "../../runtime/ports/clock.ts";

const VERSION = "v1";
const PURPOSE = "stepwell access key secret v1";
const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals the secret of the access key `id` under the current key. A new text each time: `random` has to be good for cryptography, as two equal IVs would give secrets away. */
export function sealSecret(keys: Keys, random: RandomBytes, id: string, secret: string): SealedSecret {
  const keyId = keys.current;
  const key = keys.derive(PURPOSE, keyId);
  if (key === undefined) throw new StepwellError("InternalServerError", `there is no key "${keyId}" to seal with`);
  const iv = random(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(context(keyId, id));
  const encrypted = [cipher.update(secret, "utf8"), cipher.final()];
  const body = Buffer.concat([iv, ...encrypted, cipher.getAuthTag()]).toString("base64url");
  return `${VERSION}.${keyId}.${body}` as SealedSecret;
}

/** The secret of the access key `id`; undefined when it was sealed under a key that is not there any more, for another access key, or is no sealed secret. */
export function openSecret(keys: Keys, id: string, sealed: string): string | undefined {
  const parts = parse(sealed);
  if (parts === undefined) return undefined;
  const key = keys.derive(PURPOSE, parts.keyId);
  if (key === undefined) return undefined;
  const { keyId, iv, encrypted, tag } = parts;
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
    .setAAD(context(keyId, id))
    .setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString();
  } catch {
    // `final` throws when the tag does not fit, and for nothing else.
    return undefined;
  }
}

function context(keyId: string, id: string): Buffer {
  return Buffer.from(JSON.stringify([VERSION, keyId, id]));
}

/** The id may hold anything: the body, which has no dots, begins after the last one. */
const FORM = new RegExp(`^${VERSION}\\.(?<keyId>.*)\\.(?<body>[A-Za-z0-9_-]+)$`, "s");

function parse(sealed: string) {
  const { keyId, body } = FORM.exec(sealed)?.groups ?? {};
  if (keyId === undefined || body === undefined) return undefined;
  const bytes = Buffer.from(body, "base64url");
  // The last character has bits to spare: only one of the texts that say the same is ours.
  if (bytes.length < IV_BYTES + TAG_BYTES || bytes.toString("base64url") !== body) return undefined;
  return {
    keyId,
    iv: bytes.subarray(0, IV_BYTES),
    encrypted: bytes.subarray(IV_BYTES, -TAG_BYTES),
    tag: bytes.subarray(-TAG_BYTES),
  };
}
