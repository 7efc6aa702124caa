/** Flows that are deployed once and shared by many worlds: a simulation makes thousands of worlds, and none of them changes a flow. */
import type { Flow } from "../fdl/definition.ts";
import { countingIds } from "../memory/ids.ts";
import { memoryJournal } from "../memory/journal.ts";
import type { Definitions } from "../runtime/definitions.ts";
import { deployFlow, parseDefinition } from "../runtime/index.ts";
import type { Ports } from "../runtime/ports/index.ts";
import type { Journal } from "../runtime/ports/journal.ts";

export interface Deployment {
  /** A new journal, empty but for the flows. */
  journal(): Journal;
  /** Definitions as one process sees them: it reads each through its own journal once; only the parsing is done for all. */
  definitions(journal: Journal): Definitions;
}

/** Deploys flows, given by name and text, through the ports of some world. */
export async function deployment(ports: Ports, flows: { readonly [name: string]: string }): Promise<Deployment> {
  const base = memoryJournal();
  const ids = countingIds("flow");
  const parsed = new Map<string, Flow>();
  for (const [name, definition] of Object.entries(flows)) {
    await deployFlow({ ...ports, journal: base, ids }, { name, definition });
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
      };
      async function read(flowId: string, revision: number): Promise<Flow> {
        const text = await journal.readRevision(flowId, revision);
        if (text === undefined) throw new Error(`revision ${revision} of ${flowId} was not deployed`);
        const flow = parse(text);
        known.set(`${flowId}#${revision}`, flow);
        return flow;
      }
    },
  };
}
