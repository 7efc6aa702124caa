/** Keys of what hangs on an entry, and of all that an execution wrote. */
import type { EntryKey } from "../../../runtime/ports/journal.ts";
import { type Key, type KeyPart, keyText, LAST } from "../keys.ts";

/** A branch of an execution; what follows is the seq, a number, so that entries stand in its order. */
export function branchKey(startId: string, branch: string): Key {
  return [keyText(startId), keyText(branch)];
}

/** An entry, its verdict, its join; with more parts an output. */
export function entryKey({ startId, branch, seq }: EntryKey, ...more: readonly KeyPart[]): Key {
  return [...branchKey(startId, branch), seq, ...more];
}

/** All keys that begin with these parts. */
export function under(prefix: Key): { readonly start: Key; readonly end: Key } {
  return { start: prefix, end: [...prefix, LAST] };
}
