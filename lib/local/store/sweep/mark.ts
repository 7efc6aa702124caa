/**
 * The mark phase of the blob sweep: all hashes that any text in the store holds. References are opaque to the store, so
 * whatever looks like a hash counts as one. The texts are read in many short turns while others write; what is written or
 * removed meanwhile is marked as it passes, so that a reference that moves from one row to another is not missed.
 */
import { setImmediate as turn } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { Key } from "../keys.ts";
import type { Store } from "../store.ts";
import type { Table } from "../table.ts";

/** A hash stands between other characters: in quotes. */
const HASHES = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;
/** How the base64 of gzip begins, as a JSON text: the archive of an Express run. */
const ARCHIVE = '"H4sI';
const TURN_CHARACTERS = 2 * 1024 * 1024;

/**
 * Every hash that the store's texts refer to, now or at any time until it resolves. Rejects when a text cannot be read:
 * then nothing is known. `turnCharacters`: how much it looks through before it lets others go on.
 */
export async function referencedHashes(
  { tables, watch }: Store,
  turnCharacters = TURN_CHARACTERS,
): Promise<ReadonlySet<string>> {
  const marked = new Set<string>();
  let failure: unknown;
  const see = (text: string): void => {
    try {
      for (const [hash] of readable(text).matchAll(HASHES)) marked.add(hash);
    } catch (error) {
      failure ??= error;
    }
  };
  const { entries, verdicts, outputs, data, archives, parked, messages, timers } = tables;
  watch.add(see);
  try {
    for (const table of [entries, verdicts, outputs, data, archives, parked, messages, timers])
      await seeAll(table, see, turnCharacters);
  } finally {
    watch.delete(see);
  }
  if (failure !== undefined) throw failure;
  return marked;
}

async function seeAll(table: Table<unknown>, see: (text: string) => void, turnCharacters: number): Promise<void> {
  let start: Key | undefined;
  do {
    start = seeTurn(table, see, start, turnCharacters);
    await turn();
  } while (start !== undefined);
}

/** Looks through some rows behind `start`; returns the last one's key, or undefined when there are no more. */
function seeTurn(
  table: Table<unknown>,
  see: (text: string) => void,
  start: Key | undefined,
  turnCharacters: number,
): Key | undefined {
  let characters = 0;
  for (const { key, value } of table.texts({ start, afterStart: start !== undefined })) {
    see(value);
    characters += value.length;
    if (characters >= turnCharacters) return key;
  }
  return undefined;
}

function readable(text: string): string {
  return text.startsWith(ARCHIVE) ? gunzipSync(Buffer.from(text.slice(1, -1), "base64")).toString() : text;
}
