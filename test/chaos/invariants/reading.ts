/** A runtime that looks at a store and changes nothing: what histories and replays are derived with. */

import type { ReadJournal, ReadStore } from "../../../lib/local/store/read-store.ts";
import { memoryBlobs } from "../../../lib/memory/blobs.ts";
import { recordingDestinations } from "../../../lib/memory/destinations.ts";
import { randomIds } from "../../../lib/memory/ids.ts";
import { memoryJournal } from "../../../lib/memory/journal.ts";
import { type Key, systemKeys } from "../../../lib/memory/keys.ts";
import { memoryQueue } from "../../../lib/memory/queue.ts";
import { scriptedFunctions } from "../../../lib/memory/scripted.ts";
import { systemClock } from "../../../lib/memory/system-clock.ts";
import { memoryTimers } from "../../../lib/memory/timers.ts";
import { createRuntime, type Runtime } from "../../../lib/runtime/index.ts";
import type { Blobs } from "../../../lib/runtime/ports/blobs.ts";

/** What is read of a store, whatever it is. */
export interface Readable {
  readonly journal: ReadJournal;
  readonly blobs: Pick<Blobs, "get">;
  /** Those that its task tokens are signed with, the current one first. */
  readonly keys: readonly [Key, ...Key[]];
}

/** Reads what the store has, and makes the same task tokens as the processes that work on it. */
export function readingRuntime({ journal, blobs, tables }: ReadStore): Runtime {
  const [newest = { id: "", secret: "" }, ...older] = [...tables.keys.rows({ reverse: true })].map(
    ({ key, value }): Key => ({ id: String(key[0]).slice(1), secret: Buffer.from(value, "base64") }),
  );
  return runtimeOver({ journal, blobs, keys: [newest, ...older] });
}

/** The same of any store. */
export function runtimeOver({ journal, blobs, keys }: Readable): Runtime {
  const [clock, ids] = [systemClock(), randomIds()];
  const queue = memoryQueue({ clock, ids });
  return createRuntime({
    journal: { ...memoryJournal(), ...journal },
    blobs: { ...memoryBlobs(), get: (hash) => blobs.get(hash) },
    queue,
    timers: memoryTimers({ clock, queue }),
    functions: scriptedFunctions({ clock, functions: {} }),
    destinations: recordingDestinations(),
    clock,
    ids,
    keys: systemKeys(...keys),
  });
}
