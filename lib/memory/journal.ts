/**
 * The journal port in memory: as durable as the process. It serves `stepwell run`, Express runs and the simulation.
 *
 * Whatever is written is kept as it came and handed out as it is: items are immutable values, so nothing is copied, and a
 * change puts a new value in the old one's place. Each method does all its work before it first yields, which makes every
 * conditional write atomic.
 */
import type { Journal, Probe } from "../runtime/ports/journal.ts";
import { memoryEntries } from "./journal/entries.ts";
import { memoryExecutions } from "./journal/executions.ts";
import { memoryFlows } from "./journal/flows.ts";
import { memoryJoins } from "./journal/joins.ts";
import { memoryVerdicts } from "./journal/verdicts.ts";

/** An empty journal. */
export function memoryJournal(): Journal {
  let probe: Probe | undefined;
  return {
    ...memoryEntries(),
    ...memoryVerdicts(),
    ...memoryJoins(),
    ...memoryExecutions(),
    ...memoryFlows(),
    async putProbe(next) {
      probe = next;
    },
    async readProbe() {
      return probe;
    },
  };
}
