/** Flows that are deployed once and shared by many worlds: a simulation makes thousands of worlds, and none of them changes a flow. */
import type { Flow } from "../fdl/definition.ts";
import { countingIds } from "../memory/ids.ts";
import { memoryJournal } from "../memory/journal.ts";
import type { Definitions } from "../runtime/definitions.ts";
import { parseDefinition } from "../runtime/index.ts";
import type { Journal } from "../runtime/ports/journal.ts";

export interface Deployment {
  /** The definitions by name. */
  readonly flows: Readonly<Record<string, Flow>>;
  /** A new journal, empty but for the flows. */
  journal(): Journal;
  /** Definitions as one process sees them: it reads each through its own journal once; only the parsing is done for all. */
  definitions(journal: Journal): Definitions;
}

/** Deploys flows, given by name and text, at `now` (ms). Throws StepwellError `InvalidArgument` for a definition with errors. */
export async function deployment(flows: { readonly [name: string]: string }, now: number): Promise<Deployment> {
  const base = memoryJournal();
  const ids = countingIds("flow");
  const parsed = new Map<string, Flow>();
  const byName: Record<string, Flow> = {};
  for (const [name, definition] of Object.entries(flows)) {
    const flow = parseDefinition(definition);
    parsed.set(definition, flow);
    byName[name] = flow;
    const item = { flowId: ids.next(), name, revision: 1, mode: "Standard", createdAt: now, updatedAt: now } as const;
    await base.createFlow(item, definition);
  }
  const { createFlow, readFlow, updateFlow, deleteFlow, readRevision, listFlows } = base;

  function parse(text: string): Flow {
    const flow = parsed.get(text) ?? parseDefinition(text);
    parsed.set(text, flow);
    return flow;
  }

  return {
    flows: byName,
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
