/**
 * Keys of the store's tables: arrays of texts and numbers, which LMDB keeps in the order of their parts (architecture
 * §7). Texts come from users: they may be empty, hold anything, and be longer than a key may be.
 */
import { createHash } from "node:crypto";

export type KeyPart = string | number;
export type Key = KeyPart[];

/** Longest text that stands in a key as it is; three such texts and some numbers stay below LMDB's 1,978 bytes. */
const PLAIN_TEXT = /^[^\p{Cc}]{0,180}$/u;

/** Comes after every part that `keyText` makes, and after every number. */
export const LAST = "~";

/** A text as part of a key: itself, or its hash where it is too long or could not be told from another. */
export function keyText(text: string): string {
  // A lone surrogate would be written as any other one; JSON spells it out.
  return PLAIN_TEXT.test(text) && text.isWellFormed()
    ? `=${text}`
    : `#${createHash("sha256").update(JSON.stringify(text)).digest("hex")}`;
}
