/**
 * Keys of the store's tables: arrays of texts and numbers, which LMDB keeps in the order of their parts (architecture
 * §7). Texts come from users: they may be empty, hold anything, and be longer than a key may be.
 */
import { createHash } from "node:crypto";

export type KeyPart = string | number;
export type Key = KeyPart[];

/** Longest text that stands in a key as it is; three of them, at three bytes each, stay below LMDB's 1,978 bytes. */
const PLAIN_LENGTH = 180;
const CONTROL = /\p{Cc}/u;
const MADE = /^(=.*|#[0-9a-f]{64})$/su;

/** Comes after every part that `keyText` makes, and after every number. */
export const LAST = "~";

/** A text as part of a key: itself, or its hash where it is too long or could not be told from another. */
export function keyText(text: string): string {
  return isPlain(text) ? `=${text}` : `#${createHash("sha256").update(JSON.stringify(text)).digest("hex")}`;
}

/** Whether `keyText` can have made a part of a key. */
export function isKeyText(part: unknown): part is string {
  return typeof part === "string" && MADE.test(part) && isPlain(part.slice(1));
}

/** A lone surrogate would be written as any other one; and control characters delimit keys. */
function isPlain(text: string): boolean {
  return text.length <= PLAIN_LENGTH && !CONTROL.test(text) && text.isWellFormed();
}
