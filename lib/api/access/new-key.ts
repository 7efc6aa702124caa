/** New access keys: an id that tells what it is, and a secret to sign requests with. */
import type { RandomBytes } from "../../runtime/ports/clock.ts";

/** What its holder is told, once. */
export interface NewKey {
  /** `STEP` and 16 characters of A–Z and 2–7 (80 bits): stands in URLs and headers as it is. */
  readonly id: string;
  /** 40 characters of base64url (240 bits). */
  readonly secret: string;
}

/** How ids begin, so that one found in a log or a repository is known for what it is. */
const PREFIX = "STEP";
const ID_CHARACTERS = 16;
/** Base32 (RFC 4648 §6): no two of its characters look alike. Their number divides 256, so each is as likely as the others. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECRET_BYTES = 30;

/** Another id and secret each time. */
export function newKey(random: RandomBytes): NewKey {
  const characters = Array.from(random(ID_CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length]);
  return {
    id: `${PREFIX}${characters.join("")}`,
    secret: Buffer.from(random(SECRET_BYTES)).toString("base64url"),
  };
}
