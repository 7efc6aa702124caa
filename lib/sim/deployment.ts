/** Flows that are deployed once and shared by many worlds: a simulation makes thousands of worlds, and none of them changes a flow. */
import type { Flow } from "../fdl/definition.ts";
import { memoryBlobs } from "../memory/blobs.ts";
import { recordingDestinations } from "../memory/destinations.ts";
import { countingIds } from "../memory/ids.ts";
import { memoryJournal } from "../memory/journal.ts";
import { systemKeys } from "../memory/keys.ts";
import { memoryQueue } from "../memory/queue.ts";
import { scriptedFunctions } from "../memory/scripted.ts";
import { memoryTimers } from "../memory/timers.ts";
import type { Definitions } from "../runtime/definitions.ts";
import { deployFlow, parseDefinition } from "../runtime/index.ts";
import type { Ports } from "../runtime/ports/index.ts";
import type { Journal } from "../runtime/ports/journal.ts";
import { virtualClock } from "./clock.ts";

export interface Deployment {
  /** A new journal, empty but for the flows. */
  journal(): Journal;
  /** Definitions as one process sees them: it reads each through its own journal once; only the parsing is done for all. */
  definitions(journal: Journal): Definitions;
}

/** Deploys flows, given by name and text, at `now` (ms). */
export async function deployment(flows: { readonly [name: string]: string }, now: number): Promise<Deployment> {
  const base = memoryJournal();
  const ports = quietPorts(base, now);
  const parsed = new Map<string, Flow>();
  for (const [name, definition] of Object.entries(flows)) {
    await deployFlow(ports, { name, definition });
    parsed.set(definition, parseDefinition(definition));
  }
  const { createFlow, readFlow, updateFlow, deleteFlow, readRevision, listFlows } = base;

  function parse(text: string): Flow {
    const flow = parsed.get(text) ?? parseDefinition(text);
    parsed.set(text, flow);
    return flow;
  }

  return {
    journal: () => ({ ...memoryJournal(), createFlow, readFlow, updateFlow, deleteFlow, readRevision, listFlows }),
    definitions(journal) {
      const known = new Map<string, Flow>();
      return {
        load: (flowId, revision) => known.get(`${flowId}#${revision}`) ?? read(flowId, revision),
        text,
      };
      async function text(flowId: string, revision: number): Promise<string> {
        const text = await journal.readRevision(flowId, revision);
        if (text === undefined) throw new Error(`revision ${revision} of ${flowId} was not deployed`);
        return text;
      }
      async function read(flowId: string, revision: number): Promise<Flow> {
        const flow = parse(await text(flowId, revision));
        known.set(`${flowId}#${revision}`, flow);
        return flow;
      }
    },
  };
}

/** Ports of a world in which nothing runs. */
function quietPorts(journal: Journal, now: number): Ports {
  const clock = virtualClock(now);
  const ids = countingIds("flow");
  const queue = memoryQueue({ clock, ids });
  return {
    journal,
    queue,
    timers: memoryTimers({ clock, queue }),
    functions: scriptedFunctions({ clock, functions: {} }),
    destinations: recordingDestinations(),
    blobs: memoryBlobs(),
    clock,
    ids,
    keys: systemKeys({ id: "none", secret: "none" }),
  };
}
