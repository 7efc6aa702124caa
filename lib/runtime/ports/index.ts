/** All that the runtime knows of the world. Each port has one contract test suite that every adapter passes (test/contracts). */
import type { Blobs } from "./blobs.ts";
import type { Clock, Ids, Keys } from "./clock.ts";
import type { Destinations } from "./destinations.ts";
import type { Functions } from "./functions.ts";
import type { Journal } from "./journal.ts";
import type { Queue } from "./queue.ts";
import type { Timers } from "./timers.ts";

export interface Ports {
  readonly journal: Journal;
  readonly queue: Queue;
  readonly timers: Timers;
  readonly functions: Functions;
  readonly destinations: Destinations;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly keys: Keys;
}
