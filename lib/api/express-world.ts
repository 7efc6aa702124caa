/** The world of one Express run: empty, in memory, gone with it (architecture §3). */
import { memoryJournal } from "../memory/journal.ts";
import { memoryQueue } from "../memory/queue.ts";
import { memoryTimers } from "../memory/timers.ts";
import type { Runtime } from "../runtime/index.ts";
import type { Journal } from "../runtime/ports/journal.ts";
import type { Queue } from "../runtime/ports/queue.ts";
import type { Timers } from "../runtime/ports/timers.ts";

/** On the runtime's clock. */
export function expressWorld({ ports: { clock, ids } }: Runtime): { journal: Journal; queue: Queue; timers: Timers } {
  const queue = memoryQueue({ clock, ids });
  return { journal: memoryJournal(), queue, timers: memoryTimers({ clock, queue }) };
}
